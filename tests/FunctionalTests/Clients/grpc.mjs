// Drives gRPC's official JavaScript client through one scenario and prints what it saw as one JSON object. It knows no
// proto file: what there is to call it learns from the server itself, by reflection.
// Usage: node grpc.mjs ADDRESS SCENARIO [SUBJECT]
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages lie beside the build output, not beside this file.
const require = createRequire(pathToFileURL(path.join(process.env.CLIENT_MODULES, 'index.js')));
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');

const [address, scenario, subject] = process.argv.slice(2);
const target = address.replace(/^http:\/\//, '');
const format = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };
const credentials = grpc.credentials.createInsecure();
const capital = 'What is the capital of France?';

// The two well-known shapes that a client needs before it can ask for any other.
const known = protobuf.parse(`
  syntax = "proto3";
  package known;
  message ReflectionRequest {
    oneof message_request { string file_containing_symbol = 4; string list_services = 7; }
  }
  message Files { repeated bytes file_descriptor_proto = 1; }
  message Service { string name = 1; }
  message Services { repeated Service service = 1; }
  message Error { int32 error_code = 1; string error_message = 2; }
  message ReflectionResponse {
    Files file_descriptor_response = 4; Services list_services_response = 6; Error error_response = 7;
  }
  service Reflection { rpc ServerReflectionInfo(stream ReflectionRequest) returns (stream ReflectionResponse); }
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
`, { keepCase: true }).root;

const reflect = (request) => new Promise((resolve, reject) => {
  const { ServerReflectionInfo: method } = loader.fromJSON(known.toJSON(), format)['known.Reflection'];
  const Client = grpc.makeClientConstructor(
    { ServerReflectionInfo: { ...method, path: '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo' } }, 'Reflection');
  const call = new Client(target, credentials).ServerReflectionInfo();
  call.on('data', resolve);
  call.on('error', reject);
  call.write(request);
  call.end();
});

const services = async () =>
  (await reflect({ list_services: '*' })).list_services_response.service.map(({ name }) => name).sort();

// A set of files is the files one after the other, each as field 1.
const define = async (service) => {
  const { file_descriptor_response: files } = await reflect({ file_containing_symbol: service });
  const parts = files.file_descriptor_proto.flatMap((file) => {
    const head = [0x0a];
    for (let length = file.length; ; length >>>= 7) {
      head.push(length > 0x7f ? (length & 0x7f) | 0x80 : length);
      if (length <= 0x7f) {
        return [Buffer.from(head), file];
      }
    }
  });
  return loader.loadFileDescriptorSetFromBuffer(Buffer.concat(parts), format)[service];
};

const open = async (service) =>
  new (grpc.makeClientConstructor(await define(service), service))(target, credentials, {
    'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1,
  });

const refusalOf = (error) => {
  const [details] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const status = details ? known.lookupType('Status').decode(details) : { details: [] };
  const reason = status.details.find((detail) => detail.type_url.endsWith('google.rpc.ErrorInfo'));
  const info = reason ? known.lookupType('ErrorInfo').decode(reason.value) : {};
  return {
    code: grpc.status[error.code], message: error.details, reason: info.reason ?? null, domain: info.domain ?? null,
    retries: status.details.some((detail) => detail.type_url.endsWith('google.rpc.RetryInfo')),
  };
};

const metadata = (entries = {}) => {
  const all = new grpc.Metadata();
  Object.entries(entries).forEach(([key, value]) => all.set(key, value));
  return all;
};

const ask = (client, method, request, { headers, ...options } = {}) => new Promise((resolve, reject) => {
  client[method](request, metadata(headers), options, (error, answer) => (error ? reject(error) : resolve(answer)));
});

const collect = (call) => new Promise((resolve, reject) => {
  const seen = { messages: [], headers: {} };
  call.on('metadata', (headers) => { seen.headers = headers.getMap(); });
  call.on('data', (message) => seen.messages.push(message));
  call.on('error', reject);
  call.on('status', (status) => { seen.trailers = status.metadata.getMap(); });
  call.on('end', () => setImmediate(() => resolve(seen)));
});

