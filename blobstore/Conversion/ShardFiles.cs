using System.Text.Json;
using Ollama.Platform.BlobStore.Safetensors;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>The safetensors files of a model, one or many, checked against their index when there is one.</summary>
internal static class ShardFiles
{
    private const string IndexName = "model.safetensors.index.json";

    /// <summary>Reads the headers of all files.</summary>
    /// <exception cref="ConversionException">A file is missing or damaged.</exception>
    public static IReadOnlyList<SafetensorsFile> Read(ModelFolder folder)
    {
        var names = folder.TensorFileNames;
        if (names.Count == 0)
        {
            throw new ConversionException("There is no safetensors file among the files.");
        }

        var files = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        foreach (var name in Choose(names))
        {
            try
            {
                files[name] = SafetensorsFile.Read(folder.PathOf(name));
            }
            catch (SafetensorsException failure)
            {
                throw new ConversionException($"The file '{name}' cannot be used: {failure.Message}", failure);
            }
        }

        CheckIndex(folder, files);
        return [.. files.Values];
    }

    // A directory may hold the same weights a second time in the layout of their vendor.
    private static IEnumerable<string> Choose(IReadOnlyList<string> names)
    {
        var usual = names.Where(name => name.StartsWith("model", StringComparison.Ordinal) && !name.Contains('/'))
            .ToList();
        return usual.Count > 0 ? usual : names;
    }

    private static void CheckIndex(ModelFolder folder, Dictionary<string, SafetensorsFile> files)
    {
        if (folder.ReadJson(IndexName) is not { } index)
        {
            return;
        }

        var tensors = files.ToDictionary(
            file => file.Key,
            file => file.Value.Tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
        foreach (var entry in index.Field("weight_map").Fields())
        {
            var name = ((JsonElement?)entry.Value).AsText() ?? "";
            if (!tensors.TryGetValue(name, out var names))
            {
                throw new ConversionException($"The file '{name}', which the index names, is missing.");
            }

            if (!names.Contains(entry.Name))
            {
                throw new ConversionException(
                    $"The tensor '{entry.Name}' is not in the file '{name}', where the index has it.");
            }
        }
    }
}
