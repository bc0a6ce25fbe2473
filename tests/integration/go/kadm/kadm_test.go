// What franz-go's admin client does, a test each: kadm's own tests have a broker of their own.
//
// The cluster is that of the environment variable BOOTSTRAP.
package kadm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

func connect(t *testing.T, options ...kgo.Opt) (context.Context, *kadm.Client, *kgo.Client) {
	t.Helper()
	addresses := strings.Split(os.Getenv("BOOTSTRAP"), ",")
	client, err := kgo.NewClient(append(options, kgo.SeedBrokers(addresses...))...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(func() {
		cancel()
		client.Close()
	})
	return ctx, kadm.NewClient(client), client
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func is(t *testing.T, err, expected error) {
	t.Helper()
	if !errors.Is(err, expected) {
		t.Fatalf("%v is not %v", err, expected)
	}
}

func equal[T comparable](t *testing.T, one, other T) {
	t.Helper()
	if one != other {
		t.Fatalf("%v is not %v", one, other)
	}
}

func eventually(t *testing.T, what string, ask func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ask(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

// topic creates a topic with a record in each of its partitions.
func topic(t *testing.T, partitions int32, configs map[string]*string) string {
	t.Helper()
	ctx, admin, client := connect(t, kgo.RecordPartitioner(kgo.ManualPartitioner()))
	name := fmt.Sprintf("%s-%d", strings.ToLower(t.Name()), time.Now().UnixNano())
	made := must[kadm.CreateTopicResponse](t)(admin.CreateTopic(ctx, partitions, 1, configs, name))
	equal(t, made.NumPartitions, partitions)
	for partition := range partitions {
		record := &kgo.Record{Topic: name, Partition: partition, Value: []byte("x")}
		if err := client.ProduceSync(ctx, record).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	return name
}

func text(value string) *string { return &value }

func TestCluster(t *testing.T) {
	ctx, admin, _ := connect(t)
	metadata := must[kadm.Metadata](t)(admin.BrokerMetadata(ctx))
	nodes := len(strings.Split(os.Getenv("BOOTSTRAP"), ","))
	equal(t, len(metadata.Brokers), nodes)
	equal(t, len(metadata.Cluster), 22)
	if !slices.Contains(metadata.Brokers.NodeIDs(), metadata.Controller) {
		t.Fatal(metadata.Controller)
	}
	versions := must[kadm.BrokersApiVersions](t)(admin.ApiVersions(ctx))
	equal(t, len(versions), nodes)
}

func TestTopics(t *testing.T) {
	ctx, admin, _ := connect(t)
	name := topic(t, 2, nil)
	_, err := admin.CreateTopic(ctx, 1, 1, nil, name)
	is(t, err, kerr.TopicAlreadyExists)
	_, err = admin.CreateTopic(ctx, 1, 99, nil, name+"-many")
	is(t, err, kerr.InvalidReplicationFactor)
	_, err = admin.CreateTopic(ctx, 1, 1, map[string]*string{"no.such": text("1")}, name+"-config")
	is(t, err, kerr.InvalidConfig)
	validated := must[kadm.CreateTopicResponses](t)(admin.ValidateCreateTopics(ctx, 1, 1, nil, name+"-v"))
	equal(t, validated.Error(), nil)
	listed := must[kadm.TopicDetails](t)(admin.ListTopics(ctx))
	equal(t, listed.Has(name), true)
	equal(t, listed.Has(name+"-v"), false)
	equal(t, len(listed[name].Partitions), 2)
	deleted := must[kadm.DeleteTopicResponse](t)(admin.DeleteTopic(ctx, name))
	equal(t, deleted.Err, nil)
	_, err = admin.DeleteTopic(ctx, name)
	is(t, err, kerr.UnknownTopicOrPartition)
}

func TestPartitions(t *testing.T) {
	ctx, admin, _ := connect(t)
	name := topic(t, 2, nil)
	validated := must[kadm.CreatePartitionsResponses](t)(admin.ValidateCreatePartitions(ctx, 1, name))
	equal(t, validated.Error(), nil)
	added := must[kadm.CreatePartitionsResponses](t)(admin.CreatePartitions(ctx, 1, name))
	equal(t, added.Error(), nil)
	eventually(t, "three", func() bool {
		listed, err := admin.ListTopics(ctx, name)
		return err == nil && len(listed[name].Partitions) == 3
	})
	fewer := must[kadm.CreatePartitionsResponses](t)(admin.UpdatePartitions(ctx, 1, name))
	is(t, fewer.Error(), kerr.InvalidPartitions)
}

func TestConfigsOfTopics(t *testing.T) {
	ctx, admin, _ := connect(t)
	name := topic(t, 1, map[string]*string{"retention.ms": text("1000")})
	configs := func() map[string]*kadm.Config {
		described := must[kadm.ResourceConfigs](t)(admin.DescribeTopicConfigs(ctx, name))
		found := make(map[string]*kadm.Config)
		for _, config := range described[0].Configs {
			found[config.Key] = &config
		}
		return found
	}
	equal(t, configs()["retention.ms"].MaybeValue(), "1000")
	equal(t, configs()["retention.ms"].Source.String(), "DYNAMIC_TOPIC_CONFIG")
	equal(t, configs()["cleanup.policy"].Source.String(), "DEFAULT_CONFIG")
	altered := must[kadm.AlterConfigsResponses](t)(admin.AlterTopicConfigs(ctx, []kadm.AlterConfig{
		{Op: kadm.SetConfig, Name: "retention.ms", Value: text("2000")},
		{Op: kadm.AppendConfig, Name: "cleanup.policy", Value: text("compact")},
	}, name))
	equal(t, altered[0].Err, nil)
	eventually(t, "altered", func() bool {
		now := configs()
		return now["retention.ms"].MaybeValue() == "2000" &&
			now["cleanup.policy"].MaybeValue() == "delete,compact"
	})
	wrong := []kadm.AlterConfig{{Op: kadm.SetConfig, Name: "retention.ms", Value: text("x")}}
	refused := must[kadm.AlterConfigsResponses](t)(admin.ValidateAlterTopicConfigs(ctx, wrong, name))
	is(t, refused[0].Err, kerr.InvalidConfig)
	whole := []kadm.AlterConfig{{Name: "retention.bytes", Value: text("5")}}
	state := must[kadm.AlterConfigsResponses](t)(admin.AlterTopicConfigsState(ctx, whole, name))
	equal(t, state[0].Err, nil)
	eventually(t, "all others are as by default", func() bool {
		now := configs()
		return now["retention.bytes"].MaybeValue() == "5" && now["cleanup.policy"].MaybeValue() == "delete"
	})
}

func TestConfigsOfBrokers(t *testing.T) {
	ctx, admin, _ := connect(t)
	described := must[kadm.ResourceConfigs](t)(admin.DescribeBrokerConfigs(ctx, 1))
	if number := len(described[0].Configs); number < 200 {
		t.Fatalf("%d configs", number)
	}
	alter := func(value string) error {
		set := []kadm.AlterConfig{{Op: kadm.SetConfig, Name: "log.cleaner.threads", Value: text(value)}}
		altered, err := admin.ValidateAlterBrokerConfigs(ctx, set)
		if err != nil {
			return err
		}
		return altered[0].Err
	}
	equal(t, alter("1"), nil)
	if alter("x") == nil {
		t.Fatal("nonsense was taken")
	}
}

func TestConfigResources(t *testing.T) {
	ctx, admin, _ := connect(t)
	topic(t, 1, nil)
	must[kadm.ListedConfigResources](t)(admin.ListConfigResources(ctx))
}

func TestOffsets(t *testing.T) {
	ctx, admin, client := connect(t)
	name := topic(t, 1, nil)
	record := &kgo.Record{Topic: name, Value: []byte("y")}
	equal(t, client.ProduceSync(ctx, record).FirstErr(), nil)
	at := func(list func(context.Context, ...string) (kadm.ListedOffsets, error)) int64 {
		listed := must[kadm.ListedOffsets](t)(list(ctx, name))
		offset, _ := listed.Lookup(name, 0)
		return offset.Offset
	}
	equal(t, at(admin.ListStartOffsets), 0)
	equal(t, at(admin.ListEndOffsets), 2)
	equal(t, at(admin.ListCommittedOffsets), 2)
	equal(t, at(admin.ListLocalLogStartOffsets), 0)
	equal(t, at(admin.ListLatestRemoteOffsets), -1)
	equal(t, at(admin.ListMaxTimestampOffsets), 1)
	after := must[kadm.ListedOffsets](t)(admin.ListOffsetsAfterMilli(ctx, time.Now().UnixMilli()+60000, name))
	late, _ := after.Lookup(name, 0)
	equal(t, late.Offset, 2)
	var before kadm.Offsets
	before.AddOffset(name, 0, 1, -1)
	deleted := must[kadm.DeleteRecordsResponses](t)(admin.DeleteRecords(ctx, before))
	gone, _ := deleted.Lookup(name, 0)
	equal(t, gone.LowWatermark, 1)
	equal(t, at(admin.ListStartOffsets), 1)
	var request kadm.OffsetForLeaderEpochRequest
	request.Add(name, 0, 0)
	ends := must[kadm.OffsetsForLeaderEpochs](t)(admin.OffsetForLeaderEpoch(ctx, request))
	equal(t, ends[name][0].EndOffset, 2)
}

func TestLogDirs(t *testing.T) {
	ctx, admin, _ := connect(t)
	name := topic(t, 2, nil)
	var set kadm.TopicsSet
	set.Add(name, 0, 1)
	described := must[kadm.DescribedAllLogDirs](t)(admin.DescribeAllLogDirs(ctx, set))
	var sizes int64
	described.Each(func(one kadm.DescribedLogDir) { sizes += one.Size() })
	if sizes < 100 || sizes > 1000 {
		t.Fatalf("%d bytes", sizes)
	}
}

func TestReassignments(t *testing.T) {
	ctx, admin, _ := connect(t)
	name := topic(t, 1, nil)
	brokers := must[kadm.BrokerDetails](t)(admin.ListBrokers(ctx)).NodeIDs()
	target := brokers[len(brokers)-1]
	var move kadm.AlterPartitionAssignmentsReq
	move.Assign(name, 0, []int32{target})
	moved := must[kadm.AlterPartitionAssignmentsResponses](t)(admin.AlterPartitionAssignments(ctx, move))
	equal(t, moved.Error(), nil)
	var set kadm.TopicsSet
	set.Add(name, 0)
	eventually(t, "moved", func() bool {
		under := must[kadm.ListPartitionReassignmentsResponses](t)(admin.ListPartitionReassignments(ctx, set))
		topics := must[kadm.TopicDetails](t)(admin.ListTopics(ctx, name))
		replicas := topics[name].Partitions[0].Replicas
		return len(under) == 0 && len(replicas) == 1 && replicas[0] == target
	})
	elected := must[kadm.ElectLeadersResults](t)(admin.ElectLeaders(ctx, kadm.ElectPreferredReplica, set))
	is(t, elected[name][0].Err, kerr.ElectionNotNeeded)
}

func TestQuotas(t *testing.T) {
	ctx, admin, _ := connect(t)
	user := t.Name()
	entity := kadm.ClientQuotaEntity{{Type: "user", Name: &user}}
	set := []kadm.AlterClientQuotaEntry{{
		Entity: entity,
		Ops:    []kadm.AlterClientQuotaOp{{Key: "producer_byte_rate", Value: 1e9}},
	}}
	altered := must[kadm.AlteredClientQuotas](t)(admin.AlterClientQuotas(ctx, set))
	equal(t, altered[0].Err, nil)
	asked := []kadm.DescribeClientQuotaComponent{{Type: "user", MatchName: &user}}
	eventually(t, "described", func() bool {
		described := must[kadm.DescribedClientQuotas](t)(admin.DescribeClientQuotas(ctx, true, asked))
		return len(described) == 1 && described[0].Values[0].Value == 1e9
	})
}

func TestScram(t *testing.T) {
	ctx, admin, _ := connect(t)
	user := t.Name()
	upsert := []kadm.UpsertSCRAM{{User: user, Mechanism: kadm.ScramSha256, Iterations: 4096, Password: "secret"}}
	altered := must[kadm.AlteredUserSCRAMs](t)(admin.AlterUserSCRAMs(ctx, nil, upsert))
	equal(t, altered.Error(), nil)
	eventually(t, "described", func() bool {
		described, err := admin.DescribeUserSCRAMs(ctx, user)
		return err == nil && len(described[user].CredInfos) == 1 &&
			described[user].CredInfos[0].Iterations == 4096
	})
	remove := []kadm.DeleteSCRAM{{User: user, Mechanism: kadm.ScramSha512}}
	refused := must[kadm.AlteredUserSCRAMs](t)(admin.AlterUserSCRAMs(ctx, remove, nil))
	is(t, refused.Error(), kerr.ResourceNotFound)
}

func TestAclsWithoutAuthorizer(t *testing.T) {
	ctx, admin, _ := connect(t)
	acls := kadm.NewACLs().Topics("x").Allow("User:a").AllowHosts().Operations(kadm.OpRead).
		ResourcePatternType(kadm.ACLPatternLiteral)
	created := must[kadm.CreateACLsResults](t)(admin.CreateACLs(ctx, acls))
	is(t, created[0].Err, kerr.SecurityDisabled)
	described, err := admin.DescribeACLs(ctx, acls)
	if err == nil {
		err = described[0].Err
	}
	is(t, err, kerr.SecurityDisabled)
}

func TestTokensOfTheUnauthenticated(t *testing.T) {
	ctx, admin, _ := connect(t)
	_, err := admin.DescribeDelegationTokens(ctx)
	is(t, err, kerr.DelegationTokenRequestNotAllowed)
}

func TestFeatures(t *testing.T) {
	ctx, admin, _ := connect(t)
	update := func(feature string, level int16) error {
		asked := kadm.FeatureUpdate{Feature: feature, MaxVersionLevel: level, UpgradeType: 1}
		updated, err := admin.UpdateFeatures(ctx, true, asked)
		if err != nil {
			return err
		}
		return updated[feature].Err
	}
	equal(t, update("group.version", 1), nil)
	if update("no.such", 1) == nil {
		t.Fatal("a feature was made up")
	}
}
