package kadm

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

func TestGroups(t *testing.T) {
	ctx, admin, _ := connect(t)
	name := topic(t, 2, nil)
	_, _, member := connect(t, kgo.ConsumerGroup(name), kgo.ConsumeTopics(name), kgo.DisableAutoCommit())
	for read := 0; read < 2; {
		read += member.PollFetches(ctx).NumRecords()
	}
	equal(t, member.CommitUncommittedOffsets(ctx), nil)
	listed := must[kadm.ListedGroups](t)(admin.ListGroups(ctx, "Stable"))
	equal(t, listed[name].ProtocolType, "consumer")
	lags := must[kadm.DescribedGroupLags](t)(admin.Lag(ctx, name))
	equal(t, lags[name].Lag.Total(), 0)
	equal(t, lags[name].State, "Stable")
	equal(t, len(lags[name].Members), 1)
	refused := must[kadm.DeleteGroupResponses](t)(admin.DeleteGroups(ctx, name))
	is(t, refused[name].Err, kerr.NonEmptyGroup)
	member.Close()
	eventually(t, "empty", func() bool {
		described := must[kadm.DescribedGroups](t)(admin.DescribeGroups(ctx, name))
		return described[name].State == "Empty"
	})
	coordinators := admin.FindGroupCoordinators(ctx, name)
	equal(t, coordinators.Error(), nil)

	var offsets kadm.Offsets
	offsets.AddOffset(name, 0, 0, -1)
	equal(t, admin.CommitAllOffsets(ctx, name, offsets), nil)
	fetched := must[kadm.OffsetResponses](t)(admin.FetchOffsets(ctx, name))
	first, _ := fetched.Lookup(name, 0)
	equal(t, first.At, 0)
	many := admin.FetchManyOffsets(ctx, name, name+"-none")
	equal(t, many.AllFailed(), false)
	var set kadm.TopicsSet
	set.Add(name, 0)
	deleted := must[kadm.DeleteOffsetsResponses](t)(admin.DeleteOffsets(ctx, name, set))
	equal(t, deleted.Error(), nil)
	fetched = must[kadm.OffsetResponses](t)(admin.FetchOffsets(ctx, name))
	_, exists := fetched.Lookup(name, 0)
	equal(t, exists, false)
	must[kadm.DeleteGroupResponse](t)(admin.DeleteGroup(ctx, name))
	_, err := admin.DeleteGroup(ctx, name)
	is(t, err, kerr.GroupIDNotFound)
}

func TestTransactions(t *testing.T) {
	ctx, admin, _ := connect(t)
	name := topic(t, 1, nil)
	_, _, sender := connect(t, kgo.TransactionalID(name), kgo.DefaultProduceTopic(name))
	equal(t, sender.BeginTransaction(), nil)
	equal(t, sender.ProduceSync(ctx, kgo.StringRecord("x")).FirstErr(), nil)
	described := must[kadm.DescribedTransactions](t)(admin.DescribeTransactions(ctx, name))
	equal(t, described[name].State, "Ongoing")
	equal(t, described[name].Topics.Lookup(name, 0), true)
	listed := must[kadm.ListedTransactions](t)(admin.ListTransactions(ctx, nil, []string{"Ongoing"}))
	equal(t, listed[name].State, "Ongoing")
	pattern := must[kadm.ListedTransactions](t)(admin.ListTransactionsByTxPattern(ctx, nil, nil, name+".*"))
	equal(t, len(pattern), 1)
	var set kadm.TopicsSet
	set.Add(name, 0)
	producers := must[kadm.DescribedProducersTopics](t)(admin.DescribeProducers(ctx, set))
	open := 0
	for _, producer := range producers[name].Partitions[0].ActiveProducers {
		if producer.CurrentTxnStartOffset == 1 {
			open++
		}
	}
	equal(t, open, 1)
	equal(t, admin.FindTxnCoordinators(ctx, name).Error(), nil)
	equal(t, sender.EndTransaction(ctx, kgo.TryCommit), nil)
	_, err := admin.DescribeTransactions(ctx, name+"-none")
	equal(t, err, nil)
}
