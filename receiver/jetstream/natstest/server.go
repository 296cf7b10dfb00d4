// Package natstest runs servers of NATS in tests, on 127.0.0.1 with ports of their own.
package natstest

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// ready bounds how long a server may take to start.
const ready = 20 * time.Second

// Server is a server that can be stopped and started again, on its port.
type Server struct {
	t       testing.TB
	options server.Options
	running *server.Server
}

// Change changes the options of a server before its start.
type Change func(*server.Options)

// WithoutJetStream turns JetStream off.
func WithoutJetStream(o *server.Options) { o.JetStream = false }

// Need skips a test where no server works.
func Need(t testing.TB) {
	t.Helper()
	if strconv.IntSize == 32 {
		t.Skip("a NATS server ends with an unaligned atomic operation on 32 bits")
	}
}

// Start starts a server with JetStream. The end of the test stops it.
func Start(t testing.TB, changes ...Change) *Server {
	t.Helper()
	s := prepare(t, changes...)
	s.Start()
	return s
}

func prepare(t testing.TB, changes ...Change) *Server {
	t.Helper()
	Need(t)
	s := &Server{t: t, options: server.Options{
		Host: "127.0.0.1", Port: receivertest.FreePort(t), JetStream: true, StoreDir: Folder(t), NoLog: true, NoSigs: true,
	}}
	for _, change := range changes {
		change(&s.options)
	}
	t.Cleanup(s.Stop)
	return s
}

// Folder makes a folder for what a server stores. Goroutines of a server that has stopped may still have
// files open, which Windows does not remove.
func Folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "nats")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// Start starts a server that was stopped.
func (s *Server) Start() {
	s.t.Helper()
	s.launch()
	s.await()
}

func (s *Server) launch() {
	o := s.options // the server changes it
	running, err := server.NewServer(&o)
	require.NoError(s.t, err)
	s.running = running
	running.Start()
}

// await waits until the server takes connections.
func (s *Server) await() {
	s.t.Helper()
	require.True(s.t, s.running.ReadyForConnections(ready), "a server does not start")
}

// Stop stops the server and waits for its end.
func (s *Server) Stop() {
	if s.running == nil {
		return
	}
	s.running.Shutdown()
	s.running.WaitForShutdown()
	s.running = nil
}

// URL is where clients connect.
func (s *Server) URL() string { return fmt.Sprintf("nats://127.0.0.1:%d", s.options.Port) }

// Name is the name of a server of a cluster.
func (s *Server) Name() string { return s.options.ServerName }

// Cluster starts servers that are one cluster.
func Cluster(t testing.TB, n int) []*Server {
	t.Helper()
	var all []*Server
	var routes []string
	for i := range n {
		port := receivertest.FreePort(t)
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", port))
		all = append(all, prepare(t, func(o *server.Options) {
			o.ServerName = fmt.Sprintf("node%d", i+1)
			o.Cluster = server.ClusterOpts{Name: "team", Host: "127.0.0.1", Port: port}
		}))
	}
	for _, s := range all {
		s.options.Routes = server.RoutesFromStr(strings.Join(routes, ","))
	}
	together(t, all)
	return all
}

// Configured starts the servers of a cluster, each as a configuration file says. The end of the
// test stops them.
func Configured(t testing.TB, files ...string) []*Server {
	t.Helper()
	var all []*Server
	for _, file := range files {
		o, err := server.ProcessConfigFile(file)
		require.NoError(t, err)
		all = append(all, prepare(t, func(into *server.Options) {
			*into = *o
			into.NoLog, into.NoSigs = true, true
		}))
	}
	together(t, all)
	return all
}

// together starts servers and waits until they are one cluster.
func together(t testing.TB, all []*Server) {
	t.Helper()
	for _, s := range all {
		s.launch()
	}
	for _, s := range all {
		s.await()
	}
	require.Eventually(t, func() bool {
		for _, s := range all {
			if s.running.JetStreamIsLeader() {
				return true
			}
		}
		return false
	}, ready, 20*time.Millisecond, "the cluster has no leader")
}
