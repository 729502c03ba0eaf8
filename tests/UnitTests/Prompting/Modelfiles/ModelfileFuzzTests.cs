using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.UnitTests.Prompting.Modelfiles;

public sealed class ModelfileFuzzTests
{
    private static readonly string[] Pieces =
    [
        "FROM ", "from\t", "PARAMETER ", "MESSAGE user ", "SYSTEM ", "TEMPLATE ", "LICENSE ", "ADAPTER ", "REQUIRES ",
        "\"", "\"\"\"", "\n", "\r\n", " ", "\t", "#", "model", "stop", "temperature 1", "é", "\u200b", "\0", "x y",
        "{{ .Prompt }}", "assistant ",
    ];

    [Fact]
    public void Any_text_is_a_Modelfile_or_is_refused_and_what_was_read_is_written_and_read_again()
    {
        var read = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = "FROM a\n" + string.Concat(
                Enumerable.Range(0, random.Next(14)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            IReadOnlyList<ModelfileCommand> commands;
            try
            {
                commands = ModelfileParser.Parse(text);
            }
            catch (ModelfileException)
            {
                continue;
            }

            read++;
            _ = Parameters(commands);

            // The one thing that the grammar cannot write: three quotes at the end of an inner line.
            if (!commands.Any(command => command.Value.Contains("\"\"\"", StringComparison.Ordinal)))
            {
                Assert.True(
                    commands.SequenceEqual(ModelfileParser.Parse(ModelfileWriter.Write(commands))), $"seed {seed}");
            }
        }

        Assert.True(read > 1000, $"Only {read} texts were Modelfiles.");
    }

    [Fact]
    public void A_long_text_takes_time_in_proportion()
    {
        var quotes = "FROM a\nSYSTEM \"\"\"" + string.Concat(Enumerable.Repeat("\"\"\" x\n", 200_000));
        Assert.Throws<ModelfileException>(() => ModelfileParser.Parse(quotes));
        var lines = "FROM a\n" + string.Concat(Enumerable.Repeat("PARAMETER stop x\n", 20_000));
        Assert.Equal(20_001, ModelfileParser.Parse(lines).Count);
        Assert.Single(Parameters(ModelfileParser.Parse(lines))!);
    }

    private static IReadOnlyDictionary<string, System.Text.Json.JsonElement>? Parameters(
        IReadOnlyList<ModelfileCommand> commands)
    {
        try
        {
            return ModelfileParameters.Read(commands);
        }
        catch (ModelfileException)
        {
            return null;
        }
    }
}
