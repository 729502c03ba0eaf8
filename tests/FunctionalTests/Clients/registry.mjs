// Pushes a model to a registry and pulls it from there with the official client; prints what it saw as one JSON object.
// Usage: node registry.mjs ADDRESS NAME
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages lie beside the build output, not beside this file.
const require = createRequire(pathToFileURL(path.join(process.env.CLIENT_MODULES, 'index.js')));
const { Ollama } = require('ollama');

const [address, model] = process.argv.slice(2);
const client = new Ollama({ host: address });

const follow = async (stream) => {
  const parts = [];
  for await (const part of await stream) {
    parts.push(part);
  }
  return parts;
};

await client.copy({ source: 'made', destination: model });
const pushed = await follow(client.push({ model, insecure: true, stream: true }));
await client.delete({ model });
const pulled = await follow(client.pull({ model, insecure: true, stream: true }));
const pulledAtOnce = await client.pull({ model, insecure: true });
let missing = null;
try {
  await client.pull({ model: model.replace('made', 'nope'), insecure: true });
} catch (error) {
  missing = error.message;
}

console.log(JSON.stringify({
  pushed: pushed.at(-1).status,
  pulled: pulled.at(-1).status,
  pulledAtOnce: pulledAtOnce.status,
  layers: new Set(pulled.filter((part) => part.digest).map((part) => part.digest)).size,
  missing,
}));
process.exit(0);
