namespace Ollama.Platform.Api.Routing;

/// <summary>What the kinds of routes have in common.</summary>
internal static class RouteKinds
{
    /// <summary>The route has a model compute something.</summary>
    public static bool RunsModel(this RouteKind route) => route is not (RouteKind.Plain or RouteKind.Show
        or RouteKind.Create or RouteKind.Copy or RouteKind.Delete or RouteKind.Pull or RouteKind.Push);
}
