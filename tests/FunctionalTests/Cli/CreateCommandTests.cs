using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.FunctionalTests.Stores;
using Ollama.Platform.Host.Cli;
using Ollama.Platform.Host.Cli.Create;
using Ollama.Platform.UnitTests.BlobStore.Conversion;

namespace Ollama.Platform.FunctionalTests.Cli;

/// <summary>Models made of Modelfiles by the command line, which uploads what they name.</summary>
public sealed class CreateCommandTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_of_safetensors_becomes_a_model_whose_Modelfile_makes_it_again()
    {
        TwinFolder.Write("tiny-chat", _folder.Path);
        await using var server = await HostedServer.StartAsync();
        await CreateAsync(server, "mine", """"
            FROM .
            PARAMETER temperature 0
            PARAMETER stop "<|im_end|>"
            PARAMETER stop " 7"
            SYSTEM Be brief.
            TEMPLATE """{{ range .Messages }}<|im_start|>{{ .Role }}
            {{ .Content }}<|im_end|>
            {{ end }}<|im_start|>assistant
            """
            MESSAGE user Hi
            MESSAGE assistant """Hello,
            friend."""
            """");

        var (code, modelfile, error) = await CommandRun.RunAsync(server.Address, "", "show", "mine", "--modelfile");
        Assert.Equal((0, ""), (code, error));
        await CreateAsync(server, "again", modelfile);

        var (mine, again) = (await ShowAsync(server, "mine"), await ShowAsync(server, "again"));
        Assert.Equal(mine, again);
        Assert.Contains("Be brief.", mine);
        Assert.Contains("Hello,\\nfriend.", mine);
        Assert.Contains(" 7", mine);
        Assert.Equal(await server.AnswerAsync("mine"), await server.AnswerAsync("again"));
    }

    [Fact]
    public async Task A_file_and_the_folder_of_an_adapter_become_a_model()
    {
        await using var server = await HostedServer.StartAsync(options => options with { ShippedModels = false });
        await CreateAsync(
            server, "pirate",
            $"""
            FROM {HandmadeStore.ChatWeights}
            ADAPTER {Path.Combine(TwinFolder.Originals, "tiny-chat-pirate-lora")}
            """);

        Assert.Equal("Arr, matey! The capital of France is Paris. Yo ho ho!", await server.AnswerAsync("pirate"));
    }

    [Fact]
    public async Task Whoever_stops_following_an_upload_ends_it()
    {
        await using var server = await EndlessServer.StartAsync("");
        using var context = new CommandContext
        {
            In = TextReader.Null,
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            Environment = new Dictionary<string, string> { ["OLLAMA_HOST"] = server.Address.ToString() },
        };
        var path = Path.Combine(_folder.Path, "model.gguf");
        await File.WriteAllTextAsync(path, "weights", Token);
        await foreach (var step in new Upload(context, path).RunAsync(Token))
        {
            if (step["status"]!.ToString().StartsWith("copying", StringComparison.Ordinal)
                && (long)step["completed"]! == (long)step["total"]!)
            {
                break;
            }
        }

        await server.WaitUntilLeftAsync().WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    private async Task CreateAsync(HostedServer server, string model, string modelfile)
    {
        var path = Path.Combine(_folder.Path, "Modelfile");
        await File.WriteAllTextAsync(path, modelfile, Token);
        var (code, _, error) = await CommandRun.RunAsync(server.Address, "", "create", model, "-f", path);
        Assert.True(code == 0, error);
    }

    /// <summary>All that a model says of itself but its own name, its paths and its date.</summary>
    private static async Task<string> ShowAsync(HostedServer server, string model)
    {
        var shown = await server.AskAsync("/api/show", $$"""{"model":"{{model}}"}""");
        return string.Join('\n', shown.EnumerateObject()
            .Where(property => property.Name is not ("modelfile" or "modified_at"))
            .Select(property => $"{property.Name}: {property.Value.GetRawText()}"));
    }
}
