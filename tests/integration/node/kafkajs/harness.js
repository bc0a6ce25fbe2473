// What each test of the driver needs: clients, topics, and waiting.

'use strict';

const assert = require('assert');
const { Kafka, logLevel } = require('kafkajs');

const bootstrap = process.argv[2];
const kafka = new Kafka({
  brokers: bootstrap.split(','),
  clientId: 'driver',
  logLevel: logLevel.NOTHING,
});
const run = Math.random().toString(36).slice(2, 10);
const open = [];

// A client that is disconnected when its test is over.
async function connect(client) {
  open.push(client);
  await client.connect();
  return client;
}

const admin = () => connect(kafka.admin());
const producer = options => connect(kafka.producer(options));

// A topic of its own for a test, whose leaders are known.
async function topic(name, numPartitions = 1, more = {}) {
  const client = await admin();
  const full = `${name}-${run}`;
  const made = { topic: full, numPartitions, replicationFactor: 1, ...more };
  assert.equal(await client.createTopics({ waitForLeaders: true, topics: [made] }), true);
  return full;
}

async function eventually(what, ask) {
  const deadline = Date.now() + 30000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

async function rejects(promise, type) {
  await assert.rejects(promise, error => {
    const types = [error.type, error.cause && error.cause.type];
    (error.errors || []).forEach(inner => types.push(inner.type));
    assert.ok(types.includes(type), `${types} is not ${type}: ${error.message}`);
    return true;
  });
}

// A member that collects what it reads.
async function read(topics, options = {}, running = {}) {
  const consumer = await connect(
    kafka.consumer({ groupId: `${topics[0]}-group`, heartbeatInterval: 500, ...options })
  );
  const records = [];
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      records.push({ topic, partition, ...message, value: message.value && message.value.toString() });
    },
    ...running,
  });
  return { consumer, records };
}

const values = records => records.map(record => record.value).sort();
const messages = (...texts) => texts.map(value => ({ value }));

module.exports = { admin, bootstrap, connect, eventually, kafka, messages, open, producer, read, rejects, run, topic, values };
