package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// BenchmarkKeyInAStorm measures how long the answer to a key takes on a terminal of 200×60 while
// deliveries come as fast as this machine can send and take them. The senders are on the same
// machine. The store has 50,000 events.
func BenchmarkKeyInAStorm(b *testing.B) {
	file := filepath.Join(b.TempDir(), "events.db")
	fill(b, file, 50_000)
	env := append(clitest.WithSecret([]string{"HOME=" + b.TempDir(), "LANG=C.UTF-8"}), "UP42_STORE="+file)
	m := clitest.OnTerminal(b, env, 200, 60, "--listen", "127.0.0.1:0")
	m.Sees(b, "0 Overview")
	_, err := io.WriteString(m.In, "3")
	require.NoError(b, err)
	screen := m.Sees(b, "VERDICT")
	_, address, _ := strings.Cut(screen, "127.0.0.1:")
	s := startStorm(b, "http://127.0.0.1:"+strings.Fields(address)[0]+"/receive-webhooks")
	began := time.Now()
	took := pressInTurn(b, m, []page{{"2", "JOURNEY"}, {"3", "VERDICT"}}, func() {})
	b.ReportMetric(float64(s.taken.Load())/time.Since(began).Seconds(), "deliveries/s")
	s.stop()
	took.report(b)
	m.Signal(os.Interrupt)
	<-m.Done
}

// storm sends deliveries.
type storm struct {
	taken atomic.Int64
	stop  func()
}

func startStorm(b *testing.B, url string) *storm {
	b.Helper()
	const senders = 16
	s, end := &storm{}, make(chan struct{})
	var all sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	for n := range senders {
		all.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-end:
					return
				default:
				}
				body := clitest.Delivery(fmt.Sprintf("storm-%d-%d", n, i), fmt.Sprintf("order-%d", i%9973), "PLACED")
				req := receivertest.SignedRequest(b, url, body, clitest.Secret)
				req.Body = io.NopCloser(bytes.NewReader(body))
				resp, err := client.Do(req)
				if err != nil {
					continue
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
				if resp.StatusCode == http.StatusOK {
					s.taken.Add(1)
				}
			}
		})
	}
	s.stop = func() {
		close(end)
		all.Wait()
		client.CloseIdleConnections()
	}
	return s
}
