// Speaks to a gRPC port as no proper client would, in bare HTTP/2, and prints what came of it as one JSON object.
// Usage: node grpc-raw.mjs ADDRESS SCENARIO
import http from 'node:http';
import http2 from 'node:http2';

const [address] = process.argv.slice(2);
const path = '/ollama.v1.InferenceService/Chat';
const frame = (body, { flag = 0, length = body.length } = {}) => {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, body]);
};

// A chat as it travels: the model is field 1, a message with role and content field 2.
const field = (number, body) => Buffer.concat([Buffer.from([(number << 3) | 2, body.length]), body]);
const chat = (content) => Buffer.concat([
  field(1, Buffer.from('tiny-chat')),
  field(2, Buffer.concat([field(1, Buffer.from('user')), field(2, Buffer.from(content))])),
]);

// The settings of a stream of texts to embed, with the model as field 1.
const embedding = '/ollama.v1.EmbeddingService/EmbedStream';
const settings = field(1, field(1, Buffer.from('tiny-embed')));

// One call with these bytes; what ends it may be the end of the request, a reset, or nothing.
const call = (bytes, { headers = {}, end = true, reset = false, method = 'POST', to = path } = {}) =>
  new Promise((resolve) => {
    const session = http2.connect(address);
    const seen = {};
    const note = (headers) => {
      seen.status = headers['grpc-status'];
      const details = Buffer.from(headers['grpc-status-details-bin'] ?? '', 'base64').toString('latin1');
      seen.reason = /[A-Z]+(_[A-Z]+)+/.exec(details)?.[0];
    };
    const finish = (more) => {
      clearTimeout(timer);
      session.destroy();
      resolve({ ...seen, ...more });
    };
    const timer = setTimeout(() => finish({ silent: true }), 20000);
    session.on('error', (error) => finish({ error: error.code }));
    const stream = session.request({
      ':method': method, ':path': to, 'content-type': 'application/grpc', te: 'trailers', ...headers,
    });
    stream.on('response', (head) => {
      seen.http = head[':status'];
      note(head);
    });
    stream.on('trailers', note);
    stream.on('data', () => {});
    stream.on('error', (error) => finish({ error: error.code }));
    stream.on('close', () => finish(reset ? { reset: true } : {}));
    if (bytes.length > 0) {
      stream.write(bytes);
    }
    if (reset) {
      stream.close(http2.constants.NGHTTP2_CANCEL);
    } else if (end) {
      stream.end();
    }
  });

// A call whose request never ends must not take along the others of its connection: the framework would end that after
// five seconds.
const halfOpen = () => new Promise((resolve) => {
  const session = http2.connect(address);
  const open = (headers, end) => {
    const stream = session.request({
      ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers,
    });
    const seen = {};
    const note = (head) => { seen.status = head['grpc-status'] ?? seen.status; };
    stream.on('response', (head) => { seen.http = head[':status']; note(head); });
    stream.on('trailers', note);
    stream.on('data', () => {});
    stream.on('error', () => {});
    stream.write(frame(chat('Hi')));
    if (end) {
      stream.end();
    }
    return new Promise((closed) => { stream.on('close', () => closed(seen)); });
  };
  session.on('error', () => resolve({ error: true }));
  open({ 'grpc-timeout': '7S' }, false).then(async (late) => {
    const other = session.destroyed ? { http: 'gone' } : await open({}, true);
    session.destroy();
    resolve({ http: other.http, status: `${late.status}/${other.status}` });
  });
});

const older = () => new Promise((resolve) => {
  const request = http.get(address, (response) => resolve({ http: response.statusCode }));
  request.on('error', (error) => resolve({ error: error.code }));
});

const result = {
  garbage: await call(frame(Buffer.from('this is no message at all'))),
  nothing: await call(Buffer.alloc(0)),
  truncatedHead: await call(Buffer.from([0, 0])),
  truncatedBody: await call(frame(Buffer.from('abc'), { length: 100 })),
  oversize: await call(frame(Buffer.from('abc'), { length: 0x7fffffff }), { end: false }),
  negative: await call(frame(Buffer.from('abc'), { length: 0xffffffff }), { end: false }),
  two: await call(Buffer.concat([frame(Buffer.alloc(0)), frame(Buffer.alloc(0))])),
  flag: await call(frame(Buffer.from('abc'), { flag: 7 })),
  compressed: await call(frame(Buffer.from('no gzip'), { flag: 1 }), { headers: { 'grpc-encoding': 'gzip' } }),
  encoding: await call(frame(Buffer.from('abc'), { flag: 1 }), { headers: { 'grpc-encoding': 'zip' } }),
  stream: await call(Buffer.concat([frame(settings), Buffer.from([0, 0])]), { to: embedding }),
  streamFlag: await call(Buffer.concat([frame(settings), frame(Buffer.alloc(0), { flag: 7 })]), { to: embedding }),
  reset: await call(frame(Buffer.from('abc'), { length: 100 }), { reset: true }),
  timeout: await call(frame(Buffer.alloc(0)), { headers: { 'grpc-timeout': 'soon' } }),
  // Whether the server's own clock or the library's comes first is open; only the former tells a reason.
  deadline: {
    ...await call(frame(chat('Count from 1 to 100.')), { headers: { 'grpc-timeout': '5m' } }),
    reason: undefined,
  },
  halfOpen: await halfOpen(),
  method: await call(frame(Buffer.alloc(0)), { to: '/ollama.v1.InferenceService/Sing' }),
  service: await call(frame(Buffer.alloc(0)), { to: '/ollama.v1.Nothing/Chat' }),
  type: await call(Buffer.from('{}'), { headers: { 'content-type': 'application/json' } }),
  get: await call(Buffer.alloc(0), { method: 'GET' }),
  http: await call(Buffer.alloc(0), { method: 'GET', to: '/api/tags', headers: { 'content-type': 'text/plain' } }),
  older: await older(),
};

console.log(JSON.stringify(result));
process.exit(0);
