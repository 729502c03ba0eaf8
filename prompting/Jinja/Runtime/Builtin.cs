using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Runtime;

/// <summary>A built-in filter, test, method or function; <paramref name="self"/> is what it is applied to.</summary>
internal delegate JinjaValue Builtin(RenderState state, JinjaValue self, CallArguments arguments);
