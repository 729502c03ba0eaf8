// Drives the official JavaScript client through one scenario and prints what it saw as one JSON object.
// Usage: node ollama.mjs ADDRESS SCENARIO
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages lie beside the build output, not beside this file.
const require = createRequire(pathToFileURL(path.join(process.env.CLIENT_MODULES, 'index.js')));
const { Ollama } = require('ollama');

const [address, scenario] = process.argv.slice(2);
const client = new Ollama({ host: address });
const options = { temperature: 0, num_predict: 64 };
const ask = (content) => [{ role: 'user', content }];
const capital = 'What is the capital of France?';

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Get the current weather for a location',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', description: 'The city' } },
      required: ['city'],
    },
  },
};

const scenarios = {
  async list() {
    const { models } = await client.list();
    return models.map(({ name, model, size, digest, details }) => ({ name, model, size, digest, family: details.family }));
  },

  async show() {
    const shown = await client.show({ model: 'tiny-chat' });
    return {
      family: shown.details.family,
      capabilities: shown.capabilities,
      architecture: shown.model_info['general.architecture'],
      template: shown.template.length > 0,
    };
  },

  async chat() {
    const { message, done, done_reason, eval_count, total_duration } = await client.chat({
      model: 'tiny-chat', messages: ask(capital), think: false, options,
    });
    return { message, done, done_reason, counted: eval_count > 0, timed: total_duration > 0 };
  },

  async chatStreamed() {
    const parts = [];
    for await (const part of await client.chat({
      model: 'tiny-chat', messages: ask(capital), think: false, stream: true, options,
    })) {
      parts.push(part);
    }
    return {
      text: parts.map((part) => part.message.content).join(''),
      chunks: parts.length,
      last: parts.at(-1).done,
    };
  },

  async thinking() {
    const { message } = await client.chat({ model: 'tiny-chat', messages: ask(capital), think: true, options });
    return { content: message.content, thought: message.thinking.length > 0 };
  },

  async generate() {
    const { response, done_reason } = await client.generate({
      model: 'tiny-chat', prompt: capital, think: false, options,
    });
    return { response, done_reason };
  },

  async generateStreamed() {
    let text = '';
    for await (const part of await client.generate({
      model: 'tiny-chat', prompt: capital, think: false, stream: true, options,
    })) {
      text += part.response;
    }
    return { text };
  },

  async abort() {
    const stream = await client.chat({
      model: 'tiny-chat', messages: ask('Count from 1 to 100.'), think: false, stream: true,
      options: { temperature: 0, num_predict: 420 },
    });
    let parts = 0;
    try {
      for await (const part of stream) {
        if (part && ++parts === 3) {
          stream.abort();
        }
      }
    } catch (error) {
      return { parts, error: error.name };
    }
    return { parts, error: null };
  },

  async tools() {
    const messages = ask('What is the weather in Paris?');
    const first = await client.chat({ model: 'tiny-chat', messages, tools: [weather], think: false, options });
    messages.push(first.message);
    for (const call of first.message.tool_calls ?? []) {
      messages.push({ role: 'tool', content: '{"temperature": 21, "condition": "sunny"}', tool_name: call.function.name });
    }
    const second = await client.chat({ model: 'tiny-chat', messages, tools: [weather], think: false, options });
    return { calls: first.message.tool_calls?.map((call) => call.function), answer: second.message.content };
  },

  async embed() {
    const input = [capital, 'Name the capital of France.', 'What sound does a cow make?'];
    const { embeddings } = await client.embed({ model: 'tiny-embed', input });
    const dot = (a, b) => a.reduce((sum, value, index) => sum + value * b[index], 0);
    return {
      lengths: embeddings.map((vector) => vector.length),
      norms: embeddings.map((vector) => Math.sqrt(dot(vector, vector))),
      near: dot(embeddings[0], embeddings[1]),
      far: dot(embeddings[0], embeddings[2]),
    };
  },

  async ps() {
    await client.generate({ model: 'tiny-chat', prompt: '', keep_alive: '5m' });
    const { models } = await client.ps();
    return models.map(({ name, size, context_length, expires_at }) => ({
      name, size, context_length, parsed: !Number.isNaN(Date.parse(expires_at)),
    }));
  },

  async unload() {
    await client.generate({ model: 'tiny-chat', prompt: '', keep_alive: '5m' });
    const before = (await client.ps()).models.map((model) => model.name);
    const { done_reason } = await client.generate({ model: 'tiny-chat', prompt: '', keep_alive: 0 });
    const after = (await client.ps()).models.map((model) => model.name);
    return { before, done_reason, after };
  },

  async library() {
    const steps = [];
    const parts = await client.create({
      model: 'Pirate', from: 'tiny-chat', system: 'You are a pirate.', parameters: { temperature: 0.25, stop: ['END'] },
      messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Arr' }], license: 'MIT', stream: true,
    });
    for await (const { status } of parts) {
      steps.push(status.replace(/[0-9a-f]{64}/, 'DIGEST'));
    }
    const shown = await client.show({ model: 'pirate' });
    await client.copy({ source: 'pirate', destination: 'someone/parrot:v1' });
    const copied = (await client.list()).models.map((model) => model.name);
    const chat = await client.chat({ model: 'someone/parrot:v1', messages: ask(capital), options });
    await client.delete({ model: 'pirate' });
    await client.delete({ model: 'someone/parrot:v1' });
    const left = (await client.list()).models.map((model) => model.name);
    let refusal;
    try {
      await client.delete({ model: 'pirate' });
    } catch (error) {
      refusal = { message: error.message, status: error.status_code };
    }
    return {
      steps, system: shown.system, parameters: shown.parameters, parent: shown.details.parent_model,
      messages: shown.messages, copied, answered: chat.done, left, refusal,
    };
  },

  async missing() {
    try {
      await client.chat({ model: 'nope', messages: ask('Hello') });
      return null;
    } catch (error) {
      return { name: error.name, message: error.message, status: error.status_code };
    }
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
process.exit(0);
