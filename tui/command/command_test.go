package command_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/tui/command"
)

func pool(t *testing.T) *command.Pool {
	p := command.NewPool()
	t.Cleanup(p.Close)
	return p
}

// take delivers the answer of a command.
func take(t *testing.T, cmd tea.Cmd) tea.Cmd {
	t.Helper()
	answer, ok := cmd().(command.Answer)
	require.True(t, ok)
	return answer.Take()
}

func TestAnAnswerGoesToWhoAsked(t *testing.T) {
	p := pool(t)
	var got []string
	ask := func(who string) tea.Cmd {
		return command.Ask(p.Do, func(context.Context) string { return "hello " + who }, func(s string) tea.Cmd {
			got = append(got, s)
			return tea.Quit
		})
	}
	one, two := ask("one"), ask("two")
	assert.NotNil(t, take(t, two))
	assert.NotNil(t, take(t, one))
	assert.Equal(t, []string{"hello two", "hello one"}, got)
}

func TestMessagesOfARunnerAreAddressed(t *testing.T) {
	p := pool(t)
	var got []tea.Msg
	update := func(msg tea.Msg) tea.Cmd { got = append(got, msg); return nil }
	run := p.For(update)
	take(t, run(func(context.Context) tea.Msg { return "a message" }))
	take(t, p.Own(func() tea.Msg { return "another" }, update))
	batch, ok := p.Own(tea.Batch(func() tea.Msg { return "first" }, func() tea.Msg { return "second" }), update)().(tea.BatchMsg)
	require.True(t, ok)
	for _, cmd := range batch {
		take(t, cmd)
	}
	assert.Equal(t, []tea.Msg{"a message", "another", "first", "second"}, got)

	assert.Nil(t, run(func(context.Context) tea.Msg { return nil })())
	assert.Nil(t, p.Own(nil, update))
	own := command.Ask(run, func(context.Context) int { return 1 }, func(int) tea.Cmd { return nil })
	assert.Nil(t, take(t, own), "an answer keeps its address")
	assert.Len(t, got, 4)
}

func TestAPanicIsTheAnswer(t *testing.T) {
	p := pool(t)
	for _, run := range []command.Runner{p.Do, p.For(func(tea.Msg) tea.Cmd { return nil })} {
		crash, ok := run(func(context.Context) tea.Msg { panic(errors.New("oh no")) })().(*command.Crash)
		require.True(t, ok)
		assert.Equal(t, "the dashboard panicked: oh no", crash.Error())
		assert.Contains(t, string(crash.Stack), "command_test.go")
	}
}

func TestCloseCancelsAndWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := command.NewPool()
		ended := false
		slow := command.Ask(p.Do, func(ctx context.Context) bool {
			defer func() { ended = true }()
			return retry.Sleep(ctx, time.Hour)
		}, func(bool) tea.Cmd { return nil })
		msgs := make(chan tea.Msg, 1)
		go func() { msgs <- slow() }()
		synctest.Wait()
		p.Close()
		assert.True(t, ended)
		assert.Nil(t, <-msgs)
		assert.Nil(t, p.Do(func(context.Context) tea.Msg { panic("it must not run") })())
	})
}

func TestReceive(t *testing.T) {
	p := pool(t)
	values := make(chan int, 1)
	got := 0
	cmd := command.Receive(p.Do, values, func(v int) tea.Cmd { got = v; return nil })
	values <- 7
	take(t, cmd)
	assert.Equal(t, 7, got)
	close(values)
	assert.Nil(t, cmd())
	assert.Nil(t, command.Receive(p.Do, nil, func(int) tea.Cmd { return nil }))
	p.Close()
	assert.Nil(t, command.Receive(p.Do, make(chan int), func(int) tea.Cmd { return nil })())
}

func TestWork(t *testing.T) {
	var w command.Work
	assert.Empty(t, w.UnderWay())
	first, second := w.Begin("saving a file"), w.Begin("saving a file")
	third := w.Begin("running a program")
	first()
	first()
	assert.Equal(t, "saving a file", w.UnderWay(), "another one is being saved")
	second()
	assert.Equal(t, "running a program", w.UnderWay())
	third()
	assert.Empty(t, w.UnderWay())

	var none *command.Work
	none.Begin("saving a file")()
	assert.Empty(t, none.UnderWay())
}
