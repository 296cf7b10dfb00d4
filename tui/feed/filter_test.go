package feed_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
)

func TestFilters(t *testing.T) {
	one := receiver.Event{
		Seq: 1, ReceivedAt: noon.Add(-time.Hour), Verdict: receiver.Verified, Webhook: "w-1", Secret: "0",
		Message: receiver.Message{
			Name: receiver.OrderStatus, Kind: receiver.Order, ID: "aaaa", Status: "FULFILLED", Final: true, LiveMode: true,
			DisplayName: "Kiruna mine", Type: "TASKING", Host: "head-aero",
		},
	}
	two := receiver.Event{
		Seq: 2, ReceivedAt: noon.Add(-time.Minute), Verdict: receiver.Partial, Secret: "1",
		Message: receiver.Message{Name: receiver.JobStatus, Kind: receiver.Job, ID: "bbbb", Status: "RUNNING"},
	}
	no := receiver.Event{Seq: 1, ReceivedAt: noon, Verdict: receiver.Rejected, Reason: "signature-mismatch"}
	within(t, func(p *shown) {
		p.names["w-1"] = "all orders"
		p.Rename()
		testFilters(t, p)
	}, &one, &two, &no)
}

func testFilters(t *testing.T, p *shown) {
	for expr, want := range map[string][]int64{
		"kind:order":                    {1},
		"event:job.status":              {2},
		"verdict:rejected":              {-1},
		"-verdict:rejected":             {1, 2},
		"reason:signature-*":            {-1},
		"mismatch":                      {-1},
		"id:BB":                         {2},
		"webhook:orders":                {1},
		`"all orders"`:                  {1},
		"secret:1":                      {2},
		"name:kiruna type:t host:aero":  {1},
		"status:RUNNING,FULFILLED":      {1, 2},
		"is:test,final":                 {1, 2, -1},
		"is:test -verdict:rejected":     {2},
		"is:succeeded":                  {1},
		"seq:2":                         {2},
		"since:10m":                     {2, -1},
		"until:2026-03-14T11:30:00Z":    {1},
		"kiruna":                        nil, // no column shows it
		"verdict:verified,partial live": {1},
	} {
		assert.Nil(t, p.Check(expr), expr)
		assert.Equal(t, len(want), p.filter(expr), expr)
		for _, key := range want {
			assert.True(t, p.Select(key), "%s: %d", expr, key)
		}
	}
}
