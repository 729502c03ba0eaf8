using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.Routing;

/// <summary>
/// The requests that this process is answering, by id, so that one can be canceled from outside. Clients that hand on
/// the id of what they work for send it several times: then it stands for all of them. Any thread.
/// </summary>
internal sealed class RunningRequests(int countMax = RunningRequests.CountMax)
{
    /// <summary>Most requests at a time; far more than there are connections.</summary>
    private const int CountMax = 65_536;

    private readonly Lock _turn = new();
    private readonly Dictionary<string, List<RunningRequest>> _running = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Notes a request until it is disposed.</summary>
    /// <param name="id">What it is called.</param>
    /// <param name="clientLeft">Ends when the client does.</param>
    /// <exception cref="ModelException">Too many are running.</exception>
    public RunningRequest Enter(string id, CancellationToken clientLeft)
    {
        lock (_turn)
        {
            if (_count >= countMax)
            {
                throw new ModelException(ModelErrorCode.QueueFull);
            }

            _count++;
            var request = new RunningRequest(id, Leave, clientLeft);
            if (!_running.TryGetValue(id, out var same))
            {
                _running[id] = same = [];
            }

            same.Add(request);
            return request;
        }
    }

    /// <summary>Cancels what runs under an id and returns how many those were.</summary>
    /// <param name="id">The id.</param>
    /// <param name="asking">The request that asks for it, which goes on.</param>
    public async Task<int> CancelAsync(string id, RunningRequest? asking)
    {
        RunningRequest[] found;
        lock (_turn)
        {
            found = _running.TryGetValue(id, out var same) ? [.. same.Where(request => request != asking)] : [];
        }

        foreach (var request in found)
        {
            await request.CancelAsync();
        }

        return found.Length;
    }

    private void Leave(RunningRequest request)
    {
        lock (_turn)
        {
            if (_running.TryGetValue(request.Id, out var same) && same.Remove(request))
            {
                _count--;
                if (same.Count == 0)
                {
                    _running.Remove(request.Id);
                }
            }
        }
    }
}
