using System.Runtime.CompilerServices;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Silo.Models;

/// <summary>Carries one generation through a loaded runner: render, tokenize, run, read back.</summary>
internal sealed class GenerationRun(PromptTokens prompts)
{
    // The bound on what a client that sets none may get, as Ollama has it: ten times the context.
    private const int CompletionContextsMax = 10;

    /// <summary>Runs; the last chunk has the finish reason.</summary>
    /// <param name="generation">What was asked.</param>
    /// <param name="runner">What runs it.</param>
    /// <param name="adapterKey">The adapters that it is computed with; 0 for none.</param>
    /// <param name="sequenceId">Names it in logs.</param>
    /// <param name="cancellationToken">Frees the slot.</param>
    /// <exception cref="ModelException">A refusal.</exception>
    public async IAsyncEnumerable<GenerationChunk> RunAsync(
        ReplicaGeneration generation, IModelRunner runner, long adapterKey, long sequenceId,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var model = generation.Plan.Model;
        if (generation.CountsOnly)
        {
            var whole = await prompts.MeasureAsync(generation.Request, model, runner, cancellationToken);
            yield return Nothing(whole.Tokens, contextWanted: false);
            yield break;
        }

        var request = generation.Request with { Shift = Shifts(generation.Request, model) };
        var options = ModelOptions.Read(request.Model, request.Options, model);
        var context = runner.Description.ContextTokens;
        var keep = options.KeepTokens < 0 ? context : options.KeepTokens;
        var (prompt, tokens) = await prompts.BuildAsync(request, model, runner, keep, cancellationToken);
        var contextWanted = request is { Kind: GenerationKind.Completion, Raw: false };
        if (options.CompletionTokensMax == 0)
        {
            yield return Nothing(tokens, contextWanted);
            yield break;
        }

        var called = request.ToolChoice is { Required: true };
        var grammar = request.Format is null && string.IsNullOrEmpty(options.Grammar) && !called
            ? null
            : await Task.Run(
                () => FormatGrammar.Compile(request, model.Parameters, prompt.CallMarks), cancellationToken);
        var assembler = new OutputAssembler(
            prompt.Parser, contextWanted ? tokens : null, manyCalls: request.ToolChoice?.ManyCalls ?? true);
        var sequence = ToSequence(request, options, tokens, context, keep, sequenceId) with
        {
            AdapterKey = adapterKey,
            Grammar = grammar,
            GrammarStart = grammar is null ? null : prompt.Preface?.Close,
            GrammarPreface = grammar is null ? null : prompt.Preface?.Open,

            // A call ends where its grammar does; a stop text within its arguments would only cut it.
            StopSequences = called ? [] : options.StopSequences,
        };
        await foreach (var chunk in runner.SubmitAsync(sequence, cancellationToken))
        {
            foreach (var output in assembler.Read(chunk))
            {
                yield return output;
            }
        }
    }

    /// <summary>The positions of this family cannot be moved without damage.</summary>
    private static bool Shifts(GenerationRequest request, ModelDescription model) =>
        request.Shift ?? model.WeightsDescription.Architecture != "deepseek2";

    private static SequenceRequest ToSequence(
        GenerationRequest request, ModelOptions options, int[] tokens, int context, int keep, long sequenceId)
    {
        var completionMax = (int)Math.Min((long)context * CompletionContextsMax, int.MaxValue);
        return new SequenceRequest
        {
            Id = sequenceId,
            PromptTokens = tokens,
            Sampling = options.Sampling with
            {
                RepeatLastTokens = Math.Min(options.Sampling.RepeatLastTokens, context),
            },
            CompletionTokensMax = options.CompletionTokensMax < 0
                ? completionMax
                : Math.Min(options.CompletionTokensMax, completionMax),
            KeepTokens = Math.Min(keep, tokens.Length),
            Shift = request.Shift is true,
            LogProbs = request.LogProbs,
            TopLogProbCount = request.LogProbs ? request.TopLogProbCount : 0,
            DraftTokensMax = options.DraftTokensMax,
            Priority = request.Priority,
            Deadline = request.Deadline,
        };
    }

    /// <summary>What a request for zero tokens gets: the prompt's size and no run.</summary>
    private static GenerationChunk Nothing(int[] tokens, bool contextWanted) => new()
    {
        FinishReason = FinishReason.Length,
        Usage = new GenerationUsage { PromptTokenCount = tokens.Length },
        Context = contextWanted ? tokens : null,
    };
}
