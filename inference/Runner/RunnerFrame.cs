using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// One message between a runner and its owner. Ids are given by the owner; a frame with an unknown id belongs to work
/// that was given up and is ignored.
/// </summary>
internal abstract record RunnerFrame;

/// <summary>Owner, to a runner in a process of its own: load a model.</summary>
internal sealed record LoadFrame(LoadSpecification Specification) : RunnerFrame;

/// <summary>Runner: what it has loaded.</summary>
internal sealed record LoadedFrame(RunnerDescription Description) : RunnerFrame;

/// <summary>
/// Both, first of all between processes: which build this end is, and how the other end shall work. Ends of different
/// builds part.
/// </summary>
/// <param name="Build">Version of the product.</param>
/// <param name="LibraryPath">Owner: folder of the native libraries; null for the one beside the program.</param>
/// <param name="LogLevel">Owner: the lowest level that is worth a <see cref="LogFrame"/>.</param>
internal sealed record HelloFrame(string Build, string? LibraryPath, LogLevel LogLevel) : RunnerFrame;

/// <summary>Runner: how much of the weights was read, 0–1.</summary>
internal sealed record ProgressFrame(float Fraction) : RunnerFrame;

/// <summary>Runner: a line for the owner's log.</summary>
internal sealed record LogFrame(LogLevel Level, string Text) : RunnerFrame;

/// <summary>Owner: answer, if you live.</summary>
internal sealed record PingFrame : RunnerFrame;

/// <summary>Runner: lives, and has been in its step for so long; zero when in none.</summary>
internal sealed record PongFrame(TimeSpan StepTime) : RunnerFrame;

/// <summary>Owner: run a sequence.</summary>
internal sealed record SubmitFrame(long Id, SequenceRequest Request) : RunnerFrame;

/// <summary>Owner: end a sequence or embedding before the next step.</summary>
internal sealed record CancelFrame(long Id) : RunnerFrame;

/// <summary>Owner: tokens of a sequence were read; as many more may come.</summary>
internal sealed record CreditFrame(long Id, int TokenCount) : RunnerFrame;

/// <summary>Owner: compute a vector for each input.</summary>
internal sealed record EmbedFrame(long Id, long AdapterKey, IReadOnlyList<int[]> Inputs) : RunnerFrame;

/// <summary>Owner: split a text into tokens.</summary>
internal sealed record TokenizeFrame(long Id, string Text, bool SpecialAdded, bool SpecialParsed) : RunnerFrame;

/// <summary>Owner: join tokens to a text.</summary>
internal sealed record DetokenizeFrame(long Id, IReadOnlyList<int> Tokens) : RunnerFrame;

/// <summary>Owner: load LoRA files, for whoever names the key; without files, free what the key names.</summary>
internal sealed record AdaptersFrame(long Id, long Key, IReadOnlyList<string> Paths) : RunnerFrame;

/// <summary>Runner: what the adapters take that were loaded; nothing when they were freed.</summary>
internal sealed record AdaptersDoneFrame(long Id, AdapterBytes Bytes) : RunnerFrame;

/// <summary>Owner: end everything and unload.</summary>
internal sealed record UnloadFrame : RunnerFrame;

/// <summary>Runner: what a sequence produced.</summary>
internal sealed record ChunkFrame(long Id, SequenceChunk Chunk) : RunnerFrame;

/// <summary>Runner: the vectors, in the order of the inputs.</summary>
internal sealed record VectorsFrame(long Id, IReadOnlyList<float[]> Vectors) : RunnerFrame;

/// <summary>Runner: the tokens of a text.</summary>
internal sealed record TokensFrame(long Id, int[] Tokens) : RunnerFrame;

/// <summary>Runner: the text of tokens.</summary>
internal sealed record TextFrame(long Id, string Text) : RunnerFrame;

/// <summary>Runner: what the id asked for will not come, and why.</summary>
internal sealed record RefusedFrame(long Id, Refusal Refusal) : RunnerFrame;

/// <summary>Runner: the last frame. The reason is null after an unload.</summary>
internal sealed record EndedFrame(string? Reason) : RunnerFrame;
