package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// TestScripts runs the scripts in testdata: files with the commands that a user
// types, and the output that must follow.
//
// Besides the commands of testscript they have:
//
//	exits CODE up42hooks ARG…    runs a command and checks its exit code
//	eventually PATTERN up42hooks ARG…  runs a command until its output matches
//	receive ARG…                 starts a receiver; $URL is where it accepts deliveries
//	deliver STATUS FILE [SECRET] posts a file to it and checks the answer's status; a rejected one is stored then
//	hangup PATTERN               sends it SIGHUP and waits until it says something
//	halt                         ends it; what it wrote is in the files out and err
//	up42                         starts a simulated UP42 that later commands use
//	trouble KIND [N]             makes all calls to it fail, or N of them
//	remember NAME PATTERN        puts a part of the last output into a variable
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			home := env.WorkDir + "/home"
			env.Setenv("HOME", home)
			env.Setenv("LANG", "C.UTF-8")
			env.Setenv("ESCAPE", "\x1b[31mred")
			env.Setenv("LONG", strings.Repeat("n", 1000))
			env.Setenv("SECRET501", strings.Repeat("s", 501))
			env.Setenv("STATE", home+"/.local/state/up42hooks")
			env.Vars = append(env.Vars, clitest.QuickEnd)
			env.Values[runningKey{}] = &running{}
			env.Values[simulationKey{}] = &simulation{}
			return os.MkdirAll(home, 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "eventually": scriptEventually, "receive": scriptReceive, "deliver": scriptDeliver, "hangup": scriptHangup, "halt": scriptHalt,
			"up42": scriptUP42, "trouble": scriptTrouble, "remember": scriptRemember,
		},
	})
}

type runningKey struct{}

// running is the receiver of a script.
type running struct {
	*clitest.Process
	client http.Client
}

func runningOf(ts *testscript.TestScript) *running { return ts.Value(runningKey{}).(*running) }

func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// scriptEventually repeats a command until what it prints matches.
func scriptEventually(ts *testscript.TestScript, neg bool, args []string) {
	pattern := regexp.MustCompile("(?m)" + args[0])
	for end := time.Now().Add(clitest.Patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		ts.Check(ts.Exec(args[1], args[2:]...))
		if pattern.MatchString(ts.ReadFile("stdout")) {
			return
		}
	}
	ts.Fatalf("the output never matches %s", args[0])
}

func scriptReceive(ts *testscript.TestScript, neg bool, args []string) {
	r := runningOf(ts)
	r.client.Transport = &http.Transport{DisableKeepAlives: true}
	env := []string{"PATH=" + ts.Getenv("PATH"), clitest.QuickEnd}
	for _, name := range []string{"HOME", "LANG", "UP42_WEBHOOK_SECRET", "UP42_BASIC_AUTH", "UP42_STORE", "UP42_API_URL", "UP42_AUTH_URL", "UP42_USERNAME", "UP42_PASSWORD"} {
		if v := ts.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	p, err := clitest.Start(env, nil, append([]string{"listen", "--listen", "127.0.0.1:0"}, args...)...)
	ts.Check(err)
	ts.Defer(func() {
		p.Signal(syscall.SIGKILL)
		<-p.Done
	})
	url, ok := p.Stderr.Await(`receiving deliveries" url=(\S+)`)
	if !ok {
		ts.Fatalf("it does not receive: %s", p.Stderr)
	}
	r.Process = p
	ts.Setenv("URL", url)
}

func scriptDeliver(ts *testscript.TestScript, neg bool, args []string) {
	secret := ""
	if len(args) > 2 {
		secret = args[2]
	}
	log, err := sqlite.Open(context.Background(), filepath.Join(ts.Getenv("STATE"), "events.db"), sqlite.Options{ReadOnly: true, Poll: 10 * time.Millisecond})
	ts.Check(err)
	defer log.Close()
	before, err := log.Counts(context.Background())
	ts.Check(err)
	status, answer, err := clitest.Deliver(&runningOf(ts).client, ts.Getenv("URL"), secret, []byte(strings.TrimSuffix(ts.ReadFile(args[1]), "\n")))
	ts.Check(err)
	if strconv.Itoa(status) != args[0] {
		ts.Fatalf("answered %d %s, want %s", status, answer, args[0])
	}
	if status != http.StatusOK {
		awaitRejected(ts, log, before.Rejected)
	}
}

// awaitRejected waits until a store has more rejected deliveries than before. A receiver stores them some
// 100 ms after their answer.
func awaitRejected(ts *testscript.TestScript, log *sqlite.Log, before int64) {
	ctx, cancel := context.WithTimeout(context.Background(), clitest.Patience)
	defer cancel()
	for seen := receiver.Version(0); ; {
		counts, err := log.Counts(ctx)
		ts.Check(err)
		if counts.Rejected > before {
			return
		}
		seen, err = log.Wait(ctx, seen)
		ts.Check(err)
	}
}

func scriptHangup(ts *testscript.TestScript, neg bool, args []string) {
	r := runningOf(ts)
	r.Signal(syscall.SIGHUP)
	if _, ok := r.Stderr.Await(args[0]); !ok {
		ts.Fatalf("it never said %q: %s", args[0], r.Stderr)
	}
}

func scriptHalt(ts *testscript.TestScript, neg bool, args []string) {
	r := runningOf(ts)
	r.Signal(syscall.SIGTERM)
	if code, ok := r.Wait(); !ok || code != 0 {
		ts.Fatalf("it did not end well (%d): %s", code, r.Stderr)
	}
	ts.Check(os.WriteFile(ts.MkAbs("out"), []byte(r.Stdout.String()), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("err"), []byte(r.Stderr.String()), 0o600))
}
