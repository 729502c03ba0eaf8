// Drives Vercel's AI SDK, over its provider for OpenAI's dialect, through one scenario and prints what it saw as one
// JSON object. Usage: node ai.mjs ADDRESS SCENARIO
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages lie beside the build output, not beside this file.
const require = createRequire(pathToFileURL(path.join(process.env.CLIENT_MODULES, 'index.js')));
const { embedMany, generateObject, generateText, jsonSchema, Output, stepCountIs, streamText, tool } = require('ai');
const { createOpenAICompatible } = require('@ai-sdk/openai-compatible');

const [address, scenario] = process.argv.slice(2);
const provider = createOpenAICompatible({
  name: 'platform', baseURL: `${address}/v1`, includeUsage: true, supportsStructuredOutputs: true,
});
const capital = 'What is the capital of France?';
const common = {
  model: provider('tiny-chat'),
  temperature: 0,
  maxOutputTokens: 64,
  maxRetries: 0,
  providerOptions: { platform: { reasoningEffort: 'none' } },
};

const weather = tool({
  description: 'Get the current weather for a location',
  inputSchema: jsonSchema({
    type: 'object',
    properties: { city: { type: 'string', description: 'The city' } },
    required: ['city'],
  }),
  execute: async () => ({ temperature: 21, condition: 'sunny' }),
});

const scenarios = {
  async chat() {
    const { text, finishReason, usage } = await generateText({ ...common, prompt: capital });
    return { text, finishReason, usage };
  },

  async stream() {
    const result = streamText({ ...common, prompt: capital });
    const texts = [];
    for await (const text of result.textStream) {
      texts.push(text);
    }
    return { text: texts.join(''), chunks: texts.length, usage: await result.usage };
  },

  async tools() {
    const { steps, text } = await generateText({
      ...common, prompt: 'What is the weather in Paris?', tools: { get_weather: weather }, stopWhen: stepCountIs(2),
    });
    const [call] = steps[0].toolCalls;
    return { name: call.toolName, input: call.input, answer: text };
  },

  async toolsStreamed() {
    const result = streamText({
      ...common,
      prompt: 'What is the weather in Paris?',
      tools: { get_weather: { ...weather, execute: undefined } },
    });
    let json = '';
    for await (const part of result.fullStream) {
      json += part.type === 'tool-input-delta' ? part.delta : '';
    }
    const [call] = await result.toolCalls;
    return { name: call.toolName, json, reason: await result.finishReason };
  },

  async forced() {
    const result = streamText({
      ...common,
      prompt: capital,
      tools: { get_weather: { ...weather, execute: undefined } },
      toolChoice: { type: 'tool', toolName: 'get_weather' },
    });
    let deltas = 0;
    for await (const part of result.fullStream) {
      deltas += part.type === 'tool-input-delta' ? 1 : 0;
    }
    const [call] = await result.toolCalls;
    return { name: call.toolName, input: call.input, deltas, reason: await result.finishReason };
  },

  async format() {
    const { object } = await generateObject({
      ...common,
      prompt: capital,
      schema: jsonSchema({
        type: 'object',
        properties: { capital: { type: 'string', maxLength: 20 }, sure: { type: 'boolean' } },
        required: ['capital', 'sure'],
        additionalProperties: false,
      }),
    });
    return object;
  },

  // Every request has tools and a format: the model calls first and answers in the format then.
  async agent() {
    const { steps, output } = await generateText({
      ...common,
      prompt: 'What is the weather in Paris?',
      tools: { get_weather: weather },
      stopWhen: stepCountIs(3),
      output: Output.object({
        schema: jsonSchema({
          type: 'object',
          properties: { weather: { type: 'string', maxLength: 40 } },
          required: ['weather'],
          additionalProperties: false,
        }),
      }),
    });
    return { calls: steps.map((step) => step.toolCalls.length), output };
  },

  async embeddings() {
    const { embeddings, usage } = await embedMany({
      model: provider.textEmbeddingModel('tiny-embed'),
      values: [capital, 'Name the capital of France.'],
      maxRetries: 0,
    });
    return { lengths: embeddings.map((vector) => vector.length), usage };
  },

  async missing() {
    try {
      await generateText({ ...common, model: provider('nope'), prompt: capital });
      return null;
    } catch (error) {
      return { name: error.name, status: error.statusCode, message: error.message, retryable: error.isRetryable };
    }
  },

  async abort() {
    const controller = new AbortController();
    const parts = [];
    const result = streamText({
      ...common, maxOutputTokens: 420, prompt: 'Count from 1 to 100.', abortSignal: controller.signal,
    });
    for await (const part of result.fullStream) {
      parts.push(part.type);
      if (parts.filter((type) => type === 'text-delta').length === 3) {
        controller.abort();
      }
    }
    return { last: parts.at(-1) };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
process.exit(0);
