package torture

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
)

// member is a receiver of a team. It reaches each server through a proxy of its own.
type member struct {
	t       *testing.T
	name    string
	env     []string
	args    []string
	address string
	proxies []*natstest.Proxy
	// printed gets the message id of each event of others that the receiver prints.
	printed func(id string)

	troubled sync.Mutex // held while something is done to it

	mu      sync.Mutex
	process *clitest.Process
}

func newMember(t *testing.T, name string, s *nodes, printed func(string), args ...string) *member {
	m := &member{t: t, name: name, address: freeAddress(t), printed: printed}
	var urls []string
	for _, n := range s.all {
		p := natstest.NewProxy(t, n.address)
		m.proxies, urls = append(m.proxies, p), append(urls, p.URL())
	}
	m.env = append(clitest.WithSecret(clitest.Home(t)), "UP42_STREAM="+strings.Join(urls, ","), "UP42_STREAM_MEMBER="+name, "UP42_STREAM_REPLICAS=3")
	m.args = append([]string{"listen", "--listen", m.address}, args...)
	m.start()
	t.Cleanup(m.kill)
	return m
}

func (m *member) url() string { return "http://" + m.address + "/receive-webhooks" }

func (m *member) start() {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, err := clitest.Start(m.env, &lines{each: m.line}, m.args...)
	require.NoError(m.t, err)
	m.process = p
}

func (m *member) running() *clitest.Process {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.process
}

// kill kills the receiver and waits for its end.
func (m *member) kill() {
	p := m.running()
	p.Signal(syscall.SIGKILL)
	<-p.Done
}

// loseDisk removes the store.
func (m *member) loseDisk() {
	require.NoError(m.t, os.RemoveAll(filepath.Dir(clitest.StoreOf(m.env))))
}

// each does something with each proxy.
func (m *member) each(do func(*natstest.Proxy)) {
	for _, p := range m.proxies {
		do(p)
	}
}

var (
	idBegins  = []byte(`"messageId":"`)
	ofAnother = []byte(`"receivedBy":"`)
)

func (m *member) line(line []byte) {
	_, rest, ok := bytes.Cut(line, idBegins)
	if id, _, whole := bytes.Cut(rest, []byte{'"'}); ok && whole && bytes.Contains(line, ofAnother) {
		m.printed(string(id))
	}
}

// lines calls each with each line that is written.
type lines struct {
	each func([]byte)
	rest []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	left := l.rest
	for {
		line, rest, ok := bytes.Cut(left, []byte{'\n'})
		if !ok {
			break
		}
		l.each(line)
		left = rest
	}
	l.rest = append(l.rest[:0], left...)
	return len(p), nil
}
