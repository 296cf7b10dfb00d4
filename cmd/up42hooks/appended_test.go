package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// asOther is a variable that makes this program another one than up42hooks: one that appends events
// to the store appendsTo, or one that only draws a line.
const (
	asOther    = "UP42HOOKS_TEST_PROGRAM"
	asAppender = "appender"
	asLine     = "line"
	appendsTo  = "UP42_STORE"
	appends    = "UP42HOOKS_TEST_RATE" // events a second
)

// otherProgram runs another program if it is to.
func otherProgram() (ran bool) {
	run := map[string]func() error{asAppender: appendEvents, asLine: showLine}[os.Getenv(asOther)]
	if run == nil {
		return false
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return true
}

// appendEvents appends events to a store as a receiver does, but for HTTP, until SIGTERM.
func appendEvents() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	file := os.Getenv(appendsTo)
	rate, err := strconv.Atoi(os.Getenv(appends))
	if err != nil {
		return err
	}
	lock, err := store.TakeLock(ctx, file)
	if err != nil {
		return err
	}
	if err := lock.Tell("127.0.0.1:1", false); err != nil {
		return err
	}
	l, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		return err
	}
	fmt.Println("appending")
	most := rate / 10
	began := time.Now()
	for n := 0; ctx.Err() == nil; {
		due := int(time.Since(began).Seconds() * float64(rate))
		if due-n > most {
			began = began.Add(time.Duration(due-n-most) * time.Second / time.Duration(rate)) // the disk is slow
			due = n + most
		}
		batch := make([]*receiver.Event, 0, due-n)
		for ; n < due; n++ {
			batch = append(batch, stormEvent(began, n))
		}
		if len(batch) > 0 {
			if _, err := l.AppendAll(context.Background(), batch); err != nil {
				return err
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	return l.Close()
}

func stormEvent(began time.Time, n int) *receiver.Event {
	statuses := []string{"CREATED", "PLACED", "BEING_FULFILLED", "FULFILLED"}
	raw := clitest.Delivery(fmt.Sprintf("storm-%d-%d", began.UnixNano(), n), fmt.Sprintf("order-%d", n%9973), statuses[n/9973%len(statuses)])
	m, _ := receiver.Decode(raw)
	return &receiver.Event{ReceivedAt: time.Now(), Verdict: receiver.Verified, Secret: "0", Raw: raw, Message: m}
}

// line is a program that says which key was pressed.
type line struct{ key string }

func showLine() error {
	_, err := tea.NewProgram(line{}, tea.WithAltScreen()).Run()
	return err
}

func (l line) Init() tea.Cmd { return nil }
func (l line) View() string  { return "the key is [" + l.key + "]" }

func (l line) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if k, ok := msg.(tea.KeyMsg); ok {
		l.key = k.String()
	}
	return l, nil
}

// BenchmarkKeyWhileEventsAreAppended measures how long the answer to a key takes on a terminal of
// 200×60 while another process appends 10,000 events a second to the store: that of the dashboard,
// and for comparison that of a program of Bubble Tea that draws one line and reads no store. The
// store has 50,000 events.
func BenchmarkKeyWhileEventsAreAppended(b *testing.B) {
	file := filepath.Join(b.TempDir(), "events.db")
	fill(b, file, 50_000)
	env := append(clitest.WithSecret([]string{"HOME=" + b.TempDir(), "LANG=C.UTF-8"}), appendsTo+"="+file)
	for _, program := range []struct {
		name  string
		env   []string
		args  []string
		pages []page
	}{
		{"dashboard", env, []string{"watch", "--only-watch"}, []page{{"2", "JOURNEY"}, {"3", "VERDICT"}}},
		{"line", append(slices.Clone(env), asOther+"="+asLine), nil, []page{{"2", "[2]"}, {"3", "[3]"}}},
	} {
		for _, rate := range []int{10_000, 0} {
			b.Run(fmt.Sprintf("%s/rate=%d", program.name, rate), func(b *testing.B) {
				stop := startAppender(b, env, rate)
				m := clitest.OnTerminal(b, program.env, 200, 60, program.args...)
				var ready keyTimes
				for _, p := range program.pages {
					ready.press(b, m, p)
				}
				before, began := eventsIn(b, file), time.Now()
				took := pressInTurn(b, m, program.pages, func() { time.Sleep(time.Duration(10+rand.IntN(20)) * time.Millisecond) })
				b.ReportMetric(float64(eventsIn(b, file)-before)/time.Since(began).Seconds(), "events/s")
				stop()
				took.report(b)
				m.Signal(os.Interrupt)
				<-m.Done
			})
		}
	}
}

// startAppender starts a process that appends events until it is stopped.
func startAppender(b *testing.B, env []string, rate int) (stop func()) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), "up42hooks")
	cmd.Env, cmd.Stderr = append(slices.Clone(env), asOther+"="+asAppender, fmt.Sprint(appends, "=", rate)), os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, cmd.Start())
	_, err = out.Read(make([]byte, 1)) // it appends
	require.NoError(b, err)
	return func() {
		require.NoError(b, cmd.Process.Signal(syscall.SIGTERM))
		require.NoError(b, cmd.Wait())
	}
}

func eventsIn(b *testing.B, file string) int64 {
	b.Helper()
	l, err := sqlite.Open(context.Background(), file, sqlite.Options{ReadOnly: true})
	require.NoError(b, err)
	defer l.Close()
	c, err := l.Counts(context.Background())
	require.NoError(b, err)
	return c.LastSeq
}
