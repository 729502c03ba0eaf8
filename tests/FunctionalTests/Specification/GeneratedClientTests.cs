using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Specification;

/// <summary>A TypeScript client, generated from the specification: it compiles, and it works.</summary>
[Collection(nameof(SharedServer))]
public sealed class GeneratedClientTests(ServerFixture server)
{
    private const string Rules =
        """
        {
          "compilerOptions": {
            "strict": true, "noUncheckedIndexedAccess": true, "exactOptionalPropertyTypes": true,
            "target": "es2022", "lib": ["es2022", "dom"], "module": "nodenext", "types": []
          },
          "files": ["generated.ts"]
        }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_compiles_under_the_strictest_rules_and_talks_to_the_server()
    {
        // Inside the folder of the packages, where the compiler looks for them.
        var folder = Directory.CreateDirectory(Path.Combine(NodeClient.Modules, $"generated-{Guid.NewGuid():N}"));
        try
        {
            File.WriteAllText(
                Path.Combine(folder.FullName, "openapi.json"),
                await server.Client.GetStringAsync("/openapi.json", Cancel));
            File.WriteAllText(Path.Combine(folder.FullName, "package.json"), """{"type":"module"}""");
            File.WriteAllText(Path.Combine(folder.FullName, "tsconfig.json"), Rules);
            File.Copy(
                Path.Combine(AppContext.BaseDirectory, "Clients", "generated.ts"),
                Path.Combine(folder.FullName, "generated.ts"));
            await NodeClient.RunToolAsync(
                folder.FullName, "openapi-typescript/bin/cli.js", ["openapi.json", "-o", "schema.d.ts"], Cancel);
            await NodeClient.RunToolAsync(folder.FullName, "typescript/bin/tsc", ["--project", "."], Cancel);
            var seen = JsonDocument.Parse(await NodeClient.RunToolAsync(
                folder.FullName,
                Path.Combine(folder.FullName, "generated.js"),
                [server.Address.ToString().TrimEnd('/')],
                Cancel)).RootElement;
            AssertSeen(seen);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AssertSeen(JsonElement seen)
    {
        Assert.Contains("Paris", seen.GetProperty("native").GetString(), StringComparison.Ordinal);
        Assert.Contains("Paris", seen.GetProperty("openai").GetString(), StringComparison.Ordinal);
        Assert.Contains("Paris", seen.GetProperty("anthropic").GetString(), StringComparison.Ordinal);
        Assert.Matches("^(completed|incomplete)$", seen.GetProperty("responses").GetString());
        Assert.Equal("look_up", Assert.Single(seen.GetProperty("echoed").EnumerateArray()).GetString());
        Assert.True(seen.GetProperty("models").GetInt32() >= 2);
        Assert.Equal(8, seen.GetProperty("dimensions").GetInt32());
        Assert.Equal("model 'nope:latest' not found", seen.GetProperty("refusal").GetString());
    }
}
