package torture

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// newServerCommand makes a command that is a server of NATS until it is killed.
func newServerCommand(cli.Env) *cobra.Command {
	return &cobra.Command{Use: "nats FILE", Args: cobra.ExactArgs(1), RunE: func(_ *cobra.Command, args []string) error {
		o, err := server.ProcessConfigFile(args[0])
		if err != nil {
			return err
		}
		s, err := server.NewServer(o)
		if err != nil {
			return err
		}
		s.ConfigureLogger() // without a logger, a server whose port is taken goes on without it
		s.Start()
		s.WaitForShutdown()
		return nil
	}}
}

// nodes are the servers of a cluster, each a process of its own.
type nodes struct {
	t   *testing.T
	all []*node
}

type node struct {
	file    string // its configuration
	address string

	mu      sync.Mutex
	process *clitest.Process
}

// withoutDeduplication has a server change each subject at random, so that the stream can't
// refuse a second copy.
const withoutDeduplication = `
mappings: {"up42.*.*.*.*": "up42.{{wildcard(1)}}.{{wildcard(2)}}.{{wildcard(3)}}.{{wildcard(4)}}.{{random(1000000)}}"}
`

// newNodes starts servers, which are a cluster if there are several, with more lines in their
// configuration.
func newNodes(t *testing.T, count int, more string) *nodes {
	t.Helper()
	natstest.Need(t)
	s := &nodes{t: t}
	var routes []string
	for range count {
		routes = append(routes, fmt.Sprint("127.0.0.1:", receivertest.FreePort(t)))
	}
	for i, route := range routes {
		n := &node{file: filepath.Join(t.TempDir(), "nats.conf"), address: fmt.Sprint("127.0.0.1:", receivertest.FreePort(t))}
		config := fmt.Sprintf("server_name: node%d\nlisten: %q\njetstream {store_dir: %q}\n%s", i+1, n.address, t.TempDir(), more)
		if count > 1 {
			config += fmt.Sprintf("cluster {name: team, listen: %q, no_advertise: true, routes: [nats://%s]}\n", route, strings.Join(routes, ", nats://"))
		}
		require.NoError(t, os.WriteFile(n.file, []byte(config), 0o600))
		s.all = append(s.all, n)
		s.start(n)
	}
	t.Cleanup(func() {
		for _, n := range s.all {
			n.kill()
		}
	})
	return s
}

func (s *nodes) start(n *node) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p, err := clitest.Start(append(clitest.Home(s.t), "GOMEMLIMIT=512MiB"), nil, "nats", n.file)
	require.NoError(s.t, err)
	n.process = p
}

// kill kills a server and waits for its end.
func (n *node) kill() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.process.Signal(syscall.SIGKILL)
	<-n.process.Done
}

// ended reports whether a server is no longer there.
func (n *node) ended() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	select {
	case <-n.process.Done:
		return true
	default:
		return false
	}
}

// ask asks the servers something.
func (s *nodes) ask(question func(jetstream.JetStream) error) error {
	var urls []string
	for _, n := range s.all {
		urls = append(urls, "nats://"+n.address)
	}
	nc, err := nats.Connect(strings.Join(urls, ","))
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	return question(js)
}

// ready returns why the servers can't be used yet.
func (s *nodes) ready() error {
	return s.ask(func(js jetstream.JetStream) error {
		_, err := js.AccountInfo(s.t.Context())
		return err
	})
}

// messages returns how many messages the stream has.
func (s *nodes) messages() (n uint64, err error) {
	err = s.ask(func(js jetstream.JetStream) error {
		stream, err := js.Stream(s.t.Context(), "UP42")
		if err == nil {
			n = stream.CachedInfo().State.Msgs
		}
		return err
	})
	return n, err
}

// forget deletes the stream.
func (s *nodes) forget() {
	require.NoError(s.t, s.ask(func(js jetstream.JetStream) error { return js.DeleteStream(s.t.Context(), "UP42") }))
}
