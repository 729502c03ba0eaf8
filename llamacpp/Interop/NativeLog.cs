using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// Receives what the native library logs, on whatever thread it does, and hands whole lines to the logger. Keeps the
/// last error of each thread, so that a failed load can say why.
/// </summary>
internal static unsafe partial class NativeLog
{
    private const int LevelDebug = 1;
    private const int LevelWarning = 3;
    private const int LevelError = 4;
    private const int LevelContinued = 5;
    private const int LineCharactersMax = 4096;

    [ThreadStatic]
    private static StringBuilder? _line;

    [ThreadStatic]
    private static int _level;

    [ThreadStatic]
    private static string? _lastError;

    private static ILogger? _logger;

    /// <summary>Hears every line that is logged on this thread.</summary>
    [field: ThreadStatic]
    public static Action<string>? Listener { get; set; }

    /// <summary>Sends the native log to a logger; process-wide.</summary>
    public static void Redirect(ILogger logger)
    {
        _logger = logger;
        NativeMethods.llama_log_set(&OnLine, null);
    }

    /// <summary>The last error line on this thread since the last call; null when there was none.</summary>
    public static string? TakeLastError()
    {
        var error = _lastError;
        _lastError = null;
        return error;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLine(int level, byte* text, void* userData)
    {
        // A line may arrive in pieces: a piece of level 5 continues the one before, a line feed ends it.
        var line = _line ??= new StringBuilder();
        _level = level == LevelContinued ? _level : level;
        if (line.Length < LineCharactersMax)
        {
            line.Append(Marshal.PtrToStringUTF8((nint)text));
        }

        if (line.Length == 0 || line[^1] != '\n')
        {
            return;
        }

        var message = line.ToString().TrimEnd();
        line.Clear();
        if (message.Length == 0 || _logger is not { } logger)
        {
            return;
        }

        Listener?.Invoke(message);
        _lastError = _level == LevelError ? message : _lastError;
        Write(logger, message);
    }

    private static void Write(ILogger logger, string message)
    {
        switch (_level)
        {
            case LevelError:
                Log.Error(logger, message);
                break;
            case LevelWarning:
                Log.Warning(logger, message);
                break;
            case LevelDebug:
                Log.Trace(logger, message);
                break;
            default:
                Log.Debug(logger, message);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "llama.cpp: {Message}")]
        public static partial void Error(ILogger logger, string message);

        // What is a warning to the library (a token without a type, say) is a detail to an operator.
        [LoggerMessage(LogLevel.Debug, "llama.cpp warns: {Message}")]
        public static partial void Warning(ILogger logger, string message);

        [LoggerMessage(LogLevel.Debug, "llama.cpp: {Message}")]
        public static partial void Debug(ILogger logger, string message);

        [LoggerMessage(LogLevel.Trace, "llama.cpp: {Message}")]
        public static partial void Trace(ILogger logger, string message);
    }
}
