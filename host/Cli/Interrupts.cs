using System.Runtime.InteropServices;

namespace Ollama.Platform.Host.Cli;

/// <summary>
/// Who is told of Ctrl+C: of those that listen the last one, alone. While nobody does, it ends the program as ever.
/// Safe for any thread; signals come on one of their own.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Action> _listeners = [];
    private PosixSignalRegistration? _registration;

    /// <summary>Listens until disposed.</summary>
    /// <param name="listener">Must not block, and is never called once the disposal is over.</param>
    public IDisposable Listen(Action listener)
    {
        lock (_lock)
        {
            // Not before it is needed: the server has handlers of its own.
            _registration ??= PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
            _listeners.Add(listener);
        }

        return new Listening(this, listener);
    }

    /// <inheritdoc/>
    public void Dispose() => _registration?.Dispose();

    private void OnSignal(PosixSignalContext signal)
    {
        lock (_lock)
        {
            if (_listeners.Count > 0)
            {
                signal.Cancel = true;
                _listeners[^1]();
            }
        }
    }

    private sealed class Listening(Interrupts interrupts, Action listener) : IDisposable
    {
        public void Dispose()
        {
            lock (interrupts._lock)
            {
                interrupts._listeners.Remove(listener);
            }
        }
    }
}
