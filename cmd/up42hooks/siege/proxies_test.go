package siege

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// proxy is a program that can be in front of a receiver. Its settings are those that the
// documents give.
type proxy struct {
	name string // of the program, and of the block with its settings
	args func(settings string) []string
	// adapt replaces what can't be tested: the name of a host, TLS, and files of the system.
	adapt func(dir, address string) *strings.Replacer
	// without is a line of the settings that is left out. It may be empty.
	without string
}

func proxies() []proxy {
	return []proxy{
		{
			name: "caddy",
			args: func(settings string) []string {
				return []string{"run", "--adapter", "caddyfile", "--config", settings}
			},
			adapt: func(_, address string) *strings.Replacer {
				return strings.NewReplacer("servers {", "admin off\n\tservers {",
					"hooks.example.com {", "http://:"+address[strings.LastIndex(address, ":")+1:]+" {\n\tbind 127.0.0.1")
			},
		},
		{
			name: "nginx",
			args: func(settings string) []string {
				return []string{"-p", filepath.Dir(settings), "-c", settings, "-e", "stderr", "-g", "daemon off; pid nginx.pid;"}
			},
			adapt: func(dir, address string) *strings.Replacer {
				here := "http {\n\taccess_log off;\n"
				for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
					here += "\t" + kind + "_temp_path " + dir + "/" + kind + ";\n"
				}
				return strings.NewReplacer("http {\n", here, "443 ssl", address, "ssl_certificate", "#")
			},
		},
	}
}

// The documented settings work, and the receiver sees who sends through the proxy.
func TestDocumentedProxies(t *testing.T) {
	for _, through := range proxies() {
		t.Run(through.name, func(t *testing.T) {
			p := clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), nil, "--trusted-proxy", "127.0.0.1")
			url := "http://" + through.start(t, address(t, p)) + receiver.DefaultPath
			s := &sender{from: net.IPv4(127, 0, 0, 3)}
			s.deliver(url, 1)
			require.NoError(t, s.last)
			status, _, err := clitest.Deliver(s.client(), url, "another secret", clitest.Delivery("m", "o", "PLACED"))
			require.NoError(t, err)
			assert.Equal(t, 401, status)
			_, ok := p.Stderr.Await(`rejected a delivery" .*from=127\.0\.0\.3`)
			assert.True(t, ok, "it said: %s", p.Stderr)
		})
	}
}

// nginx rewrites the host unless it is told not to. If the signature covers it, that is named.
func TestAProxyThatRewritesTheHost(t *testing.T) {
	through := proxies()[1]
	for without, want := range map[string]int{"": 200, "proxy_set_header Host $http_host;": 401} {
		p := clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), nil)
		through.without = without
		body := clitest.Delivery("m", "o", "PLACED")
		r, err := http.NewRequest(http.MethodPost, "http://"+through.start(t, address(t, p))+receiver.DefaultPath, bytes.NewReader(body))
		require.NoError(t, err)
		r.Host = "hooks.example.com"
		require.NoError(t, signature.Sign(signature.Request{Header: r.Header, Host: r.Host, Body: body}, clitest.Secret, []string{"date", "digest", "host"}, time.Now()))
		res, err := clitest.HTTPClient(t).Do(r)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		assert.Equal(t, want, res.StatusCode)
		if want != 200 {
			_, ok := p.Stderr.Await(`rejected a delivery" cause=".*the Host header was changed on the way`)
			assert.True(t, ok, "it said: %s", p.Stderr)
		}
	}
}

// start starts the proxy in front of a receiver, and returns its address. The end of the
// test ends it.
func (p proxy) start(t *testing.T, receiver string) string {
	t.Helper()
	program, err := exec.LookPath(p.name)
	if err != nil {
		t.Skipf("%s is not installed: what a sender notices behind it is not measured", p.name)
	}
	if !hasAddress("127.0.0.3") {
		t.Skip("this system has one loopback address only: clients of a proxy are not told apart")
	}
	dir, address := t.TempDir(), freeAddress(t)
	require.Contains(t, documented(t, p.name), p.without)
	settings := strings.ReplaceAll(p.adapt(dir, address).Replace(documented(t, p.name)), "127.0.0.1:9888", receiver)
	settings = strings.Replace(settings, p.without, "", 1)
	file := filepath.Join(dir, "settings")
	require.NoError(t, os.WriteFile(file, []byte(settings), 0o600))
	cmd := exec.Command(program, p.args(file)...)
	cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}
	var said strings.Builder
	cmd.Stderr = &said
	require.NoError(t, cmd.Start())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(clitest.Patience):
			_ = cmd.Process.Kill()
			<-ended
		}
	})
	for until := time.Now().Add(clitest.Patience); ; {
		if c, err := net.Dial("tcp", address); err == nil {
			require.NoError(t, c.Close())
			return address
		}
		select {
		case <-ended:
			t.Fatalf("%s ended; it said: %s", p.name, said.String())
		case <-time.After(10 * time.Millisecond):
			require.True(t, time.Now().Before(until), "%s does not listen", p.name)
		}
	}
}

// documented returns the block with the settings of a proxy in the documents.
func documented(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	m := regexp.MustCompile("(?s)\n```" + name + "\n(.*?)```\n").FindSubmatch(text)
	require.NotNil(t, m, "the settings of %s", name)
	return string(m[1])
}

func hasAddress(ip string) bool {
	l, err := net.Listen("tcp", ip+":0")
	return err == nil && l.Close() == nil
}

// freeAddress returns an address at which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	return fmt.Sprint("127.0.0.1:", receivertest.FreePort(t))
}
