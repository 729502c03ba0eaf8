// Drives Anthropic's JavaScript client through one scenario and prints what it saw as one JSON object.
// Usage: node anthropic.mjs ADDRESS SCENARIO
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages lie beside the build output, not beside this file.
const require = createRequire(pathToFileURL(path.join(process.env.CLIENT_MODULES, 'index.js')));
const { Anthropic } = require('@anthropic-ai/sdk');

const [address, scenario] = process.argv.slice(2);
const client = new Anthropic({ baseURL: address, apiKey: 'any', maxRetries: 0 });
const capital = {
  model: 'tiny-chat',
  max_tokens: 64,
  temperature: 0,
  thinking: { type: 'disabled' },
  messages: [{ role: 'user', content: 'What is the capital of France?' }],
};
const weather = {
  name: 'get_weather',
  description: 'Get the current weather for a location',
  input_schema: {
    type: 'object',
    properties: { city: { type: 'string', description: 'The city' } },
    required: ['city'],
  },
};

const refusal = (error) => ({
  name: error.constructor.name,
  status: error.status,
  type: error.error?.error?.type,
  message: error.error?.error?.message,
  named: error.requestID?.startsWith('req_') ?? false,
});

const scenarios = {
  async message() {
    const message = await client.messages.create(capital);
    return { ...message, named: message._request_id?.startsWith('req_') ?? false };
  },

  async stream() {
    const events = [];
    const stream = client.messages.stream(capital).on('streamEvent', (event) => events.push(event.type));
    const message = await stream.finalMessage();
    return { message, events };
  },

  async thinking() {
    const stream = client.messages.stream({ ...capital, max_tokens: 512, thinking: { type: 'enabled', budget_tokens: 1024 } });
    return stream.finalMessage();
  },

  async tools() {
    const ask = { role: 'user', content: 'What is the weather in Paris?' };
    const request = { ...capital, tools: [weather], messages: [ask] };
    let json = '';
    const called = await client.messages.stream(request).on('inputJson', (part) => { json += part; }).finalMessage();
    const call = called.content.find((block) => block.type === 'tool_use');
    const result = { type: 'tool_result', tool_use_id: call.id, content: '21 degrees and sunny' };
    const answer = await client.messages.create({
      ...request,
      messages: [ask, { role: 'assistant', content: called.content }, { role: 'user', content: [result] }],
    });
    return {
      call, json, reason: called.stop_reason, answer: answer.content.find((block) => block.type === 'text')?.text,
    };
  },

  async count() {
    const { input_tokens } = await client.messages.countTokens({
      model: capital.model, messages: capital.messages, thinking: capital.thinking,
    });
    const { usage } = await client.messages.create(capital);
    return { counted: input_tokens, used: usage.input_tokens + usage.cache_read_input_tokens };
  },

  async abort() {
    const stream = client.messages.stream({
      ...capital, max_tokens: 100000, messages: [{ role: 'user', content: 'Count to a million.' }],
    });
    let texts = 0;
    stream.on('text', () => {
      texts++;
      stream.abort();
    });
    try {
      await stream.finalMessage();
      return null;
    } catch (error) {
      const after = await client.messages.create(capital);
      return { name: error.constructor.name, texts, after: after.content[0].text };
    }
  },

  async missing() {
    try {
      await client.messages.create({ ...capital, model: 'nope' });
      return null;
    } catch (error) {
      return refusal(error);
    }
  },

  async forced() {
    const request = { ...capital, tools: [weather] };
    let pieces = 0;
    const stream = client.messages.stream({ ...request, tool_choice: { type: 'tool', name: 'get_weather' } });
    stream.on('streamEvent', (event) => {
      pieces += event.delta?.type === 'input_json_delta' ? 1 : 0;
    });
    return {
      any: await client.messages.create({
        ...request, tool_choice: { type: 'any', disable_parallel_tool_use: true },
      }),
      named: await stream.finalMessage(),
      pieces,
    };
  },

  async unknownTool() {
    try {
      await client.messages.create({ ...capital, tools: [weather], tool_choice: { type: 'tool', name: 'get_time' } });
      return null;
    } catch (error) {
      return refusal(error);
    }
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
process.exit(0);
