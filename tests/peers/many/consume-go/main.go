// Consuming with franz-go, as a candidate of peers-many: it takes the arguments of a task and prints
// its figures.
//
//	consume-go ROW CANDIDATE BOOTSTRAP TOPIC PARTITIONS RECORDS THREADS LZ4
package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// How long a consumer runs before it is measured while nothing, or little, happens.
const warm = 4 * time.Second

type task struct {
	row, candidate, bootstrap, topic string
	partitions, records              int
}

type meter struct {
	started time.Time
	cpu     time.Duration
	// CPU time when half of the records were done; 0 before.
	halfway time.Duration
}

func main() {
	arguments := os.Args[1:]
	number := func(i int) int {
		n, err := strconv.Atoi(arguments[i])
		must(err)
		return n
	}
	t := task{arguments[0], arguments[1], arguments[2], arguments[3], number(4), number(5)}
	switch t.row {
	case "consume":
		t.consume()
	case "consume-idle":
		t.idle()
	case "consume-trickle":
		t.trickle()
	default:
		panic(t.row)
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Of all threads, in user and system mode.
func cpu() time.Duration {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func start() meter { return meter{time.Now(), cpu(), 0} }

// Prints the figures, with the times that records took.
func (m meter) stop(times []time.Duration) {
	seconds, now, steady := time.Since(m.started).Seconds(), cpu(), 0.0
	if m.halfway > 0 {
		steady = (now - m.halfway).Seconds()
	}
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	percentile := func(percent int) float64 {
		if len(times) == 0 {
			return 0
		}
		return times[len(times)*percent/100].Seconds() * 1e3
	}
	cpu := (now - m.cpu).Seconds()
	fmt.Println(seconds, cpu, peakMegabytes(), percentile(50), percentile(99), steady)
}

func peakMegabytes() float64 {
	status, err := os.ReadFile("/proc/self/status")
	must(err)
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	kibibytes, err := strconv.ParseFloat(strings.Fields(peak)[0], 64)
	must(err)
	return kibibytes * 1024 / 1e6
}

func (t task) client(options ...kgo.Opt) *kgo.Client {
	seeds := kgo.SeedBrokers(strings.Split(t.bootstrap, ",")...)
	client, err := kgo.NewClient(append(options, seeds)...)
	must(err)
	return client
}

// Fetches as ours do by default: 1 MiB a partition, waiting for half a second.
func (t task) consumer(from kgo.Offset) *kgo.Client {
	options := []kgo.Opt{
		kgo.FetchMaxPartitionBytes(1 << 20),
		kgo.FetchMaxWait(500 * time.Millisecond),
	}
	if !strings.HasSuffix(t.candidate, "group") {
		partitions := map[int32]kgo.Offset{}
		for partition := range int32(t.partitions) {
			partitions[partition] = from
		}
		all := map[string]map[int32]kgo.Offset{t.topic: partitions}
		return t.client(append(options, kgo.ConsumePartitions(all))...)
	}
	return t.client(append(options,
		kgo.ConsumerGroup(fmt.Sprintf("group-%d", os.Getpid())),
		kgo.ConsumeTopics(t.topic),
		kgo.ConsumeResetOffset(from),
		kgo.Balancers(kgo.CooperativeStickyBalancer()))...)
}

func (t task) consume() {
	m := start()
	client := t.consumer(kgo.NewOffset().AtStart())
	count, sum := 0, int64(0)
	for count < t.records {
		fetches := client.PollFetches(context.Background())
		for _, failed := range fetches.Errors() {
			panic(failed.Err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			last := int64(r.Key[len(r.Key)-1]) ^ int64(r.Value[len(r.Value)-1])
			sum ^= r.Offset ^ r.Timestamp.UnixMilli() ^ last
			count++
		})
		if count >= t.records/2 && m.halfway == 0 {
			m.halfway = cpu()
		}
	}
	m.stop(nil)
	client.Close()
}

// A record of the task is a second of it.
func (t task) idle() {
	client := t.consumer(kgo.NewOffset().AtEnd())
	wait := func(time time.Duration) {
		until, cancel := context.WithTimeout(context.Background(), time)
		defer cancel()
		for until.Err() == nil {
			client.PollFetches(until)
		}
	}
	wait(warm)
	m := start()
	wait(time.Duration(t.records) * time.Second)
	m.stop(nil)
}

// Each partition gets a record a second; each record says when it was sent.
func (t task) trickle() {
	ctx := context.Background()
	consumer := t.consumer(kgo.NewOffset().AtEnd())
	until, cancel := context.WithTimeout(ctx, warm)
	consumer.PollFetches(until)
	cancel()
	producer := t.client(
		kgo.ProducerLinger(5*time.Millisecond),
		kgo.ProducerBatchCompression(kgo.NoCompression()),
		kgo.RecordPartitioner(kgo.ManualPartitioner()))
	begun := time.Now()
	pause := time.Second / time.Duration(t.partitions)
	first := int(warm / pause)
	go func() {
		for n := range first + t.records {
			time.Sleep(time.Until(begun.Add(pause * time.Duration(n))))
			value := make([]byte, 100)
			if n >= first {
				binary.BigEndian.PutUint64(value, uint64(time.Since(begun)))
			}
			record := &kgo.Record{Topic: t.topic, Partition: int32(n % t.partitions), Value: value}
			producer.Produce(ctx, record, func(_ *kgo.Record, err error) { must(err) })
		}
		must(producer.Flush(ctx))
	}()
	var m meter
	var times []time.Duration
	for len(times) < t.records {
		consumer.PollFetches(ctx).EachRecord(func(r *kgo.Record) {
			sent := time.Duration(binary.BigEndian.Uint64(r.Value))
			if sent == 0 {
				return
			}
			if times == nil {
				m = start()
			}
			times = append(times, time.Since(begun)-sent)
		})
	}
	m.stop(times)
}
