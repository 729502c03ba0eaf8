namespace Ollama.Platform.UnitTests.Architecture;

/// <summary>Fails with the list of what breaks a rule, one a line.</summary>
internal static class Offenders
{
    public static void None(IEnumerable<string> offenders)
    {
        var list = string.Join('\n', offenders);
        Assert.True(list.Length == 0, "These break the rule:\n" + list);
    }
}
