package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// Variables of a process that receives into another log than `listen`.
const (
	serverKind   = "UP42_BENCH_SERVER"
	serverFolder = "UP42_BENCH_FOLDER"
)

// serve receives deliveries into a log until the input ends. It is the process of a
// receiver that is compared. Its memory has the limits of `listen`.
func serve(kind string) (code int) {
	debug.SetGCPercent(1000)
	debug.SetMemoryLimit(112 << 20)
	log, err := openLog(kind, os.Getenv(serverFolder))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(l.Addr())
	ctx, stop := context.WithCancel(context.Background())
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); stop() }()
	h := receiver.NewHandler(receiver.HandlerOptions{Log: log, Logger: slog.New(slog.NewTextHandler(os.Stderr, nil))}, signature.Policy{Secrets: []string{clitest.Secret}})
	if err := receiver.NewServer(h, receiver.ServerOptions{MaxConns: maxConns}).Serve(ctx, l); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err := log.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// natsServer is the kind of a process that is a server of NATS with JetStream.
const natsServer = "nats"

// serveNATS serves until the input ends.
func serveNATS() (code int) {
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: os.Getenv(serverFolder), NoLog: true, NoSigs: true,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	s.Start()
	defer s.WaitForShutdown()
	defer s.Shutdown()
	if !s.ReadyForConnections(serverTime) {
		fmt.Fprintln(os.Stderr, "the server of NATS does not start")
		return 1
	}
	fmt.Println(s.ClientURL())
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}

// serverTime is how long a server of NATS may take to start.
const serverTime = 20 * time.Second

// maxConns is how many connections the receivers take.
const maxConns = 2000

// process is a receiver that is measured.
type process struct {
	address string
	pid     int
	end     func()       // ends it in order, and waits
	said    fmt.Stringer // what it has written beside deliveries; may be nil
}

// startServer starts a receiver into a new log.
func startServer(t *testing.T, kind string) process {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serverKind+"="+kind, serverFolder+"="+t.TempDir())
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe() // its end is that of the process
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	p := process{pid: cmd.Process.Pid, end: func() { _ = in.Close(); _ = cmd.Wait() }}
	address, err := bufio.NewReader(out).ReadString('\n')
	if p.address = strings.TrimSpace(address); err != nil {
		p.end()
		require.NoError(t, err)
	}
	return p
}

// startListen starts `listen` of a program on a store, without an output, and maybe with more settings.
func startListen(t *testing.T, program, store string, more ...string) process {
	t.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer null.Close()
	args := []string{"listen", "--listen", "127.0.0.1:0", "--max-connections", fmt.Sprint(maxConns), "--store", store, "--log-level", "info"}
	cmd := exec.Command(program, append(args, more...)...)
	cmd.Env, cmd.Stdout = clitest.WithSecret(clitest.Home(t)), null
	p := clitest.StartCommand(t, cmd)
	url, ok := p.Stderr.Await(`receiving deliveries" url=http://([^/ ]+)`)
	require.True(t, ok, "it said: %s", p.Stderr)
	return process{address: url, pid: p.Cmd.Process.Pid, said: p.Stderr, end: func() {
		p.Signal(syscall.SIGTERM)
		p.Finish(t)
	}}
}
