using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Library;

/// <summary>
/// The file beside the models that keeps what the list says of them. It can be deleted at any time; what cannot be read
/// or written costs the reading of the models and nothing else. Any process, any thread.
/// </summary>
internal sealed partial class SummaryFile(
    StorePaths paths, IOptions<LocalLibraryOptions> options, ILogger<SummaryFile> logger)
{
    // What tens of thousands of models take.
    private const long BytesMax = 32 * 1024 * 1024;

    // What a summary says follows from these parts of the program.
    private readonly string _reader = string.Join('/', new[]
    {
        typeof(SummaryFile), typeof(TemplateChoice), typeof(StoredManifest), typeof(ModelSummary),
    }.Select(type => type.Module.ModuleVersionId)) + "/" + options.Value.GoTemplates;

    /// <summary>What the last process with the same program and settings has left.</summary>
    public IReadOnlyList<SummaryRecord> Read()
    {
        try
        {
            var file = new FileInfo(paths.Summaries);
            var list = file is { Exists: true, Length: <= BytesMax }
                ? JsonSerializer.Deserialize(File.ReadAllBytes(paths.Summaries), SummaryJson.Default.SummaryList)
                : null;
            return list?.Reader == _reader ? list.Models : [];
        }
        catch (Exception failure) when (
            failure is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            Log.Unreadable(logger, failure.Message);
            return [];
        }
    }

    /// <summary>Leaves it for the next process; false when it could not be written now.</summary>
    public bool Write(IEnumerable<SummaryRecord> models)
    {
        var temporary = paths.Summaries + ".tmp";
        try
        {
            // One name, so that kills leave one file; who comes second while another writes has the same to say, and
            // can say it later. Exclusive either way; where handles lock names, the file must still be renamed.
            using var file = new FileStream(
                temporary, FileMode.Create, FileAccess.Write,
                OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 0);
            JsonSerializer.Serialize(
                file, new SummaryList(_reader, [.. models]), SummaryJson.Default.SummaryList);
            File.Move(temporary, paths.Summaries, overwrite: true);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.Unwritable(logger, failure.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "What the list says of models is read anew: {Reason}")]
        public static partial void Unreadable(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Debug, "What the list says of models is not kept: {Reason}")]
        public static partial void Unwritable(ILogger logger, string reason);
    }
}
