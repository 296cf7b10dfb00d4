package receiver_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// BenchmarkDurable compares the receiver and its store with the same handler over two
// other logs: an append-only file with a group fsync (what the disk can do), and no store
// (what HTTP and signatures cost). Each delivery has 1 KB, is verified, and is answered
// after it is on disk. The logs take turns in rounds, so that other load on the machine
// affects all of them.
//
//	x-file     requests/s over those of the bare file
//	x-nostore  requests/s over those of no store
func BenchmarkDurable(b *testing.B) {
	for _, conns := range []int{32, 256} {
		b.Run(fmt.Sprintf("conns=%d", conns), func(b *testing.B) {
			defer debug.SetGCPercent(debug.SetGCPercent(1000)) // as `listen` does
			const rounds = 10
			perRound := max(b.N/rounds, 4000)
			logs := []receiver.Log{openStore(b), openFile(b), openNoLog(b)}
			var load [3]tally
			for range rounds {
				for i, log := range logs {
					load[i].add(drive(b, log, conns, perRound))
				}
			}
			for _, log := range logs {
				require.NoError(b, log.Close())
			}
			store, file, nothing := load[0], load[1], load[2]
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(store.rate(), "req/s")
			b.ReportMetric(store.p99(), "p99-ms")
			b.ReportMetric(file.p99(), "file-p99-ms")
			b.ReportMetric(store.rate()/file.rate(), "x-file")
			b.ReportMetric(store.rate()/nothing.rate(), "x-nostore")
		})
	}
}

// tally is what a load took.
type tally struct {
	took  time.Duration
	waits []time.Duration
}

func (t *tally) add(u tally) { t.took += u.took; t.waits = append(t.waits, u.waits...) }

func (t *tally) rate() float64 { return float64(len(t.waits)) / t.took.Seconds() }

func (t *tally) p99() float64 {
	slices.Sort(t.waits)
	return float64(t.waits[len(t.waits)*99/100].Microseconds()) / 1000
}

// drive sends n deliveries over conns keep-alive connections.
func drive(b *testing.B, log receiver.Log, conns, n int) tally {
	b.Helper()
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	h := receiver.NewHandler(receiver.HandlerOptions{Log: log}, signature.Policy{Secrets: []string{secret}})
	go func() { ended <- receiver.NewServer(h, receiver.ServerOptions{}).Serve(ctx, l) }()
	requests := deliveries(b, "http://"+l.Addr().String(), n)
	t := tally{waits: make([]time.Duration, n)}
	var next atomic.Int64
	var wg sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: conns, MaxConnsPerHost: conns}}
	defer client.CloseIdleConnections()
	start := time.Now()
	for range conns {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				sent := time.Now()
				if err := exchange(client, requests[i]); err != nil {
					b.Error(err)
					return
				}
				t.waits[i] = time.Since(sent)
			}
		})
	}
	wg.Wait()
	t.took = time.Since(start)
	stop()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	return t
}

func exchange(c *http.Client, req *http.Request) error {
	res, err := c.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, res.Body)
	if res.StatusCode != http.StatusOK {
		err = fmt.Errorf("answered %s", res.Status)
	}
	return errors.Join(err, res.Body.Close())
}

// deliveries returns n signed requests with bodies of 1 KB: orders with five events each.
func deliveries(b *testing.B, url string, n int) []*http.Request {
	statuses := []string{"CREATED", "BEING_PLACED", "PLACED", "BEING_FULFILLED", "FULFILLED"}
	out := make([]*http.Request, n)
	var id string
	for i := range out {
		if i%len(statuses) == 0 {
			id = uuid()
		}
		body := fmt.Sprintf(`{"event":"order.status","liveMode":true,"messageId":%q,"timestamp":%q,"body":{"orderId":%q,"orderType":"ARCHIVE","dataHostName":"oneatlas","status":%q,"note":"`,
			uuid(), time.Now().UTC().Format(time.RFC3339Nano), id, statuses[i%len(statuses)])
		body += strings.Repeat("n", 1024-len(body)-3) + `"}}`
		out[i] = signed(b, url, body, secret)
	}
	return out
}

func uuid() string {
	var u [16]byte
	_, _ = rand.Read(u[:])
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

func openStore(b *testing.B) receiver.Log {
	return must(sqlite.Open(context.Background(), filepath.Join(b.TempDir(), "events.db"), sqlite.Options{}))
}

// noLog acknowledges events without storing them.
type noLog struct{ receiver.Log }

func openNoLog(*testing.B) receiver.Log { return noLog{} }

func (noLog) Append(context.Context, *receiver.Event) (receiver.Receipt, error) {
	return receiver.Receipt{Seq: 1}, nil
}
func (noLog) Close() error { return nil }

// fileLog appends bodies to a file. Events that wait at the same time share one fsync.
type fileLog struct {
	receiver.Log
	f     *os.File
	queue chan line
	done  chan struct{}
	wg    sync.WaitGroup
}

type line struct {
	raw    []byte
	stored chan error
}

func openFile(b *testing.B) receiver.Log {
	f := &fileLog{f: must(os.Create(filepath.Join(b.TempDir(), "events.log"))), queue: make(chan line, 4096), done: make(chan struct{})}
	f.wg.Go(f.write)
	return f
}

func (f *fileLog) Append(_ context.Context, e *receiver.Event) (receiver.Receipt, error) {
	stored := make(chan error, 1)
	f.queue <- line{e.Raw, stored}
	return receiver.Receipt{Seq: 1}, <-stored
}

func (f *fileLog) Close() error {
	close(f.done)
	f.wg.Wait()
	return f.f.Close()
}

func (f *fileLog) write() {
	var buf bytes.Buffer
	var waiting []chan error
	for {
		select {
		case <-f.done:
			return
		case l := <-f.queue:
			buf.Reset()
			waiting = waiting[:0]
			for more := true; more; {
				buf.Write(append(l.raw, '\n'))
				waiting = append(waiting, l.stored)
				select {
				case l = <-f.queue:
				default:
					more = false
				}
			}
			_, err := io.Copy(f.f, &buf)
			err = errors.Join(err, f.f.Sync())
			for _, w := range waiting {
				w <- err
			}
		}
	}
}
