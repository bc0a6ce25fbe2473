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
	"sync"
	"sync/atomic"
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

// Counts requests of a kind.
type count struct {
	key int16
	n   atomic.Int64
}

func (c *count) OnBrokerWrite(_ kgo.BrokerMetadata, key int16, _ int, _, _ time.Duration, _ error) {
	if key == c.key {
		c.n.Add(1)
	}
}

func (t task) client(options ...kgo.Opt) *kgo.Client {
	seeds := kgo.SeedBrokers(strings.Split(t.bootstrap, ",")...)
	client, err := kgo.NewClient(append(options, seeds)...)
	must(err)
	return client
}

// Fetches as ours do by default: 1 MiB a partition, waiting for half a second.
func (t task) consumer(from kgo.Offset, more ...kgo.Opt) *kgo.Client {
	options := []kgo.Opt{
		kgo.FetchMaxPartitionBytes(1 << 20),
		kgo.FetchMaxWait(500 * time.Millisecond),
	}
	options = append(options, more...)
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

// Each partition gets a record a second. The value of a record is its number, and those of the first
// seconds are not timed.
func (t task) trickle() {
	ctx := context.Background()
	produces, fetches := &count{key: 0}, &count{key: 1}
	consumer := t.consumer(kgo.NewOffset().AtEnd(), kgo.WithHooks(fetches))
	until, cancel := context.WithTimeout(ctx, warm)
	consumer.PollFetches(until)
	cancel()
	producer := t.client(
		kgo.WithHooks(produces),
		kgo.ProducerLinger(5*time.Millisecond),
		kgo.ProducerBatchCompression(kgo.NoCompression()),
		kgo.RecordPartitioner(kgo.ManualPartitioner()))
	pause := time.Second / time.Duration(t.partitions)
	first := int(warm / pause)
	all := first + t.records
	sent, acknowledged := make([]time.Time, all), make([]time.Time, all)
	var done sync.WaitGroup
	done.Go(func() {
		begun := time.Now()
		for n := range all {
			time.Sleep(time.Until(begun.Add(pause * time.Duration(n))))
			value := make([]byte, 100)
			binary.BigEndian.PutUint64(value, uint64(n))
			record := &kgo.Record{Topic: t.topic, Partition: int32(n % t.partitions), Value: value}
			sent[n] = time.Now()
			producer.Produce(ctx, record, func(_ *kgo.Record, err error) {
				must(err)
				acknowledged[n] = time.Now()
			})
		}
		must(producer.Flush(ctx))
	})
	var m *meter
	var produced, fetched int64
	handled := make([]time.Time, all)
	for left := all; left > 0; {
		consumer.PollFetches(ctx).EachRecord(func(r *kgo.Record) {
			n := binary.BigEndian.Uint64(r.Value)
			if int(n) >= first && m == nil {
				begun := start()
				m = &begun
				produced, fetched = produces.n.Load(), fetches.n.Load()
			}
			if handled[n].IsZero() {
				left--
			}
			handled[n] = time.Now()
		})
	}
	done.Wait()
	seconds := time.Since(m.started).Seconds()
	fmt.Fprintf(os.Stderr, "franz-go, requests a second to produce and to fetch: %.0f, %.0f\n",
		float64(produces.n.Load()-produced)/seconds, float64(fetches.n.Load()-fetched)/seconds)
	var stages [][2]time.Duration
	var times []time.Duration
	for n := first; n < all; n++ {
		stored := acknowledged[n]
		if stored.After(handled[n]) {
			stored = handled[n]
		}
		stages = append(stages, [2]time.Duration{stored.Sub(sent[n]), handled[n].Sub(stored)})
		times = append(times, handled[n].Sub(sent[n]))
	}
	tell(stages)
	m.stop(times)
}

// Prints the mean of each stage, of all records and of the slowest hundredth.
func tell(stages [][2]time.Duration) {
	whole := func(stages [2]time.Duration) time.Duration { return stages[0] + stages[1] }
	sort.Slice(stages, func(i, j int) bool { return whole(stages[i]) < whole(stages[j]) })
	mean := func(of [][2]time.Duration, stage int) float64 {
		sum := time.Duration(0)
		for _, stages := range of {
			sum += stages[stage]
		}
		return sum.Seconds() * 1e3 / float64(len(of))
	}
	slowest := stages[len(stages)*99/100:]
	fmt.Fprintf(os.Stderr,
		"franz-go, mean ms until a record was acknowledged, was handled: %.1f, %.1f; slowest hundredth: %.1f, %.1f\n",
		mean(stages, 0), mean(stages, 1), mean(slowest, 0), mean(slowest, 1))
}
