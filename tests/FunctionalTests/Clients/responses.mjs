// Drives OpenAI's official JavaScript client through one scenario with responses and prints what it saw as one JSON
// object.
// Usage: node responses.mjs ADDRESS SCENARIO
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages lie beside the build output, not beside this file.
const require = createRequire(pathToFileURL(path.join(process.env.CLIENT_MODULES, 'index.js')));
const { OpenAI } = require('openai');

const [address, scenario] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: 'unused', maxRetries: 0 });
const capital = 'What is the capital of France?';
const common = { model: 'tiny-chat', temperature: 0, max_output_tokens: 64, reasoning: { effort: 'none' } };

const weather = {
  type: 'function',
  name: 'get_weather',
  description: 'Get the current weather for a location',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', description: 'The city' } },
    required: ['city'],
    additionalProperties: false,
  },
  strict: true,
};

const refusal = async (call) => {
  try {
    await call();
    return null;
  } catch (error) {
    return { name: error.constructor.name, status: error.status, type: error.type, message: error.message };
  }
};

const ended = async (id) => {
  for (;;) {
    const response = await client.responses.retrieve(id);
    if (response.status !== 'queued' && response.status !== 'in_progress') {
      return response;
    }
  }
};

const scenarios = {
  async create() {
    const response = await client.responses.create({ ...common, input: capital, metadata: { a: 'b' } });
    return {
      text: response.output_text,
      status: response.status,
      metadata: response.metadata,
      usage: response.usage,
      same: JSON.stringify(await client.responses.retrieve(response.id)) === JSON.stringify(response),
    };
  },

  async stream() {
    const types = [];
    let text = '';
    const stream = client.responses.stream({ ...common, input: capital });
    for await (const event of stream) {
      types.push(event.type);
      text += event.type === 'response.output_text.delta' ? event.delta : '';
    }
    const response = await stream.finalResponse();
    return { types, text, final: response.output[0].content[0].text, usage: response.usage };
  },

  async conversation() {
    const first = await client.responses.create({ ...common, input: 'My name is Alice.' });
    const second = await client.responses.create({
      ...common, input: 'What is my name?', previous_response_id: first.id,
    });
    const items = [];
    for await (const item of client.responses.inputItems.list(second.id, { order: 'asc', limit: 1 })) {
      items.push(`${item.role}: ${item.content[0].text}`);
    }
    return { items, first: first.output_text, input: [first, second].map((one) => one.usage.input_tokens) };
  },

  async count() {
    const body = { model: 'tiny-chat', input: capital, instructions: 'Be brief.', tools: [weather] };
    const { object, input_tokens } = await client.responses.inputTokens.count(body);
    const { usage } = await client.responses.create({ ...common, ...body, reasoning: undefined });
    return { object, same: input_tokens === usage.input_tokens };
  },

  async thinking() {
    const { output, output_text, usage } = await client.responses.create({
      ...common, reasoning: { effort: 'medium' }, input: capital,
    });
    return { usage, types: output.map((item) => item.type), thought: output[0].summary[0].text.length > 0, output_text };
  },

  async tools() {
    const input = [{ role: 'user', content: 'What is the weather in Paris?' }];
    const first = await client.responses.stream({ ...common, input, tools: [weather] }).finalResponse();
    input.push(...first.output);
    for (const call of first.output.filter((item) => item.type === 'function_call')) {
      input.push({
        type: 'function_call_output', call_id: call.call_id, output: '{"temperature": 21, "condition": "sunny"}',
      });
    }
    const second = await client.responses.create({ ...common, input, tools: [weather] });
    const { id, name, status, arguments: args } = first.output[0];
    return { id, name, status, args, answer: second.output_text };
  },

  async forced() {
    const response = await client.responses.stream({
      ...common, input: 'Hello!', tools: [weather], tool_choice: { type: 'function', name: 'get_weather' },
    }).finalResponse();
    return response.output.map((item) => ({
      type: item.type, name: item.name, keys: Object.keys(JSON.parse(item.arguments ?? '{}')),
    }));
  },

  async format() {
    const response = await client.responses.parse({
      ...common,
      input: capital,
      text: {
        format: {
          type: 'json_schema',
          name: 'answer',
          strict: true,
          schema: {
            type: 'object',
            properties: { capital: { type: 'string', maxLength: 20 }, sure: { type: 'boolean' } },
            required: ['capital', 'sure'],
            additionalProperties: false,
          },
        },
      },
    });
    return response.output_parsed ?? JSON.parse(response.output_text);
  },

  async incomplete() {
    const response = await client.responses.create({ ...common, max_output_tokens: 3, input: 'Count from 1 to 20.' });
    return { status: response.status, details: response.incomplete_details, item: response.output[0].status };
  },

  async background() {
    const { id, status } = await client.responses.create({ ...common, input: capital, background: true });
    const { output_text, status: end } = await ended(id);
    return { status, end, text: output_text };
  },

  async resume() {
    const seen = [];
    const stream = await client.responses.create({
      ...common, input: capital, background: true, stream: true,
    });
    for await (const event of stream) {
      seen.push(event);
      if (event.type === 'response.output_text.delta') {
        break;
      }
    }
    const { id } = seen[0].response;
    const rest = [];
    for await (const event of await client.responses.retrieve(id, {
      stream: true, starting_after: seen.at(-1).sequence_number,
    })) {
      rest.push(event);
    }
    const all = [...seen, ...rest];
    const final = await client.responses.retrieve(id);
    return {
      gapless: all.every((event, index) => event.sequence_number === index),
      last: rest.at(-1).type,
      same: all.filter((event) => event.type === 'response.output_text.delta').map((event) => event.delta).join('')
        === final.output[0].content[0].text,
    };
  },

  async cancel() {
    const { id } = await client.responses.create({
      ...common, max_output_tokens: 100000, input: 'Count from 1 to 100.', background: true,
    });
    const canceled = await client.responses.cancel(id);
    await client.responses.delete(id);
    return { status: canceled.status, gone: await refusal(() => client.responses.retrieve(id)) };
  },

  async abort() {
    const stream = await client.responses.create({
      ...common, max_output_tokens: 420, input: 'Count from 1 to 100.', stream: true,
    });
    let id;
    for await (const event of stream) {
      id ??= event.response.id;
      if (event.type === 'response.output_text.delta') {
        stream.controller.abort();
      }
    }
    return { status: (await ended(id)).status };
  },

  async refusals() {
    return {
      missing: await refusal(() => client.responses.create({ model: 'nope', input: 'Hi' })),
      item: await refusal(() => client.responses.create({ ...common, input: [{ type: 'computer_call' }] })),
      previous: await refusal(() => client.responses.create({
        ...common, input: 'Hi', previous_response_id: 'resp_nope',
      })),
      unknown: await refusal(() => client.responses.retrieve('resp_nope')),
    };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
process.exit(0);
