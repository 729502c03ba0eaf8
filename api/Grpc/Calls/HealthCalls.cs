using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Contracts.Library;
using HealthService = Grpc.Health.V1.Health;
using Status = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>
/// <c>grpc.health.v1.Health</c>: the server as a whole, each service, and each model by the name
/// <c>ollama.v1/model/NAME</c>, which serves while it is loaded.
/// </summary>
internal sealed class HealthCalls(ModelWatch watch, IHostApplicationLifetime host)
    : HealthService.HealthBase
{
    private const string ModelPrefix = "ollama.v1/model/";

    /// <inheritdoc/>
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var seen = IsOfModel(request.Service)
            ? await watch.LookAsync(GrpcCall.Of(context).Aborted)
            : ModelsSeen.Nothing;
        var status = Judge(request.Service, seen);
        return status != Status.ServiceUnknown
            ? new HealthCheckResponse { Status = status }
            : throw new GrpcException(GrpcErrorCode.ServiceUnknown, $"there is no service \"{request.Service}\"");
    }

    /// <inheritdoc/>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        // What is not known may come: a model that is pulled later. The protocol has it watched from now on.
        var aborted = GrpcCall.Of(context).Aborted;
        var looks = IsOfModel(request.Service) ? watch.FollowAsync(aborted) : watch.FollowServerAsync(aborted);
        Status? told = null;
        await foreach (var seen in looks)
        {
            var status = Judge(request.Service, seen);
            if (status != told)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
                told = status;
            }
        }
    }

    private Status Judge(string service, ModelsSeen seen)
    {
        if (!IsOfModel(service))
        {
            return service.Length > 0 && !GrpcServices.Names.Contains(service) ? Status.ServiceUnknown
                : host.ApplicationStopping.IsCancellationRequested ? Status.NotServing
                : Status.Serving;
        }

        return !ModelName.TryParse(service[ModelPrefix.Length..], out var name)
            || !seen.Stored.ContainsKey(name.DisplayName) ? Status.ServiceUnknown
            : seen.Loaded.ContainsKey(name.DisplayName)
                && !host.ApplicationStopping.IsCancellationRequested ? Status.Serving
            : Status.NotServing;
    }

    private static bool IsOfModel(string service) => service.StartsWith(ModelPrefix, StringComparison.Ordinal);
}
