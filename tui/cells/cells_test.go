package cells_test

import (
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/theme"
)

func TestSubject(t *testing.T) {
	const id = "5f290b80-d8d7-4d1c-bbe6-626d4f00dad3"
	assert.Equal(t, "order "+id, cells.Subject(receiver.Order, id, 42))
	assert.Equal(t, "job   "+id, cells.Subject(receiver.Job, id, 42))
	assert.Equal(t, id, cells.Subject(receiver.Order, id, 41))
	assert.Equal(t, "5f290…", cells.Subject(receiver.Order, id, 6))
	assert.Equal(t, "order a", cells.Subject(receiver.Order, "a", 42))
	assert.Equal(t, `a\u001b`, cells.Subject("", "a\x1b", 42))
	assert.Equal(t, "-", cells.Subject(receiver.Order, "", 42))
}

func TestStatus(t *testing.T) {
	th := theme.New(theme.Options{Profile: termenv.ANSI})
	assert.Equal(t, "● FULFI…", cells.Status(th, receiver.Succeeded, "FULFILLED", 8))
	assert.Equal(t, "-", cells.Status(th, receiver.InProgress, "", 8))
	assert.Equal(t, th.Success, cells.StatusStyle(th, receiver.Succeeded, "FULFILLED"))
	assert.Equal(t, th.Dim, cells.StatusStyle(th, receiver.Succeeded, ""))
}
