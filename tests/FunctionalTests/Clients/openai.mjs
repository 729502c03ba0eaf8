// Drives OpenAI's official JavaScript client through one scenario and prints what it saw as one JSON object.
// Usage: node openai.mjs ADDRESS SCENARIO
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages lie beside the build output, not beside this file.
const require = createRequire(pathToFileURL(path.join(process.env.CLIENT_MODULES, 'index.js')));
const { OpenAI } = require('openai');

const [address, scenario] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: 'unused', maxRetries: 0 });
const ask = (content) => [{ role: 'user', content }];
const capital = 'What is the capital of France?';
const common = { model: 'tiny-chat', temperature: 0, max_tokens: 64, reasoning_effort: 'none' };

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

const alarm = {
  type: 'function',
  function: {
    name: 'set_alarm',
    description: 'Set an alarm',
    parameters: {
      type: 'object',
      properties: { day: { $ref: '#/$defs/day' }, hour: { type: 'integer', minimum: 6, maximum: 9 } },
      required: ['day', 'hour'],
      additionalProperties: false,
      $defs: { day: { enum: ['monday', 'friday'] } },
    },
  },
};

const refusal = async (call) => {
  try {
    await call();
    return null;
  } catch (error) {
    return { name: error.constructor.name, status: error.status, type: error.type, message: error.message };
  }
};

