using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Host;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>The real host in this process, on a free port and an empty store, with the shipped models.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly AnswerWatch _answers = new();
    private WebApplication? _app;

    /// <summary>Where the server listens, e.g. <c>http://127.0.0.1:40123</c>.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>A client for that address.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>The store's folder.</summary>
    public string ModelsDirectory => _directory.Path;

    /// <summary>The running host's services.</summary>
    public IServiceProvider Services => _app!.Services;

    public async ValueTask InitializeAsync()
    {
        _app = ServerHost.Build(
            new ServerOptions { Listen = new ListenAddress("127.0.0.1", 0), ModelsDirectory = ModelsDirectory },
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Warning);
                builder.Services.AddSingleton<IStartupFilter>(_answers);
            });
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = new Uri(addresses.Single());
        Client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>Ends the server. Whatever it answered in any test must be as its specification says.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _answers.JudgeAsync(Client);
        }
        finally
        {
            Client.Dispose();
            if (_app is not null)
            {
                await _app.StopAsync();
                await _app.DisposeAsync();
            }

            _directory.Dispose();
        }
    }

    /// <summary>Posts JSON text and returns status and body.</summary>
    public async Task<(int Status, string Body)> PostAsync(string path, string json,
        CancellationToken cancellationToken)
    {
        using var content = new StringContent(json);
        using var response = await Client.PostAsync(path, content, cancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Posts an object and returns the answer as JSON, which must be 200.</summary>
    public async Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await Client.PostAsJsonAsync(path, body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}

/// <summary>One server for all tests that leave it as they found it.</summary>
[CollectionDefinition(nameof(SharedServer))]
public sealed class SharedServer : ICollectionFixture<ServerFixture>;
