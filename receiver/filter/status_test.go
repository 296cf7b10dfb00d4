package filter_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// lives are events of an order in trouble (t), of one that waits for its owner (w), of a
// job that is successful (s), of a task of it (k), of a job that is running (r) and of a
// final trouble, which is a test (f).
var lives = map[string]*receiver.Event{
	"t": receivertest.Order("order-1", "PLACEMENT_FAILED"),
	"w": receivertest.Order("order-2", "CREATED", receivertest.Sub("QUOTATION_WAITING_RESPONSE")),
	"s": receivertest.Job("job-1", "successful"),
	"k": receivertest.Job("job-1", "FAILED", receivertest.Task("Task-9", "crop")),
	"r": receivertest.Job("job-2", "running"),
	"f": receivertest.Order("order-1", "PLACEMENT_FAILED", receivertest.Test, func(e *receiver.Event) { e.Final = true }),
}

const names = "twskrf"

func TestClassesOfEventsAndRows(t *testing.T) {
	for expr, want := range map[string][2]string{ // events, and the rows that each of them makes
		"is:trouble":                        {"t", "t"},
		"is:in-trouble":                     {"t", "t"},
		`class:"in trouble"`:                {"t", "t"},
		"is:waiting":                        {"w", "w"},
		"is:needs-you":                      {"w", "w"},
		"class:waiting,trouble":             {"tw", "tw"},
		"is:progress":                       {"r", "kr"},
		"is:succeeded":                      {"s", "s"},
		"is:failed":                         {"kf", "f"},
		"final":                             {"sf", "sf"},
		"-final":                            {"twkr", "twkr"},
		"is:test":                           {"f", "f"},
		"status:QUOTATION_WAITING_RESPONSE": {"w", "w"},
		`status:"quotation waiting*"`:       {"w", "w"},
		"status:CREATED":                    {"w", "w"},
		"-status:QUOTATION*":                {"tskrf", "tskrf"},
		"quotation":                         {"w", "w"},
	} {
		f, err := filter.Parse(expr)
		require.NoError(t, err, expr)
		var events, rows string
		for _, name := range names {
			e := lives[string(name)]
			if f.Event(e, now) {
				events += string(name)
			}
			if r := receivertest.Row(e); f.Row(&r, now) {
				rows += string(name)
			}
		}
		assert.Equal(t, want, [2]string{events, rows}, expr)
	}
}

func TestFilterOfTasks(t *testing.T) {
	for expr, want := range map[string]string{
		"task:Task-9": "k", "task:task": "k", "task:ask": "", "task:*": "k", "task:*9": "k", "-task:*": "twsrf", "task-9": "k",
		"is:failed -task:*": "f", "id:job-1": "sk", "id:job-1 task:task-9": "k",
	} {
		f, err := filter.Parse(expr)
		require.NoError(t, err, expr)
		var got string
		for _, name := range names {
			if f.Event(lives[string(name)], now) {
				got += string(name)
			}
		}
		assert.Equal(t, want, got, expr)
	}
	f, err := filter.Parse("task:x")
	require.NoError(t, err)
	assert.Error(t, f.Only(filter.RowKeys()...), "rows have several tasks")
}

func TestFilterOfARow(t *testing.T) {
	key := receiver.Key{Kind: receiver.Order, ID: "order-1"}
	test := receiver.Key{Kind: receiver.Order, ID: "order-1", Test: true}
	assert.Equal(t, "kind:order id:=order-1 live:true", filter.OfRow(key).String())
	assert.True(t, filter.OfRow(key).Event(lives["t"], now))
	assert.False(t, filter.OfRow(key).Event(lives["f"], now))
	assert.True(t, filter.OfRow(test).Event(lives["f"], now))
	odd := receiver.Key{Kind: receiver.Job, ID: `a "b",c:*`}
	assert.True(t, filter.OfRow(odd).Event(receivertest.Job(odd.ID, "running"), now))
}
