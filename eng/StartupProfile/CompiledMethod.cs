using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ollama.Platform.StartupProfile;

/// <summary>A type as the compiler writes it: its full name, <c>[]</c> for an array, and its arguments.</summary>
/// <param name="Name">Namespace, then the names of enclosing types with <c>+</c> behind each.</param>
/// <param name="Arguments">Those of enclosing types first; of an array its elements.</param>
internal sealed record CompiledType(string Name, IReadOnlyList<CompiledType> Arguments)
{
    /// <summary>What stands for <see cref="Name"/> in an array.</summary>
    public const string Array = "[]";
}

/// <summary>A method that was compiled, as <c>DOTNET_JitDisasmSummary</c> lists it.</summary>
/// <param name="Text">How it is listed: <c>Type:Method[arguments](parameters)</c>.</param>
/// <param name="Type">The type that has it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">What it is made for, when it is generic itself.</param>
/// <param name="ParameterCount">How many parameters it takes.</param>
internal sealed partial record CompiledMethod(
    string Text, CompiledType Type, string Name, IReadOnlyList<CompiledType> Arguments, int ParameterCount)
{
    /// <summary>Reads a line of the list; null when it names no method.</summary>
    public static CompiledMethod? TryRead(string line) =>
        Line().Match(line) is { Success: true } match
            && new Reader(match.Groups["method"].Value).TryRead(out var method)
                ? method
                : null;

    [GeneratedRegex(@"JIT compiled (?<method>.*) \[[^\[]*IL size=")]
    private static partial Regex Line();

    /// <summary>Goes through the text of one method.</summary>
    private sealed class Reader(string text)
    {
        private int _position;

        public bool TryRead([NotNullWhen(true)] out CompiledMethod? method)
        {
            method = null;
            if (!TryReadType(":", out var type) || !TrySkip(':'))
            {
                return false;
            }

            var name = ReadName("[(");
            IReadOnlyList<CompiledType> arguments = [];
            if ((Next == '[' && !TryReadArguments(out arguments)) || !TrySkip('('))
            {
                return false;
            }

            method = new CompiledMethod(text, type, name, arguments, CountParameters());
            return true;
        }

        private char Next => _position < text.Length ? text[_position] : '\0';

        private bool TrySkip(char expected)
        {
            var found = Next == expected;
            _position += found ? 1 : 0;
            return found;
        }

        // Names that the C# compiler makes up, such as <RunAsync>d__7, hold any sign between their angle brackets.
        private string ReadName(string ends)
        {
            var (start, depth) = (_position, 0);
            while (Next is not '\0' and var sign && (depth > 0 || !ends.Contains(sign)))
            {
                depth += sign switch { '<' => 1, '>' => -1, _ => 0 };
                _position++;
            }

            return text[start.._position];
        }

        private bool TryReadType(string ends, [NotNullWhen(true)] out CompiledType? type)
        {
            type = new CompiledType(ReadName(ends + "["), []);
            while (Next == '[')
            {
                if (text.AsSpan(_position).StartsWith(CompiledType.Array))
                {
                    _position += CompiledType.Array.Length;
                    type = new CompiledType(CompiledType.Array, [type]);
                }
                else if (TryReadArguments(out var arguments))
                {
                    type = type with { Arguments = arguments };
                }
                else
                {
                    return false;
                }
            }

            return true;
        }

        private bool TryReadArguments(out IReadOnlyList<CompiledType> arguments)
        {
            var read = new List<CompiledType>();
            arguments = read;
            _position++;
            do
            {
                if (!TryReadType(",]", out var argument))
                {
                    return false;
                }

                read.Add(argument);
            }
            while (TrySkip(','));
            return TrySkip(']');
        }

        // Behind the opening bracket, to the one that closes it.
        private int CountParameters()
        {
            var (count, depth, start) = (0, 0, _position);
            for (; Next is not '\0' and var sign && (depth > 0 || sign != ')'); _position++)
            {
                depth += sign switch { '[' or '(' or '<' => 1, ']' or ')' or '>' => -1, _ => 0 };
                count += sign == ',' && depth == 0 ? 1 : 0;
            }

            return _position == start ? 0 : count + 1;
        }
    }
}
