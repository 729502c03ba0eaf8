// Drives OpenAI's official JavaScript client through one scenario with files and batches and prints what it saw as one
// JSON object.
// Usage: node batches.mjs ADDRESS SCENARIO
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages lie beside the build output, not beside this file.
const require = createRequire(pathToFileURL(path.join(process.env.CLIENT_MODULES, 'index.js')));
const { OpenAI, toFile } = require('openai');

const [address, scenario] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: 'unused', maxRetries: 0 });
const capital = 'What is the capital of France?';

const upload = async (lines) => client.files.create({
  file: await toFile(Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')), 'lines.jsonl'),
  purpose: 'batch',
});

const ended = async (id) => {
  for (;;) {
    const batch = await client.batches.retrieve(id);
    if (['completed', 'failed', 'expired', 'cancelled'].includes(batch.status)) {
      return batch;
    }
  }
};

const lines = async (id) => (await (await client.files.content(id)).text())
  .split('\n').filter((line) => line).map((line) => JSON.parse(line));

const run = async (endpoint, bodies) => {
  const file = await upload(bodies.map((body, index) => ({
    custom_id: `line ${index}`, method: 'POST', url: endpoint, body,
  })));
  const { id } = await client.batches.create({
    input_file_id: file.id, endpoint, completion_window: '24h', metadata: { a: 'b' },
  });
  return ended(id);
};

const refusal = async (call) => {
  try {
    await call();
    return null;
  } catch (error) {
    return { name: error.constructor.name, status: error.status, message: error.message };
  }
};

const scenarios = {
  async files() {
    const file = await upload([{ a: 1 }]);
    const listed = [];
    for await (const one of client.files.list({ purpose: 'batch' })) {
      listed.push(one.id);
    }
    const found = await client.files.retrieve(file.id);
    const waited = await client.files.waitForProcessing(file.id);
    const content = await (await client.files.content(file.id)).text();
    const { deleted } = await client.files.delete(file.id);
    return {
      name: found.filename,
      bytes: found.bytes,
      status: waited.status,
      listed: listed.includes(file.id),
      content,
      deleted,
      gone: await refusal(() => client.files.retrieve(file.id)),
    };
  },

  async chats() {
    const batch = await run('/v1/chat/completions', ['none', 'extreme'].map((effort) => ({
      model: 'tiny-chat', temperature: 0, max_tokens: 64, reasoning_effort: effort,
      messages: [{ role: 'user', content: capital }],
    })));
    const [answer] = await lines(batch.output_file_id);
    const [failure] = await lines(batch.error_file_id);
    const listed = [];
    for await (const one of client.batches.list({ limit: 1 })) {
      listed.push(one.id);
    }
    return {
      status: batch.status,
      counts: batch.request_counts,
      metadata: batch.metadata,
      text: answer.response.body.choices[0].message.content,
      failed: [failure.custom_id, failure.response.status_code],
      listed: listed.includes(batch.id),
    };
  },

  async endpoints() {
    const responses = await run('/v1/responses', [{
      model: 'tiny-chat', temperature: 0, max_output_tokens: 64, reasoning: { effort: 'none' }, input: capital,
    }]);
    const embeddings = await run('/v1/embeddings', [{ model: 'tiny-embed', input: [capital, ''] }]);
    const completions = await run('/v1/completions', [{
      model: 'tiny-chat', temperature: 0, max_tokens: 3, prompt: capital,
    }]);
    const [answers] = await Promise.all([Promise.all(
      [responses, embeddings, completions].map(async (batch) => (await lines(batch.output_file_id))[0].response.body),
    )]);
    return {
      response: answers[0].output[0].content[0].text,
      vectors: answers[1].data.length,
      completion: answers[2].usage.completion_tokens,
    };
  },

  async wrong() {
    const file = await upload([{ custom_id: 'a' }]);
    const { id } = await client.batches.create({
      input_file_id: file.id, endpoint: '/v1/completions', completion_window: '24h',
    });
    const { status, errors } = await ended(id);
    return {
      status,
      errors: errors.data.map((error) => `${error.line} ${error.code}`),
      cancel: await refusal(() => client.batches.cancel(id)),
      endpoint: await refusal(() => client.batches.create({
        input_file_id: file.id, endpoint: '/v1/nope', completion_window: '24h',
      })),
      unknown: await refusal(() => client.batches.retrieve('batch_nope')),
    };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
process.exit(0);
