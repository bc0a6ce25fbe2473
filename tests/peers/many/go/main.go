// franz-go as a candidate: the same arguments and the same line of figures as the others.
//
//	<row> <candidate> <bootstrap> <topic> <partitions> <records> <threads> <lz4> <seconds>
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// What to do, as src/task.rs has it.
type task struct {
	row, bootstrap, topic        string
	partitions, records, threads int
	lz4                          bool
	// How long it sends for at most.
	sending time.Duration
}

func parse(arguments []string) task {
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		must(err)
		return n
	}
	return task{
		row:        arguments[0],
		bootstrap:  arguments[2],
		topic:      arguments[3],
		partitions: number(arguments[4]),
		records:    number(arguments[5]),
		threads:    number(arguments[6]),
		lz4:        arguments[7] == "true",
		sending:    time.Duration(number(arguments[8])) * time.Second,
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	t := parse(os.Args[1:])
	switch t.row {
	case "produce":
		produce(t)
	case "killed":
		killed(t)
	case "stopped":
		stopped(t)
	default:
		panic("there is no row " + t.row)
	}
}

// The records that every candidate sends, as src/records.rs has them.
const keys, values = 1 << 16, 997

type records struct{ keys, values [][]byte }

func newRecords() records {
	r := records{make([][]byte, keys), make([][]byte, values)}
	for i := range r.keys {
		r.keys[i] = []byte(fmt.Sprintf("user-%011d", i))
	}
	for i := range r.values {
		r.values[i] = value(i)
	}
	return r
}

func (r records) key(n int) []byte   { return r.keys[n*40503%keys] }
func (r records) value(n int) []byte { return r.values[n%values] }

func value(i int) []byte {
	text := fmt.Appendf(nil, "user=%d,order=%d,status=pending,region=eu-west,price=%d,product=",
		i, i*7919%100003, i*31%9973)
	random := uint64(i)*0x9e3779b97f4a7c15 | 1
	for len(text) < 100 {
		random ^= random << 13
		random ^= random >> 7
		random ^= random << 17
		text = fmt.Appendf(text, "w%d,", random%5000)
	}
	return text[:100]
}

func client(t task, more ...kgo.Opt) *kgo.Client {
	codec := kgo.NoCompression()
	if t.lz4 {
		codec = kgo.Lz4Compression()
	}
	options := append([]kgo.Opt{
		kgo.SeedBrokers(strings.Split(t.bootstrap, ",")...),
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.ProducerLinger(5 * time.Millisecond),
		kgo.ProducerBatchMaxBytes(64 << 10),
		kgo.ProducerBatchCompression(codec),
		kgo.MaxBufferedRecords(200_000),
		kgo.RecordPartitioner(kgo.StickyKeyPartitioner(nil)),
	}, more...)
	c, err := kgo.NewClient(options...)
	must(err)
	return c
}

func produce(t task) {
	records, ctx := newRecords(), context.Background()
	c := client(t)
	send := func(n int) {
		record := &kgo.Record{Topic: t.topic, Key: records.key(n), Value: records.value(n)}
		c.Produce(ctx, record, func(_ *kgo.Record, err error) { must(err) })
	}
	for n := range 100 {
		send(n)
	}
	must(c.Flush(ctx))
	started, before := time.Now(), cpu()
	sent := 0
	for sent < t.records && !(sent%256 == 0 && time.Since(started) >= t.sending) {
		send(sent)
		sent++
	}
	must(c.Flush(ctx))
	fmt.Println(time.Since(started).Seconds(), cpu()-before, peakMegabytes(), 0, 0, 0, 0, sent)
}

// Sends so many records a second, in turn to each partition, until standard input ends, and prints
// how long a partition had nothing stored, if that is long.
func killed(t task) {
	records, ctx := newRecords(), context.Background()
	c := client(t, kgo.RecordPartitioner(kgo.ManualPartitioner()))
	var lock sync.Mutex
	last, stored, failed := make([]time.Time, t.partitions), 0, 0
	answered := func(r *kgo.Record, err error) {
		lock.Lock()
		defer lock.Unlock()
		if err != nil {
			failed++
			return
		}
		stored++
		now, before := time.Now(), last[r.Partition]
		if gap := now.Sub(before); !before.IsZero() && gap > 500*time.Millisecond {
			fmt.Println("gap", r.Partition, gap.Milliseconds())
		}
		last[r.Partition] = now
	}
	over := inputEnds()
	pause := time.Second / time.Duration(t.records)
	begun := time.Now()
	for n := 0; ; n++ {
		select {
		case <-over:
			must(c.Flush(ctx))
			fmt.Println("done", stored, failed)
			return
		case <-time.After(time.Until(begun.Add(time.Duration(n) * pause))):
		}
		c.Produce(ctx, &kgo.Record{
			Topic:     t.topic,
			Partition: int32(n % t.partitions),
			Key:       records.key(n),
			Value:     records.value(n),
		}, answered)
	}
}

// Closed when standard input ends.
func inputEnds() <-chan struct{} {
	over := make(chan struct{})
	go func() {
		bufio.NewScanner(os.Stdin).Scan()
		close(over)
	}()
	return over
}

// Sends so many records a second, in turn to each partition, until standard input ends, never waits
// for room, and prints each second how many records of each partition were stored in it.
func stopped(t task) {
	records, ctx := newRecords(), context.Background()
	c := client(t,
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.MaxBufferedRecords(1<<30),
		kgo.MaxBufferedBytes(32<<20))
	must(c.ProduceSync(ctx, &kgo.Record{Topic: t.topic, Value: []byte("x")}).FirstErr())
	stored := make([]atomic.Int64, t.partitions)
	answered := func(r *kgo.Record, err error) {
		if err == nil {
			stored[r.Partition].Add(1)
		}
	}
	over := inputEnds()
	begun, before, told := time.Now(), cpu(), 1
	for n := 0; ; {
		select {
		case <-over:
			fmt.Println(time.Since(begun).Seconds(), cpu()-before, peakMegabytes(), 0, 0)
			return
		default:
		}
		due := int(time.Since(begun).Seconds() * float64(t.records))
		for ; n < due; n++ {
			c.TryProduce(ctx, &kgo.Record{
				Topic:     t.topic,
				Partition: int32(n % t.partitions),
				Key:       records.key(n),
				Value:     records.value(n),
			}, answered)
		}
		if time.Since(begun) >= time.Duration(told)*time.Second {
			told++
			counts := make([]string, t.partitions)
			for i := range stored {
				counts[i] = strconv.FormatInt(stored[i].Swap(0), 10)
			}
			fmt.Println(strings.Join(counts, " "))
		}
		time.Sleep(time.Millisecond)
	}
}

func cpu() float64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}

func peakMegabytes() float64 {
	status, err := os.ReadFile("/proc/self/status")
	must(err)
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kibibytes, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	must(err)
	return kibibytes * 1024 / 1e6
}
