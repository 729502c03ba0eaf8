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
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>The real host in this process on a free port, with what a test needs to see and to hold.</summary>
internal sealed class HostedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryDirectory _directory;
    private readonly AnswerWatch _answers;

    private HostedServer(WebApplication app, TemporaryDirectory directory, AnswerWatch answers)
    {
        (_app, _directory, _answers) = (app, directory, answers);
        Addresses = [.. app.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

        // A response that is left is not read to its end: leaving closes the connection at once.
        var handler = new SocketsHttpHandler { MaxResponseDrainSize = 0, ResponseDrainTimeout = TimeSpan.Zero };
        Client = new HttpClient(handler) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The first of them.</summary>
    public Uri Address => Addresses[0];

    /// <summary>Where gRPC is served, if the settings have it.</summary>
    public Uri GrpcAddress => Addresses[^1];

    public HttpClient Client { get; }

    /// <summary>The folder of the models.</summary>
    public string Store => _directory.Path;

    public SchedulerLog Scheduler { get; private init; } = null!;

    public LoadGate Loads { get; private init; } = null!;

    public RequestLog Requests { get; private init; } = null!;

    public EventLog Events { get; private init; } = null!;

    /// <summary>Its parts.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a host.</summary>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="store">Prepares the store before the start.</param>
    /// <param name="time">The clock; null for the real one.</param>
    /// <param name="services">Replaces or configures parts.</param>
    public static async Task<HostedServer> StartAsync(
        Func<ServerOptions, ServerOptions>? configure = null, Action<HandmadeStore>? store = null,
        TimeProvider? time = null, Action<IServiceCollection>? services = null)
    {
        var directory = new TemporaryDirectory();
        store?.Invoke(new HandmadeStore(directory.Path));
        var options = new ServerOptions
        {
            Listen = new ListenAddress("127.0.0.1", 0),
            ModelsDirectory = directory.Path,
            GracePeriod = TimeSpan.Zero,
        };
        var (scheduler, requests, events) = (new SchedulerLog(), new RequestLog(), new EventLog());
        var answers = new AnswerWatch();
        LoadGate? loads = null;
        var app = ServerHost.Build(configure?.Invoke(options) ?? options, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(events);
            builder.Services.AddSingleton<IStartupFilter>(answers);
            builder.Services.AddSingleton<IStartupFilter>(requests);
            builder.Services.AddSingleton<ISchedulerObserver>(scheduler);
            var real = builder.Services.Last(service => service.ServiceType == typeof(IEngineLoader));
            builder.Services.AddSingleton<IEngineLoader>(provider =>
                loads = new LoadGate((IEngineLoader)real.ImplementationFactory!(provider)));
            if (time is not null)
            {
                builder.Services.AddSingleton(time);
            }

            services?.Invoke(builder.Services);
        });
        await app.StartAsync();
        _ = app.Services.GetRequiredService<IEngineLoader>();
        return new HostedServer(app, directory, answers)
        {
            Scheduler = scheduler,
            Loads = loads!,
            Requests = requests,
            Events = events,
        };
    }

    /// <summary>Posts JSON text and returns status and body.</summary>
    public async Task<(int Status, string Body)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json);
        using var response = await Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, body);
    }

    /// <summary>Posts JSON text and returns the answer as JSON, which must be 200.</summary>
    public async Task<JsonElement> AskAsync(string path, string json)
    {
        var (status, body) = await PostAsync(path, json);
        Assert.True(status == 200, $"{status}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>
    /// Posts and returns once the headers are here; named, so that <see cref="Requests"/> tells of it.
    /// </summary>
    public Task<HttpResponseMessage> OpenAsync(
        string name, string path, string json, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json) };
        request.Headers.Add(RequestLog.Header, name);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>What <c>/api/ps</c> lists.</summary>
    public async Task<IReadOnlyList<JsonElement>> LoadedAsync()
    {
        var list = await Client.GetFromJsonAsync<JsonElement>("/api/ps", TestContext.Current.CancellationToken);
        return [.. list.GetProperty("models").EnumerateArray()];
    }

    /// <summary>The names of the loaded models, in the order of the list.</summary>
    public async Task<IReadOnlyList<string>> LoadedNamesAsync() =>
        [.. (await LoadedAsync()).Select(model => model.GetProperty("name").GetString()!)];

    /// <summary>Ends the server. Whatever it answered must be as its specification says.</summary>
    public async ValueTask DisposeAsync()
    {
        Scheduler.ReleaseAll();
        Loads.ReleaseAll();
        try
        {
            await _answers.JudgeAsync(Client);
        }
        finally
        {
            Client.Dispose();
            await _app.StopAsync();
            await _app.DisposeAsync();
            _directory.Dispose();
        }
    }
}
