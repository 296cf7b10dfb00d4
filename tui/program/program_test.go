package program_test

import (
	"context"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/program"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

func TestARunIsBoundedAndRunsOnce(t *testing.T) {
	var said string
	pool := command.NewPool()
	defer pool.Close()
	p := program.New(program.Options{
		Commands: []program.Command{{Key: "J", Name: "slow", Run: []string{"sh", "-c", "echo begun >&2; sleep 3600"}, Timeout: 2 * time.Second}},
		Log:      receivertest.NewLog(), Run: pool.Do, Say: func(_ note.Kind, words string) { said = words },
	})
	subject := func() (detail.Subject, bool) {
		return detail.Subject{Key: receiver.Key{Kind: receiver.Order, ID: "x"}}, true
	}
	press := func() tea.Cmd {
		cmd, ok := p.Press(tuitest.Keys("J")[0], subject)
		assert.True(t, ok)
		return cmd
	}
	first := press()
	assert.Equal(t, "slow runs", said)
	assert.Nil(t, press())
	assert.Equal(t, "slow still runs: it has 2s", said)
	answer, ok := first().(command.Answer)
	require.True(t, ok)
	assert.Nil(t, answer.Take())
	assert.Equal(t, "slow was killed, as it did not end within 2s: begun", said)
	assert.NotNil(t, press(), "it can run again")
	_, ok = p.Press(tuitest.Keys("x")[0], subject)
	assert.False(t, ok)
}

func TestARunEndsWithTheScreen(t *testing.T) {
	pool := command.NewPool()
	p := program.New(program.Options{
		Commands: []program.Command{{Key: "J", Run: []string{"sleep", "3600"}}},
		Log:      receivertest.NewLog(), Run: pool.Do, Say: func(note.Kind, string) {},
	})
	cmd, _ := p.Press(tuitest.Keys("J")[0], func() (detail.Subject, bool) {
		return detail.Subject{Key: receiver.Key{Kind: receiver.Order, ID: "x"}}, true
	})
	done := make(chan tea.Msg)
	go func() { done <- cmd() }()
	pool.Close()
	select {
	case msg := <-done:
		assert.Nil(t, msg)
	case <-context.Background().Done():
	}
}
