using System.Text;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Grpc;

/// <summary>What calls answer, as the transcripts have it.</summary>
public sealed class GrpcTranscriptTests
{
    private const string Prefix = "Wire/Grpc/";

    public static TheoryData<string> Names =>
        [.. typeof(GrpcTranscriptTests).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..])];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_call_answers_what_the_transcript_says(string name)
    {
        var exchanges = Exchange.ParseAll(Read(name));
        Assert.NotEmpty(exchanges);
        await using var server = await ApiServer.StartAsync();
        var expected = new StringBuilder();
        var actual = new StringBuilder();
        foreach (var exchange in exchanges)
        {
            Scripts.Set(server.Models, exchange.Script);
            expected.Append(exchange.Render(exchange.Answer));
            actual.Append(exchange.Render(
                await GrpcPlayer.PlayAsync(server, exchange, TestContext.Current.CancellationToken)));
        }

        Assert.Equal(expected.ToString(), actual.ToString());
    }

    private static string Read(string name)
    {
        using var stream = typeof(GrpcTranscriptTests).Assembly.GetManifestResourceStream(Prefix + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
