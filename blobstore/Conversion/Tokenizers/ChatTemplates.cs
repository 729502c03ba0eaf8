using System.Text.Json;

namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>Finds a model's chat template, which is kept in a file of its own or in one of two JSON files.</summary>
internal static class ChatTemplates
{
    /// <summary>The template's text; null when the model has none.</summary>
    public static string? Find(ModelFolder folder) => folder.ReadText("chat_template.jinja")
        ?? folder.ReadJson("chat_template.json").Field("chat_template").AsText()
        ?? Choose(folder.ReadJson("tokenizer_config.json").Field("chat_template"));

    // Some models have several templates, each with a name.
    private static string? Choose(JsonElement? template)
    {
        var named = template.Items()
            .Select(item => (Name: item.Field("name").AsText(), Text: item.Field("template").AsText()))
            .Where(item => item.Text is not null)
            .ToList();
        return template.AsText() ?? named.Find(item => item.Name == "default").Text ?? named.FirstOrDefault().Text;
    }
}
