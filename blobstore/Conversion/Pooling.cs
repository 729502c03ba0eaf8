using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>How the vectors of a text's tokens become one, as sentence-transformers keeps it.</summary>
internal static class Pooling
{
    private const uint Mean = 1;
    private const uint First = 2;
    private const uint Last = 3;

    /// <summary>Adds the key when the model makes vectors of texts.</summary>
    public static void AddKeys(GgufKeys keys, ArchitectureLayout layout, ModelFolder folder)
    {
        if (Find(folder) is { } pooling)
        {
            keys.Add($"{layout.Name}.pooling_type", pooling);
        }
        else if (layout.IsEncoder)
        {
            // What sentence-transformers does with an encoder that says nothing.
            keys.Add($"{layout.Name}.pooling_type", Mean);
        }
    }

    private static uint? Find(ModelFolder folder)
    {
        var module = folder.ReadJson("modules.json").Items().FirstOrDefault(
            item => item.Field("type").AsText()?.EndsWith("Pooling", StringComparison.Ordinal) == true);
        if (module.Field("path").AsText() is not { } path
            || folder.ReadJson(path.TrimEnd('/') + "/config.json") is not { } config)
        {
            return null;
        }

        return config switch
        {
            _ when config.Field("pooling_mode_mean_tokens").AsBool() == true => Mean,
            _ when config.Field("pooling_mode_cls_token").AsBool() == true => First,
            _ when config.Field("pooling_mode_lasttoken").AsBool() == true => Last,
            _ => config.Field("pooling_mode").AsText() switch
            {
                "mean" => Mean,
                "cls" => First,
                "lasttoken" => Last,
                _ => throw new ConversionException(
                    "The model pools in a way that is not supported; mean, cls and lasttoken are."),
            },
        };
    }
}