const scenarios = {
  async models() {
    const list = [];
    for await (const model of client.models.list()) {
      list.push(model);
    }
    return { list, one: await client.models.retrieve('library/tiny-chat:latest') };
  },

  async chat() {
    const { object, choices, usage } = await client.chat.completions.create({ ...common, messages: ask(capital) });
    return { object, choice: choices[0], usage };
  },

  async chatStreamed() {
    const chunks = [];
    for await (const chunk of await client.chat.completions.create({
      ...common, messages: ask(capital), stream: true, stream_options: { include_usage: true },
    })) {
      chunks.push(chunk);
    }
    return {
      text: chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''),
      chunks: chunks.length,
      ids: new Set(chunks.map((chunk) => chunk.id)).size,
      reason: chunks.at(-2).choices[0].finish_reason,
      usage: chunks.at(-1).usage,
    };
  },

  async thinking() {
    const { choices } = await client.chat.completions.create({
      ...common, reasoning_effort: 'medium', messages: ask(capital),
    });
    return { content: choices[0].message.content, thought: choices[0].message.reasoning.length > 0 };
  },

  async tools() {
    const messages = ask('What is the weather in Paris?');
    const stream = client.chat.completions.stream({ ...common, messages, tools: [weather] });
    const first = await stream.finalChatCompletion();
    const { message, finish_reason } = first.choices[0];
    messages.push(message);
    for (const call of message.tool_calls ?? []) {
      messages.push({ role: 'tool', tool_call_id: call.id, content: '{"temperature": 21, "condition": "sunny"}' });
    }
    const second = await client.chat.completions.create({ ...common, messages, tools: [weather] });
    return { calls: message.tool_calls, finish_reason, answer: second.choices[0].message.content };
  },

  async forced() {
    const tools = [weather, alarm];
    const named = { type: 'function', function: { name: 'set_alarm' } };
    const create = async (settings) => (await client.chat.completions.create({
      ...common, messages: ask('What is the weather in Paris?'), tools, ...settings,
    })).choices[0].message;
    const stream = client.chat.completions.stream({
      ...common, max_tokens: 400, reasoning_effort: 'medium', messages: ask(capital), tools, tool_choice: named,
    });
    let pieces = 0;
    let thought = false;
    stream.on('chunk', (chunk) => {
      pieces += chunk.choices[0]?.delta.tool_calls?.length ?? 0;
      thought ||= Boolean(chunk.choices[0]?.delta.reasoning);
    });
    const { message, finish_reason } = (await stream.finalChatCompletion()).choices[0];
    return {
      required: await create({ tool_choice: 'required', parallel_tool_calls: false }),
      named: await create({ tool_choice: named }),
      streamed: message.tool_calls,
      pieces,
      thought,
      reason: finish_reason,
    };
  },

  async format() {
    const { choices } = await client.chat.completions.create({
      ...common,
      messages: ask(capital),
      response_format: {
        type: 'json_schema',
        json_schema: {
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
    return JSON.parse(choices[0].message.content);
  },

  // A format beside tools: the answer has it, and a call is still possible.
  async formatOrCall() {
    const create = async (content) => (await client.chat.completions.create({
      ...common,
      messages: ask(content),
      tools: [weather],
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'answer',
          schema: { type: 'object', properties: { capital: { type: 'string' } }, required: ['capital'] },
        },
      },
    })).choices[0];
    const json = 'Answer in JSON with the key capital: what is the capital of France?';
    return { called: await create('What is the weather in Paris?'), answered: await create(json) };
  },

  async logprobs() {
    const { choices } = await client.chat.completions.create({
      ...common, max_tokens: 3, messages: ask(capital), logprobs: true, top_logprobs: 2,
    });
    return choices[0].logprobs.content.map(({ token, logprob, top_logprobs }) => ({
      token, probable: logprob <= 0, tops: top_logprobs.length, best: top_logprobs[0].token,
    }));
  },

  async choices() {
    const { choices, usage } = await client.chat.completions.create({
      ...common, temperature: 2, seed: 7, n: 3, messages: ask('Tell me a story.'),
    });
    return {
      indexes: choices.map((choice) => choice.index),
      texts: new Set(choices.map((choice) => choice.message.content)).size,
      usage,
    };
  },

  async completion() {
    const { choices, usage } = await client.completions.create({
      model: 'tiny-chat', prompt: capital, temperature: 0, max_tokens: 64, echo: true,
    });
    return { text: choices[0].text, reason: choices[0].finish_reason, usage };
  },

  async embeddings() {
    // The client asks for base64 by itself unless told otherwise.
    const input = [capital, 'Name the capital of France.', ''];
    const packed = await client.embeddings.create({ model: 'tiny-embed', input });
    const plain = await client.embeddings.create({ model: 'tiny-embed', input, encoding_format: 'float' });
    const short = await client.embeddings.create({ model: 'tiny-embed', input: capital, dimensions: 32 });
    return {
      lengths: packed.data.map((item) => item.embedding.length),
      same: packed.data.every((item, index) =>
        item.embedding.every((value, at) => value === Math.fround(plain.data[index].embedding[at]))),
      short: short.data[0].embedding.length,
      counted: packed.usage.prompt_tokens > 0,
    };
  },

  // Prompts and inputs as arrays, of texts and of tokens. Tokens come from the server's own route.
  async tokens() {
    const post = async (path, body) => (await fetch(`${address}${path}`, {
      method: 'POST', body: JSON.stringify(body),
    })).json();
    const split = async (model, content, add_special) =>
      (await post('/api/tokenize', { model, content, add_special })).tokens;
    const prompt = 'The capital of France is';
    const one = await split('tiny-chat', prompt, true);
    const two = await split('tiny-chat', 'The capital of Italy is', true);
    const complete = { model: 'tiny-chat', temperature: 0, max_tokens: 2 };
    const tokens = await client.completions.create({ ...complete, prompt: one, echo: true });
    const arrays = await client.completions.create({ ...complete, prompt: [one, two] });
    const texts = await client.completions.create({ ...complete, prompt: ['Hi', 'Hello'], n: 2 });
    const input = ['What is the capital of France?', 'What sound does a cow make?'];
    const ids = await Promise.all(input.map((text) => split('tiny-embed', text, true)));
    const asTexts = await client.embeddings.create({ model: 'tiny-embed', input });
    const asTokens = await client.embeddings.create({ model: 'tiny-embed', input: ids });
    const single = await client.embeddings.create({ model: 'tiny-embed', input: ids[1] });
    const near = (left, right) => left.embedding.reduce((sum, one, index) => sum + one * right.embedding[index], 0);
    return {
      echoed: tokens.choices[0].text,
      arrays: arrays.choices.map((choice) => choice.text),
      counted: arrays.usage.prompt_tokens === one.length + two.length,
      indexes: texts.choices.map((choice) => choice.index),
      joined: (await post('/api/detokenize', { model: 'tiny-chat', tokens: one })).content,
      near: [
        near(asTexts.data[0], asTokens.data[0]), near(asTexts.data[1], asTokens.data[1]),
        near(asTexts.data[1], single.data[0]),
      ],
      usage: [asTexts.usage.total_tokens, asTokens.usage.total_tokens],
      unknown: await refusal(() => client.embeddings.create({ model: 'tiny-embed', input: [[1], [2048]] })),
      outside: await refusal(() => client.completions.create({ ...complete, prompt: [99999] })),
    };
  },

  // What a client may get wrong in its history and its parts.
  async mistakes() {
    const chat = (settings) => refusal(() => client.chat.completions.create({
      ...common, messages: ask('Hi'), ...settings,
    }));
    const part = (url) => [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }];
    const call = { id: 'c', type: 'function', function: { name: 'get_weather', arguments: '{"city": "Par' } };
    return {
      role: await chat({ messages: [...ask('Hi'), { role: 'wizard', content: 'Hi' }] }),
      noRole: await chat({ messages: [{ content: 'Hi' }] }),
      broken: await chat({ messages: [...ask('Hi'), { role: 'assistant', content: null, tool_calls: [call] }] }),
      address: await chat({ messages: part('https://example.com/a.png') }),
      base64: await chat({ messages: part('data:image/png;base64,???') }),
      blind: await chat({ messages: part('data:image/png;base64,iVBORw0KGgo=') }),
      bias: await chat({ logit_bias: { a: 1 } }),
      token: await chat({ logit_bias: { 99999: 1 } }),
      biasRange: await chat({ logit_bias: { 1: 101 } }),
      many: await chat({ n: 17 }),
      effort: await chat({ reasoning_effort: 'extreme' }),
      choice: await chat({ tools: [weather], tool_choice: 'sometimes' }),
      schema: await chat({ response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { not: {} } } } }),
      typed: await chat({ temperature: 'hot' }),
      encoding: await refusal(() => client.embeddings.create({
        model: 'tiny-embed', input: 'a', encoding_format: 'hex',
      })),
    };
  },

  async abort() {
    const stream = await client.chat.completions.create({
      ...common, max_tokens: 420, messages: ask('Count from 1 to 100.'), stream: true,
    });
    let chunks = 0;
    for await (const chunk of stream) {
      if (chunk && ++chunks === 3) {
        stream.controller.abort();
      }
    }
    return { chunks };
  },

  async refusals() {
    return {
      missing: await refusal(() => client.chat.completions.create({ model: 'nope', messages: ask('Hi') })),
      empty: await refusal(() => client.chat.completions.create({ model: 'tiny-chat', messages: [] })),
      forced: await refusal(() => client.chat.completions.create({
        ...common,
        messages: ask('Hi'),
        tools: [weather],
        tool_choice: { type: 'function', function: { name: 'get_time' } },
      })),
      schema: await refusal(() => client.chat.completions.create({
        ...common,
        messages: ask('Hi'),
        tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', not: {} } } }],
        tool_choice: 'required',
      })),
      unknown: await refusal(() => client.models.retrieve('nope')),
    };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
process.exit(0);
