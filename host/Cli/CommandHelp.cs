using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ollama.Platform.Host.Cli;

/// <summary>Puts examples under the help of a command.</summary>
internal static class CommandHelp
{
    /// <summary>Adds examples.</summary>
    /// <param name="command">The command, which is returned.</param>
    /// <param name="examples">Command lines without the name of the program.</param>
    public static Command AddExamples(Command command, params string[] examples)
    {
        var help = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (help is null)
        {
            help = new HelpOption();
            command.Options.Add(help);
        }

        help.Action = new Examples((HelpAction)help.Action!, examples);
        return command;
    }

    /// <summary>Prints the version of the product.</summary>
    internal sealed class Version : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"ollama-platform {ServerHost.Version}");
            return ExitCode.Success;
        }
    }

    private sealed class Examples(HelpAction help, string[] examples) : SynchronousCommandLineAction
    {
        // Who asks for help need not know the arguments yet.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  ollama-platform {example}");
            }

            return code;
        }
    }
}
