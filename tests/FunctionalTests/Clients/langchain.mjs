// Drives LangChain's client of Ollama's API through one scenario and prints what it saw as one JSON object.
// Usage: node langchain.mjs ADDRESS SCENARIO
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages lie beside the build output, not beside this file.
const require = createRequire(pathToFileURL(path.join(process.env.CLIENT_MODULES, 'index.js')));
const { ChatOllama, OllamaEmbeddings } = require('@langchain/ollama');
const { HumanMessage, ToolMessage } = require('@langchain/core/messages');

const [address, scenario] = process.argv.slice(2);
const capital = 'What is the capital of France?';
const chat = (settings) => new ChatOllama({
  baseUrl: address, model: 'tiny-chat', temperature: 0, numPredict: 64, think: false, maxRetries: 0, ...settings,
});

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
  async chat() {
    const { content, usage_metadata } = await chat().invoke(capital);
    return { content, usage: usage_metadata };
  },

  async stream() {
    const texts = [];
    for await (const chunk of await chat().stream(capital)) {
      texts.push(chunk.content);
    }
    return { text: texts.join(''), chunks: texts.length };
  },

  async tools() {
    const model = chat().bindTools([weather]);
    const messages = [new HumanMessage('What is the weather in Paris?')];
    const called = await model.invoke(messages);
    messages.push(called);
    for (const call of called.tool_calls) {
      messages.push(new ToolMessage({ tool_call_id: call.id, name: call.name, content: '{"temperature": 21}' }));
    }
    const answer = await model.invoke(messages);
    return { calls: called.tool_calls, answer: answer.content };
  },

  async format() {
    const schema = {
      title: 'answer',
      type: 'object',
      properties: { capital: { type: 'string', maxLength: 20 }, sure: { type: 'boolean' } },
      required: ['capital', 'sure'],
    };
    return chat().withStructuredOutput(schema, { method: 'jsonSchema' }).invoke(capital);
  },

  async embeddings() {
    const model = new OllamaEmbeddings({ baseUrl: address, model: 'tiny-embed', maxRetries: 0 });
    const vectors = await model.embedDocuments([capital, 'Name the capital of France.']);
    const query = await model.embedQuery(capital);
    return { lengths: [...vectors, query].map((vector) => vector.length) };
  },

  async missing() {
    try {
      await chat({ model: 'nope' }).invoke(capital);
      return null;
    } catch (error) {
      return { name: error.name, status: error.status_code, message: error.message };
    }
  },

  async abort() {
    const controller = new AbortController();
    let chunks = 0;
    try {
      const stream = await chat({ numPredict: 420 }).stream('Count from 1 to 100.', { signal: controller.signal });
      for await (const chunk of stream) {
        if (chunk && ++chunks === 3) {
          controller.abort();
        }
      }
    } catch (error) {
      return { name: error.name, chunks };
    }
    return { name: null, chunks };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
process.exit(0);
