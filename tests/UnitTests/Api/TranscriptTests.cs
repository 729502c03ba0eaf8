using System.Text;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.Platform.UnitTests.Architecture;

namespace Ollama.Platform.UnitTests.Api;

public sealed class TranscriptTests
{
    private const string Prefix = "Wire/";

    public static TheoryData<string> Names => [.. AllNames];

    internal static IEnumerable<string> AllNames =>
        typeof(TranscriptTests).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))

            // Those are no lines of HTTP and are read elsewhere.
            .Where(name => !name.StartsWith(Prefix + "Grpc/", StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..]);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_wire_says_what_the_transcript_says(string name)
    {
        var exchanges = Exchange.ParseAll(Read(name));
        Assert.NotEmpty(exchanges);
        await using var server = await ApiServer.StartAsync(options =>
            (options.Olla, options.EndpointName) = (name.StartsWith("Olla/", StringComparison.Ordinal), "silo-1"));
        var expected = new StringBuilder();
        var actual = new StringBuilder();
        foreach (var exchange in exchanges)
        {
            Scripts.Set(server.Models, exchange.Script);
            expected.Append(exchange.Render(exchange.Answer));
            actual.Append(exchange.Render(
                await Recorder.PlayAsync(server, exchange, TestContext.Current.CancellationToken)));
        }

        if (expected.ToString() != actual.ToString())
        {
            // After a wanted change, copy this text over the transcript.
            var received = Path.Combine(SourceTree.Root, "artifacts", "received", name);
            Directory.CreateDirectory(Path.GetDirectoryName(received)!);
            await File.WriteAllTextAsync(received, actual.ToString(), TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected.ToString(), actual.ToString());
    }

    internal static string Read(string name)
    {
        using var stream = typeof(TranscriptTests).Assembly.GetManifestResourceStream(Prefix + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
