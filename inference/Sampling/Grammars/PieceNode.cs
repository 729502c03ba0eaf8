using System.Runtime.InteropServices;

namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>A byte of a <see cref="PieceTrie"/>, with everything that a walk reads at it; 16 bytes.</summary>
/// <param name="End">The first node after this one that is not below it.</param>
/// <param name="FirstToken">Place of the first token at or below it.</param>
/// <param name="TokenCount">Tokens that end here.</param>
/// <param name="Depth">Bytes from the root; 1 at least.</param>
/// <param name="Value">The byte that leads here.</param>
/// <param name="IsPlain">Whether only plain text is below: see <see cref="PieceTrie.PlainText"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PieceNode(
    int End, int FirstToken, ushort TokenCount, ushort Depth, byte Value, bool IsPlain);