const refused = async (work) => {
  try {
    await work();
    return null;
  } catch (error) {
    return refusalOf(error);
  }
};

// Descriptors make lists of entries of what is a map in the proto.
const map = (entries) => Object.entries(entries).map(([key, value]) => ({ key, value }));
const entry = (list, name) => list.find(({ key }) => key === name)?.value;

const user = (content) => ({ role: 'user', content });
const chat = (content, more = {}) => ({
  model: 'tiny-chat', messages: [user(content)], think: { enabled: false },
  options: { temperature: 0, num_predict: 64 }, ...more,
});

const weather = {
  name: 'get_weather',
  description: 'Get the current weather for a location',
  parameters_json: JSON.stringify({
    type: 'object', properties: { city: { type: 'string', description: 'The city' } }, required: ['city'],
  }),
};

const vector = (data) => Array.from({ length: data.length / 4 }, (_, index) => data.readFloatLE(index * 4));

const scenarios = {
  async reflection() {
    return { services: await services() };
  },

  async health() {
    const client = await open('grpc.health.v1.Health');
    const check = async (service) => (await ask(client, 'Check', { service })).status;
    const models = await open('ollama.v1.ModelService');
    await ask(models, 'UnloadModel', { model: 'tiny-embed' });
    const server = await check('');
    const one = await check('ollama.v1.InferenceService');
    const unknown = await refused(() => check('ollama.v1.Nothing'));
    await ask(models, 'LoadModel', { model: 'tiny-embed', keep_alive: { seconds: 600 } });
    const loaded = await ask(models, 'ListRunning', {});
    // The look at the models that health shares with others may be half a second old.
    const watched = await new Promise((resolve, reject) => {
      const call = client.Watch({ service: 'ollama.v1/model/tiny-embed' });
      call.on('data', ({ status }) => status === 'SERVING' && (call.cancel(), resolve(status)));
      call.on('error', reject);
    });
    return { server, one, unknown, watched, loaded: loaded.models.map(({ name }) => name) };
  },

  async chat() {
    const client = await open('ollama.v1.InferenceService');
    const { message, done_reason, usage, request_id } = await ask(
      client, 'Chat', chat(capital), { headers: { 'x-request-id': 'one' } });
    return { message, done_reason, usage, request_id };
  },

  async chatStream() {
    const client = await open('ollama.v1.InferenceService');
    const { messages, headers, trailers } = await collect(client.ChatStream(chat(capital)));
    return {
      text: messages.map(({ message }) => message?.content ?? '').join(''),
      count: messages.length,
      numbered: messages.every(({ sequence }, index) => sequence === index),
      done: messages.map(({ done }) => done),
      reason: messages.at(-1).done_reason,
      usage: messages.at(-1).usage,
      id: messages[0].request_id === headers['x-request-id'],
      queued: Number(trailers['x-queue-wait-ns']) >= 0,
    };
  },

  async count() {
    const client = await open('ollama.v1.InferenceService');
    const request = chat('Count from 1 to 20.', { options: { temperature: 0, num_predict: 40 } });
    const whole = await ask(client, 'Chat', request);
    const { messages } = await collect(client.ChatStream(request));
    return { whole: whole.message.content, streamed: messages.map(({ message }) => message?.content ?? '').join('') };
  },

  async generate() {
    const client = await open('ollama.v1.InferenceService');
    const request = {
      model: 'tiny-chat', prompt: 'The capital of France is', raw: true, options: { temperature: 0, num_predict: 12 },
      logprobs: true, top_logprobs: 2,
    };
    const whole = await ask(client, 'Generate', request);
    const { messages } = await collect(client.GenerateStream(request));
    return {
      whole: whole.response,
      streamed: messages.map(({ response }) => response).join(''),
      reason: whole.done_reason,
      tops: whole.logprobs[0].top.length,
      probable: whole.logprobs.every(({ logprob }) => logprob <= 0),
    };
  },

  async thinking() {
    const client = await open('ollama.v1.InferenceService');
    const { message } = await ask(client, 'Chat', chat(capital, { think: { level: 'THINK_LEVEL_LOW' } }));
    return { thought: (message.thinking ?? '').length > 0, content: message.content };
  },

  async tools() {
    const client = await open('ollama.v1.InferenceService');
    const request = chat('What is the weather in Paris?', { tools: [weather] });
    const first = await ask(client, 'Chat', request);
    request.messages.push(first.message, {
      role: 'tool', tool_name: 'get_weather', content: '{"temperature": 21, "condition": "sunny"}',
      tool_call_id: first.message.tool_calls[0].id,
    });
    const second = await ask(client, 'Chat', request);
    return { calls: first.message.tool_calls, reason: first.done_reason, answer: second.message.content };
  },

  async format() {
    const client = await open('ollama.v1.InferenceService');
    const schema = {
      type: 'object',
      properties: { capital: { type: 'string', maxLength: 20 }, sure: { type: 'boolean' } },
      required: ['capital', 'sure'],
    };
    const { message } = await ask(client, 'Chat', chat(capital, { format: { json_schema: JSON.stringify(schema) } }));
    return JSON.parse(message.content);
  },

  async embed() {
    const client = await open('ollama.v1.EmbeddingService');
    const input = [capital, 'Name the capital of France.'];
    const floats = await ask(client, 'Embed', { model: 'tiny-embed', input });
    const bytes = await ask(client, 'Embed', { model: 'tiny-embed', input, encoding: 'EMBEDDING_ENCODING_BYTES' });
    const short = await ask(client, 'Embed', { model: 'tiny-embed', input: [capital], dimensions: 32 });
    return {
      lengths: floats.embeddings.map(({ values }) => values.length),
      same: floats.embeddings.every(({ values }, at) =>
        vector(bytes.embeddings[at].data).every((value, index) => value === values[index])),
      short: short.embeddings[0].values.length,
      first: floats.embeddings[0].values,
      counted: floats.prompt_tokens > 0,
    };
  },

  async embedStream() {
    const client = await open('ollama.v1.EmbeddingService');
    const single = await ask(client, 'Embed', { model: 'tiny-embed', input: ['text 7'] });
    const call = client.EmbedStream();
    const results = collect(call);
    call.write({ settings: { model: 'tiny-embed', in_flight_max: 4, truncate: false } });
    const texts = Array.from({ length: 100 }, (_, index) => (index === 50 ? 'long '.repeat(5000) : `text ${index}`));
    texts.forEach((input, index) => call.write({ item: { id: String(index), input } }));
    call.end();
    const { messages } = await results;
    const seven = messages.find(({ id }) => id === '7').embedding.values;
    return {
      ids: new Set(messages.map(({ id }) => id)).size,
      vectors: messages.filter(({ embedding }) => embedding?.values.length === 128).length,
      errors: messages.filter(({ error }) => error).map(({ id, error }) => ({ id, ...error })),
      close: seven.every((value, index) => Math.abs(value - single.embeddings[0].values[index]) < 1e-3),
    };
  },

  async models() {
    const client = await open('ollama.v1.ModelService');
    const events = [];
    const watch = client.WatchModels({ include_current: true });
    const gone = new Promise((resolve) => {
      watch.on('data', ({ type, name }) => {
        events.push(`${type.slice('MODEL_EVENT_TYPE_'.length)} ${name}`);
        if (events.at(-1) === 'REMOVED made:latest') {
          watch.cancel();
          resolve();
        }
      });
      watch.on('error', () => {});
    });
    const made = new Promise((resolve) => watch.on('data', ({ name, type }) =>
      name === 'made:latest' && type.endsWith('ADDED') && resolve()));
    const { messages } = await collect(client.CreateModel({
      model: 'made', from: 'tiny-chat', system: 'Be brief.', parameters: { temperature: 0, stop: ['END'] },
      licenses: ['MIT'],
    }));
    await made;
    const shown = await ask(client, 'GetModel', { model: 'made' });
    await ask(client, 'CopyModel', { source: 'made', destination: 'copied' });
    const { models } = await ask(client, 'ListModels', {});
    await ask(client, 'DeleteModel', { model: 'made' });
    await ask(client, 'DeleteModel', { model: 'copied' });
    await gone;
    return {
      steps: messages.map(({ status }) => status),
      system: shown.system,
      parameters: shown.parameters.split('\n').map((line) => line.split(/\s+/)[0]).sort(),
      architecture: entry(shown.metadata, 'general.architecture')?.string_value,
      capabilities: shown.summary.capabilities,
      names: models.map(({ name }) => name).sort(),
      events,
    };
  },

  async transfers() {
    const client = await open('ollama.v1.ModelService');
    const model = { model: subject, insecure: true };
    const pulled = await collect(client.PullModel(model));
    const pushed = await collect(client.PushModel(model));
    const { models } = await ask(client, 'ListModels', {});
    return {
      pulled: pulled.messages.map(({ status }) => status), pushed: pushed.messages.map(({ status }) => status),
      moved: pulled.messages.filter(({ total_bytes: total }) => total > 0)
        .every(({ digest, completed_bytes: done, total_bytes: total }) => digest.length > 0 && done <= total),
      names: models.map(({ name }) => name),
      unknown: await refused(() => collect(client.PushModel({ model: 'nope', insecure: true }))),
    };
  },

  async blobs() {
    const client = await open('ollama.v1.BlobService');
    const content = Buffer.from(Array.from({ length: 300000 }, (_, index) => (index * 7919) % 251));
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    const header = { digest, size_bytes: content.length };
    const send = (offset, chunks) => new Promise((resolve, reject) => {
      const call = client.UploadBlob((error, answer) => (error ? reject(error) : resolve(answer)));
      call.write({ header: { ...header, offset } });
      chunks.forEach((chunk) => call.write({ chunk }));
      call.end();
    });
    const before = await ask(client, 'StatBlob', { digest });
    const broken = await refused(() => send(0, [content.subarray(0, 100000)]));
    const between = await ask(client, 'StatBlob', { digest });
    const misplaced = await refused(() => send(5, [content.subarray(5)]));
    const uploaded = await send(between.received_bytes, [
      content.subarray(100000, 200000), content.subarray(200000)]);
    const again = await send(0, []);
    const after = await ask(client, 'StatBlob', { digest });
    const { messages } = await collect(client.DownloadBlob({ digest }));
    const part = await collect(client.DownloadBlob({ digest, offset: 299000, length: 500 }));
    const wrong = await refused(() => new Promise((resolve, reject) => {
      const call = client.UploadBlob((error, answer) => (error ? reject(error) : resolve(answer)));
      call.write({ header: { digest: `sha256:${'0'.repeat(64)}`, size_bytes: 3 } });
      call.write({ chunk: Buffer.from('abc') });
      call.end();
    }));
    return {
      before: [before.exists, before.received_bytes],
      broken, between: between.received_bytes, misplaced, uploaded, again: again.created,
      after: [after.exists, after.size_bytes],
      whole: Buffer.concat(messages.map(({ data }) => data)).equals(content),
      size: messages[0].size_bytes,
      part: Buffer.concat(part.messages.map(({ data }) => data)).equals(content.subarray(299000, 299500)),
      missing: await refused(() => collect(client.DownloadBlob({ digest: `sha256:${'0'.repeat(64)}` }))),
      beyond: await refused(() => collect(client.DownloadBlob({ digest, offset: 300001 }))),
      wrong,
    };
  },

  async tokens() {
    const client = await open('ollama.v1.TokenizeService');
    const { tokens } = await ask(client, 'Tokenize', { model: 'tiny-chat', text: capital });
    const { text } = await ask(client, 'Detokenize', { model: 'tiny-chat', tokens });
    return {
      tokens, text,
      beyond: await refused(() => ask(client, 'Detokenize', { model: 'tiny-chat', tokens: [2000000000] })),
      missing: await refused(() => ask(client, 'Tokenize', { model: 'nope', text: capital })),
    };
  },

  async single() {
    const client = await open('ollama.Ollama');
    const { models } = await ask(client, 'ListModels', {});
    const chatted = await collect(client.Chat(chat(capital)));
    const generated = await collect(client.Generate({
      model: 'tiny-chat', prompt: 'The capital of France is', raw: true, options: { temperature: 0, num_predict: 12 },
    }));
    const embedded = await ask(client, 'Embed', { model: 'tiny-embed', input: [capital] });
    return {
      models: models.map(({ name }) => name).sort(),
      chat: chatted.messages.map(({ message }) => message?.content ?? '').join(''),
      generated: generated.messages.map(({ response }) => response).join('').length > 0,
      embedded: embedded.embeddings[0].values.length,
      pull: await refused(() => collect(client.PullModel({ model: '' }))),
    };
  },

  async cancel() {
    const client = await open('ollama.v1.InferenceService');
    const request = chat('Count from 1 to 100.', { options: { temperature: 0, num_predict: 420 } });
    const call = client.ChatStream(request, metadata({ 'x-request-id': 'long' }));
    let canceled = null;
    const byId = await refused(() => new Promise((resolve, reject) => {
      call.once('data', async () => { canceled = (await ask(client, 'Cancel', { request_id: 'long' })).canceled; });
      call.on('data', () => {});
      call.on('error', reject);
      call.on('end', resolve);
    }));
    const left = client.ChatStream(request);
    const byClient = await refused(() => new Promise((resolve, reject) => {
      left.once('data', () => left.cancel());
      left.on('data', () => {});
      left.on('error', reject);
      left.on('end', resolve);
    }));
    const late = await refused(() => ask(
      client, 'Chat', { ...request, options: { temperature: 0, num_predict: 420 } },
      { deadline: new Date(Date.now() + 20) }));
    return { canceled, byId, byClient, late, unknown: await refused(() => ask(client, 'Cancel', { request_id: 'x' })) };
  },

  async refusals() {
    const client = await open('ollama.v1.InferenceService');
    const embedding = await open('ollama.v1.EmbeddingService');
    const models = await open('ollama.v1.ModelService');
    const chatting = (more) => refused(() => ask(client, 'Chat', chat(capital, more)));
    return {
      missing: await chatting({ model: 'nope' }),
      name: await chatting({ model: '!' }),
      nameless: await chatting({ model: '' }),
      empty: await chatting({ messages: [] }),
      streamed: await refused(() => collect(client.ChatStream(chat(capital, { model: 'nope' })))),
      option: await chatting({ options: { extra: map({ mirostat: { string_value: 'x' } }) } }),
      twice: await chatting({ options: { temperature: 0, extra: map({ top_k: { number_value: 1 } }) } }),
      schema: await chatting({ format: { json_schema: '{' } }),
      tool: await chatting({ tools: [{ name: 'f', parameters_json: 'x' }] }),
      call: await chatting({ messages: [{ role: 'assistant', tool_calls: [{ name: 'f', arguments_json: '[1]' }] }] }),
      level: await chatting({ think: { level: 9 } }),
      tops: await chatting({ logprobs: true, top_logprobs: 21 }),
      keep: await chatting({ keep_alive: { seconds: 1, nanos: -1 } }),
      beat: await refused(() => collect(client.ChatStream(chat(capital, { heartbeat_period: { nanos: 5 } })))),
      priority: await refused(() => ask(client, 'Chat', chat(capital), { headers: { 'x-priority': 'high' } })),
      id: await refused(() => ask(client, 'Chat', chat(capital), { headers: { 'x-request-id': 'a b' } })),
      long: await chatting({ truncate: false, messages: [user('word '.repeat(20000))] }),
      chatless: await chatting({ model: 'tiny-embed' }),
      vectorless: await refused(() => ask(embedding, 'Embed', { model: 'tiny-chat', input: ['x'] })),
      dimensions: await refused(() => ask(embedding, 'Embed', { model: 'tiny-embed', input: ['x'], dimensions: -1 })),
      encoding: await refused(() => ask(embedding, 'Embed', { model: 'tiny-embed', input: ['x'], encoding: 7 })),
      shown: await refused(() => ask(models, 'GetModel', { model: 'nope' })),
      copied: await refused(() => ask(models, 'CopyModel', { source: 'nope', destination: 'x' })),
      created: await refused(() => collect(models.CreateModel({ model: 'x', files: map({ '../x': 'sha256:1' }) }))),
      alive: (await ask(client, 'Chat', chat(capital))).message.content,
    };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
process.exit(0);
