namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>
/// The shipped encoder with a head of random weights: a model that ranks. Its scores mean nothing, but they follow from
/// the same model's vector of the first token.
/// </summary>
internal static class RankingModel
{
    public const float Bias = 0.25f;

    private const int Width = 128;
    private const string PoolingKey = "bert.pooling_type";

    /// <summary>Weights of the head, one for each component of the vector.</summary>
    public static float[] Head { get; } = MakeHead();

    /// <summary>The file of the model that ranks.</summary>
    public static byte[] Ranker { get; } = GgufEdit.WithTensor(
        GgufEdit.WithTensor(Encoder(pooling: 4), "cls.output.weight", [Width, 1], Head),
        "cls.output.bias", [1], [Bias]);

    /// <summary>The file of the model that gives the vector of the first token.</summary>
    public static byte[] FirstToken { get; } = Encoder(pooling: 2);

    private static byte[] Encoder(byte pooling) => GgufEdit.WithBytes(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", "tiny-embed.gguf")),
        PoolingKey, sizeof(int), [pooling, 0, 0, 0]);

    private static float[] MakeHead()
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, Width).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
