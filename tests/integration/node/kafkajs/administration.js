// The cluster, topics, configs, offsets, groups and ACLs that are administered.

'use strict';

const assert = require('assert');
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes } = require('kafkajs');
const { ConfigResourceTypes, ResourcePatternTypes } = require('kafkajs');
const { admin, bootstrap, eventually, messages, producer } = require('./harness');
const { read, rejects, run, topic } = require('./harness');

module.exports = {
  'describes the cluster': async () => {
    const cluster = await (await admin()).describeCluster();
    assert.equal(cluster.brokers.length, bootstrap.split(',').length);
    assert.ok(cluster.brokers.some(broker => broker.nodeId === cluster.controller));
    assert.equal(cluster.clusterId.length, 22);
  },

  'creates, lists, describes and deletes topics': async () => {
    const on = await topic('managed', 2);
    const client = await admin();
    assert.equal(await client.createTopics({ topics: [{ topic: on }] }), false);
    const { topics } = await client.fetchTopicMetadata({ topics: [on] });
    assert.deepEqual(topics[0].partitions.map(one => one.partitionId).sort(), [0, 1]);
    assert.deepEqual(topics[0].partitions[0].isr, topics[0].partitions[0].replicas);
    const more = { topicPartitions: [{ topic: on, count: 4 }] };
    await client.createPartitions(more);
    const fewer = { topicPartitions: [{ topic: on, count: 1 }] };
    await rejects(client.createPartitions(fewer), 'INVALID_PARTITIONS');
    await client.deleteTopics({ topics: [on] });
    await eventually('gone', async () => !(await client.listTopics()).includes(on));
    await rejects(client.deleteTopics({ topics: [on] }), 'UNKNOWN_TOPIC_OR_PARTITION');
  },

  'validates topics without creating them': async () => {
    const client = await admin();
    const asked = { topic: `validated-${run}`, numPartitions: 1, replicationFactor: 1 };
    await client.createTopics({ validateOnly: true, waitForLeaders: false, topics: [asked] });
    assert.ok(!(await client.listTopics()).includes(asked.topic));
    const topics = [{ ...asked, topic: 'in valid' }];
    await rejects(client.createTopics({ waitForLeaders: false, topics }), 'INVALID_TOPIC_EXCEPTION');
    const many = [{ ...asked, replicationFactor: 99 }];
    const refused = client.createTopics({ waitForLeaders: false, topics: many });
    await rejects(refused, 'INVALID_REPLICATION_FACTOR');
  },

  'alters and describes configs': async () => {
    const on = await topic('configs');
    const client = await admin();
    const resource = { type: ConfigResourceTypes.TOPIC, name: on };
    const describe = async () => {
      const resources = [{ ...resource, configNames: ['retention.ms', 'cleanup.policy'] }];
      const described = await client.describeConfigs({ resources, includeSynonyms: true });
      return described.resources[0].configEntries;
    };
    assert.equal((await describe()).find(one => one.configName === 'cleanup.policy').configSource, 5);
    const alter = value =>
      client.alterConfigs({
        resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value }] }],
      });
    await alter('12345');
    const retention = await eventually('altered', async () =>
      (await describe()).find(one => one.configName === 'retention.ms' && one.configValue === '12345')
    );
    assert.equal(retention.configSource, 1);
    assert.equal(retention.configSynonyms[0].configValue, '12345');
    await rejects(alter('nonsense'), 'INVALID_CONFIG');
  },

  'describes the configs of a broker': async () => {
    const client = await admin();
    const { brokers } = await client.describeCluster();
    const resources = [{ type: ConfigResourceTypes.BROKER, name: `${brokers[0].nodeId}` }];
    const described = await client.describeConfigs({ resources, includeSynonyms: false });
    const entries = described.resources[0].configEntries;
    assert.ok(entries.length > 200, `${entries.length}`);
    assert.ok(entries.some(entry => entry.configName === 'log.retention.hours'));
  },

  'sets, resets and fetches offsets': async () => {
    const on = await topic('offsets');
    const sender = await producer();
    await sender.send({ topic: on, messages: messages('a', 'b', 'c') });
    const client = await admin();
    const groupId = `${on}-group`;
    const fetch = async () =>
      (await client.fetchOffsets({ groupId, topics: [on] }))[0].partitions[0].offset;
    assert.equal(await fetch(), '-1');
    await client.setOffsets({ groupId, topic: on, partitions: [{ partition: 0, offset: '2' }] });
    assert.equal(await fetch(), '2');
    await client.resetOffsets({ groupId, topic: on, earliest: true });
    const all = await client.fetchOffsets({ groupId, resolveOffsets: true });
    assert.equal(all[0].partitions[0].offset, '0');
  },

  'finds offsets, also by time': async () => {
    const on = await topic('ends');
    const sender = await producer();
    const timed = [1000, 2000, 3000].map(time => ({ value: 'x', timestamp: `${time}` }));
    await sender.send({ topic: on, messages: timed });
    const client = await admin();
    const [ends] = await client.fetchTopicOffsets(on);
    assert.deepEqual([ends.low, ends.high], ['0', '3']);
    const at = async time => (await client.fetchTopicOffsetsByTimestamp(on, time))[0].offset;
    assert.deepEqual([await at(1500), await at(9000)], ['1', '3']);
    await client.deleteTopicRecords({ topic: on, partitions: [{ partition: 0, offset: '-1' }] });
    assert.equal((await client.fetchTopicOffsets(on))[0].low, '3');
    const past = { topic: on, partitions: [{ partition: 0, offset: '9' }] };
    await rejects(client.deleteTopicRecords(past), 'OFFSET_OUT_OF_RANGE').catch(error => {
      // It looks before it asks.
      assert.match(error.message, /OFFSET|offset/);
    });
  },

  'lists, describes and deletes groups': async () => {
    const on = await topic('groups');
    const groupId = `${on}-group`;
    const { consumer } = await read([on]);
    const client = await admin();
    const state = async () => (await client.describeGroups([groupId])).groups[0].state;
    await eventually('stable', async () => (await state()) === 'Stable');
    const listed = (await client.listGroups()).groups.find(group => group.groupId === groupId);
    assert.equal(listed.protocolType, 'consumer');
    const nonEmpty = await client.deleteGroups([groupId]).catch(error => error.groups);
    assert.match(JSON.stringify(nonEmpty), /NON_EMPTY_GROUP|68/);
    await consumer.disconnect();
    assert.equal(await state(), 'Empty');
    assert.equal((await client.deleteGroups([groupId]))[0].errorCode, 0);
    assert.equal(await state(), 'Dead');
  },

  'moves replicas and lists what is under way': async () => {
    const on = await topic('moved');
    const client = await admin();
    const { brokers } = await client.describeCluster();
    const target = brokers[brokers.length - 1].nodeId;
    const topics = [{ topic: on, partitionAssignment: [{ partition: 0, replicas: [target] }] }];
    await client.alterPartitionReassignments({ topics });
    await eventually('moved', async () => {
      const under = await client.listPartitionReassignments({ topics: [{ topic: on, partitions: [0] }] });
      const { topics } = await client.fetchTopicMetadata({ topics: [on] });
      return under.topics.length === 0 && topics[0].partitions[0].replicas.join() === `${target}`;
    });
    const nobody = [{ topic: on, partitionAssignment: [{ partition: 0, replicas: [99] }] }];
    await rejects(
      client.alterPartitionReassignments({ topics: nobody }),
      'INVALID_REPLICA_ASSIGNMENT'
    );
  },

  'is told that there are no ACLs': async () => {
    const client = await admin();
    const filter = {
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
      operation: AclOperationTypes.ANY,
    };
    await rejects(client.describeAcls(filter), 'SECURITY_DISABLED');
    const acl = {
      resourceType: AclResourceTypes.TOPIC,
      resourceName: 'x',
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: 'User:a',
      host: '*',
      operation: AclOperationTypes.READ,
      permissionType: AclPermissionTypes.ALLOW,
    };
    await rejects(client.createAcls({ acl: [acl] }), 'SECURITY_DISABLED');
    await rejects(client.deleteAcls({ filters: [filter] }), 'SECURITY_DISABLED');
  },
};
