// A client whose types are generated from /openapi.json. What must not compile is marked, so that types that check
// nothing would fail here.
// Usage: node generated.js ADDRESS
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

declare const process: { argv: string[] };

const client = createClient<paths>({ baseUrl: process.argv[2] ?? '' });
const question = 'What is the capital of France?';
const options: components['schemas']['OllamaOptions'] = { temperature: 0, num_predict: 64 };

const native = await client.POST('/api/chat', {
  body: { model: 'tiny-chat', stream: false, think: false, options, messages: [{ role: 'user', content: question }] },
});

const openai = await client.POST('/v1/chat/completions', {
  body: {
    model: 'tiny-chat',
    temperature: 0,
    max_tokens: 64,
    reasoning_effort: 'none',
    messages: [{ role: 'user', content: question }],
  },
});

const anthropic = await client.POST('/v1/messages', {
  body: {
    model: 'tiny-chat',
    max_tokens: 64,
    temperature: 0,
    thinking: { type: 'disabled' },
    messages: [{ role: 'user', content: [{ type: 'text', text: question }] }],
  },
});

// An item of each kind, and a tool, as somebody who keeps a conversation would write them down.
const asked: components['schemas']['ResponsesInputItem'][] = [
  { role: 'user', content: [{ type: 'input_text', text: question }] },
  { type: 'reasoning', summary: [{ type: 'summary_text', text: 'A look at the map.' }] },
  { type: 'function_call', call_id: 'call_1', name: 'look_up', arguments: '{"country":"France"}' },
  { type: 'function_call_output', call_id: 'call_1', output: 'Paris' },
];
const tool: components['schemas']['ResponsesTool'] = {
  type: 'function',
  name: 'look_up',
  parameters: { type: 'object', properties: { country: { type: 'string' } }, required: ['country'] },
};
const responses = await client.POST('/v1/responses', {
  body: {
    model: 'tiny-chat',
    max_output_tokens: 16,
    reasoning: { effort: 'none' },
    store: false,
    input: asked,
    tools: [tool],
    tool_choice: 'none',
  },
});

const tags = await client.GET('/api/tags');
const embedding = await client.POST('/api/embed', { body: { model: 'tiny-embed', input: ['Paris'], dimensions: 8 } });
const refused = await client.POST('/api/show', { body: { model: 'nope' } });

const misuse = async () => {
  // @ts-expect-error a model is missing
  await client.POST('/api/chat', { body: { messages: [] } });
  // @ts-expect-error a message has no number for a text
  await client.POST('/api/chat', { body: { model: 'm', messages: [{ role: 'user', content: 1 }] } });
  // @ts-expect-error there is no such effort
  await client.POST('/v1/chat/completions', { body: { model: 'm', messages: [], reasoning_effort: 'hardly' } });
  // @ts-expect-error nobody speaks as this
  await client.POST('/v1/messages', { body: { model: 'm', max_tokens: 1, messages: [{ role: 'ghost', content: '' }] } });
  // @ts-expect-error a result says which call it is of
  await client.POST('/v1/responses', { body: { model: 'm', input: [{ type: 'function_call_output', output: '' }] } });
  // @ts-expect-error there is no such item
  await client.POST('/v1/responses', { body: { model: 'm', input: [{ type: 'memory' }] } });
  // @ts-expect-error a function has a name
  await client.POST('/v1/responses', { body: { model: 'm', input: '', tools: [{ type: 'function' }] } });
  // @ts-expect-error there is no such route
  await client.GET('/api/nothing');
};
void misuse;

// The same status also stands for a stream, whose lines and events have types of their own.
const { data: line } = native;
const { data: completion } = openai;
const { data: message } = anthropic;
const { data: response } = responses;
const echoed: components['schemas']['ResponsesTool'][] = response && 'output' in response ? response.tools : [];

console.log(JSON.stringify({
  native: line && 'message' in line ? line.message.content : null,
  openai: completion && 'choices' in completion ? completion.choices[0]?.message?.content : null,
  anthropic: message && 'content' in message ? message.content.map((block) => block.text ?? '').join('') : null,
  responses: response && 'output' in response ? response.status : null,
  echoed: echoed.map(({ name }) => name),
  models: tags.data?.models.length,
  dimensions: embedding.data?.embeddings[0]?.length,
  refusal: refused.error?.error,
}));
