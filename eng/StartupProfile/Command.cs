namespace Ollama.Platform.StartupProfile;

/// <summary>
/// Turns what the just-in-time compiler had to do in some runs of a published program into a profile, with which the
/// next publication compiles it ahead of time. <c>eng/profile.sh</c> makes the runs.
/// </summary>
internal static class Command
{
    private static int Main(string[] arguments)
    {
        if (arguments is not [var folder, var output, .. { Length: > 0 } lists])
        {
            Terminal.Write("StartupProfile FOLDER OUTPUT LIST...");
            Terminal.Write("  FOLDER  the published program");
            Terminal.Write("  OUTPUT  the profile");
            Terminal.Write("  LIST    what a run of the program wrote to DOTNET_JitStdOutFile");
            return 1;
        }

        var writer = new ProfileWriter(AssemblyIndex.Read(folder));
        var methods = lists.SelectMany(File.ReadLines).Select(CompiledMethod.TryRead).OfType<CompiledMethod>()
            .DistinctBy(method => method.Text).OrderBy(method => method.Text, StringComparer.Ordinal);
        var (written, unknown) = (0, 0);
        foreach (var method in methods)
        {
            if (writer.TryAdd(method))
            {
                written++;
            }
            else
            {
                unknown++;
            }
        }

        writer.Write(output);
        Terminal.Write($"{written} methods in {output}; {unknown} others are made while the program runs.");
        return 0;
    }
}
