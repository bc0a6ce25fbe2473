// Records that are written, in transactions or not, and read by groups.

'use strict';

const assert = require('assert');
const { CompressionTypes, PartitionAssigners } = require('kafkajs');
const { admin, connect, eventually, kafka, messages } = require('./harness');
const { producer, read, rejects, run, topic, values } = require('./harness');

async function reads(name, sendOptions, codec) {
  const on = await topic(name);
  const sender = await producer(sendOptions);
  const sent = await sender.send({ topic: on, compression: codec, messages: messages('a', 'b', 'c') });
  assert.equal(sent[0].baseOffset, '0');
  const { records } = await read([on]);
  await eventually('all read', () => records.length >= 3);
  assert.deepEqual(values(records), ['a', 'b', 'c']);
}

// A group of two that share a topic.
async function shares(name, assigner) {
  const on = await topic(name, 4);
  const options = assigner ? { partitionAssigners: [assigner] } : {};
  const one = await read([on], options);
  const two = await read([on], options);
  const client = await admin();
  const both = await eventually('two stable members', async () => {
    const { groups } = await client.describeGroups([`${on}-group`]);
    return groups[0].state === 'Stable' && groups[0].members.length === 2 && groups[0];
  });
  assert.equal(both.protocolType, 'consumer');
  const sender = await producer();
  const each = [0, 1, 2, 3].map(partition => ({ partition, value: `${partition}` }));
  await sender.send({ topic: on, messages: each });
  const all = () => [...one.records, ...two.records];
  await eventually('all read', () => all().length >= 4);
  assert.deepEqual(values(all()), ['0', '1', '2', '3']);
  assert.equal(one.records.length, 2);
}

module.exports = {
  'produces and reads': () => reads('plain'),
  'produces idempotently': () => reads('idempotent', { idempotent: true, maxInFlightRequests: 1 }),
  'reads gzip': () => reads('gzip', {}, CompressionTypes.GZIP),
  'shares partitions in turn': () => shares('round-robin', PartitionAssigners.roundRobin),

  'keeps keys, headers, nulls and timestamps': async () => {
    const on = await topic('record');
    const sender = await producer();
    const timestamp = '1600000000000';
    const first = { key: 'k', value: 'v', headers: { one: 'h', two: ['a', 'b'] }, timestamp };
    await sender.send({ topic: on, messages: [first, { key: 'k', value: null }] });
    const { records } = await read([on]);
    await eventually('both read', () => records.length === 2);
    assert.equal(records[0].key.toString(), 'k');
    assert.equal(records[0].timestamp, timestamp);
    assert.equal(records[0].headers.one.toString(), 'h');
    assert.deepEqual(records[0].headers.two.map(String), ['a', 'b']);
    assert.equal(records[1].value, null);
  },

  'produces without acknowledgement': async () => {
    const on = await topic('acks-0');
    const sender = await producer();
    await sender.send({ topic: on, acks: 0, messages: messages('x') });
    const { records } = await read([on]);
    await eventually('read', () => records.length === 1);
  },

  'produces to topics that it creates': async () => {
    const on = `auto-${run}`;
    const sender = await producer({ allowAutoTopicCreation: true });
    await sender.send({ topic: on, messages: messages('x') });
    assert.ok((await (await admin()).listTopics()).includes(on));
  },

  'is told of records that are too large': async () => {
    const on = await topic('large', 1, {
      configEntries: [{ name: 'max.message.bytes', value: '1000' }],
    });
    const sender = await producer({ retry: { retries: 0 } });
    await rejects(
      sender.send({ topic: on, messages: messages('x'.repeat(2000)) }),
      'MESSAGE_TOO_LARGE'
    );
  },

  'commits transactions and aborts them': async () => {
    const on = await topic('transactions');
    const sender = await producer({ transactionalId: on, idempotent: true, maxInFlightRequests: 1 });
    const aborted = await sender.transaction();
    await aborted.send({ topic: on, messages: messages('aborted') });
    await aborted.abort();
    const committed = await sender.transaction();
    await committed.send({ topic: on, messages: messages('committed') });
    await committed.sendOffsets({
      consumerGroupId: `${on}-offsets`,
      topics: [{ topic: on, partitions: [{ partition: 0, offset: '7' }] }],
    });
    await committed.commit();
    const { records } = await read([on]);
    await eventually('read', () => records.length >= 1);
    assert.deepEqual(values(records), ['committed']);
    const client = await admin();
    const offsets = await client.fetchOffsets({ groupId: `${on}-offsets`, topics: [on] });
    assert.equal(offsets[0].partitions[0].offset, '7');
  },

  'fences a producer of the same transactional id': async () => {
    const on = await topic('fenced');
    const options = { transactionalId: on, idempotent: true, maxInFlightRequests: 1 };
    const old = await producer(options);
    const transaction = await old.transaction();
    await transaction.send({ topic: on, messages: messages('old') });
    const young = await producer(options);
    await (await young.transaction()).abort();
    await assert.rejects(transaction.send({ topic: on, messages: messages('late') }));
  },

  'reads on from what was committed': async () => {
    const on = await topic('resume');
    const sender = await producer();
    await sender.send({ topic: on, messages: messages('a', 'b') });
    const first = await read([on]);
    await eventually('read', () => first.records.length === 2);
    await first.consumer.disconnect();
    await sender.send({ topic: on, messages: messages('c') });
    const second = await read([on]);
    await eventually('read', () => second.records.length === 1);
    assert.deepEqual(values(second.records), ['c']);
  },

  'seeks, pauses and resumes': async () => {
    const on = await topic('seek');
    const sender = await producer();
    await sender.send({ topic: on, messages: messages('a', 'b', 'c') });
    const { consumer, records } = await read([on]);
    await eventually('read', () => records.length === 3);
    consumer.seek({ topic: on, partition: 0, offset: '1' });
    await eventually('read again', () => records.length === 5);
    consumer.pause([{ topic: on }]);
    assert.equal(consumer.paused().length, 1);
    consumer.resume([{ topic: on }]);
    await sender.send({ topic: on, messages: messages('d') });
    await eventually('read on', () => records.length === 6);
  },

  'reads topics by pattern': async () => {
    const on = await topic('pattern-a');
    await topic('pattern-b');
    const consumer = await connect(kafka.consumer({ groupId: `pattern-${run}` }));
    await consumer.subscribe({ topics: [new RegExp(`^pattern-.-${run}$`)], fromBeginning: true });
    const records = [];
    await consumer.run({ eachBatch: async ({ batch }) => records.push(...batch.messages) });
    const sender = await producer();
    await sender.send({ topic: on, messages: messages('x') });
    await eventually('read', () => records.length === 1);
  },

  'starts over when its offset is out of range': async () => {
    const on = await topic('reset');
    const sender = await producer();
    await sender.send({ topic: on, messages: messages('a', 'b', 'c') });
    const client = await admin();
    // It deletes from topics alone that it has looked at.
    await client.fetchTopicOffsets(on);
    await client.deleteTopicRecords({ topic: on, partitions: [{ partition: 0, offset: '2' }] });
    await client.setOffsets({
      groupId: `${on}-group`,
      topic: on,
      partitions: [{ partition: 0, offset: '0' }],
    });
    const { records } = await read([on]);
    await eventually('read', () => records.length === 1);
    assert.deepEqual(values(records), ['c']);
  },
};
