namespace Ollama.Platform.Inference.Runner;

/// <summary>First byte of a frame after the version. The numbers cross processes and stay as they are.</summary>
internal enum RunnerFrameKind : byte
{
    /// <summary>A <see cref="SubmitFrame"/>.</summary>
    Submit = 1,

    /// <summary>A <see cref="CancelFrame"/>.</summary>
    Cancel = 2,

    /// <summary>A <see cref="CreditFrame"/>.</summary>
    Credit = 3,

    /// <summary>An <see cref="EmbedFrame"/>.</summary>
    Embed = 4,

    /// <summary>A <see cref="TokenizeFrame"/>.</summary>
    Tokenize = 5,

    /// <summary>A <see cref="DetokenizeFrame"/>.</summary>
    Detokenize = 6,

    /// <summary>An <see cref="UnloadFrame"/>.</summary>
    Unload = 7,

    /// <summary>A <see cref="ChunkFrame"/>.</summary>
    Chunk = 8,

    /// <summary>A <see cref="VectorsFrame"/>.</summary>
    Vectors = 9,

    /// <summary>A <see cref="TokensFrame"/>.</summary>
    Tokens = 10,

    /// <summary>A <see cref="TextFrame"/>.</summary>
    Text = 11,

    /// <summary>A <see cref="RefusedFrame"/>.</summary>
    Refused = 12,

    /// <summary>An <see cref="EndedFrame"/>.</summary>
    Ended = 13,

    /// <summary>A <see cref="LoadFrame"/>.</summary>
    Load = 14,

    /// <summary>A <see cref="LoadedFrame"/>.</summary>
    Loaded = 15,

    /// <summary>A <see cref="HelloFrame"/>.</summary>
    Hello = 16,

    /// <summary>A <see cref="ProgressFrame"/>.</summary>
    Progress = 17,

    /// <summary>A <see cref="LogFrame"/>.</summary>
    Log = 18,

    /// <summary>A <see cref="PingFrame"/>.</summary>
    Ping = 19,

    /// <summary>A <see cref="PongFrame"/>.</summary>
    Pong = 20,

    /// <summary>An <see cref="AdaptersFrame"/>.</summary>
    Adapters = 21,

    /// <summary>An <see cref="AdaptersDoneFrame"/>.</summary>
    AdaptersDone = 22,
}
