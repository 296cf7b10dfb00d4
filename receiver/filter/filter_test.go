package filter_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/signature"
)

var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func order() *receiver.Event {
	return &receiver.Event{
		Seq: 150, ReceivedAt: now.Add(-5 * time.Minute), Verdict: receiver.Verified, Secret: "1", Webhook: "7f3a1c00-aa",
		Message: receiver.Message{
			Name: receiver.OrderStatus, Kind: receiver.Order, ID: "92CEAC2c-51", Status: "FAILED PERMANENTLY", Final: true,
			LiveMode: true, Type: "ARCHIVE", Host: "oneatlas", DisplayName: "Kiruna Žilina",
		},
	}
}

func job() *receiver.Event {
	return &receiver.Event{
		Seq: 151, ReceivedAt: now.Add(-50 * time.Hour), Verdict: receiver.Unsigned, Secret: "team",
		Message: receiver.Message{Name: receiver.JobStatus, Kind: receiver.Job, ID: "044abd68", Status: "running", Type: "tiling"},
	}
}

func forged() *receiver.Event {
	return &receiver.Event{Seq: 3, ReceivedAt: now, Verdict: receiver.Rejected, Reason: signature.SignatureMismatch}
}

// events has expressions, and for each which deliveries pass: that of an order (o), of a
// job (j), and a rejected one (r).
var events = map[string]string{
	"":  "ojr",
	" ": "ojr",

	"status:FAILED_PERMANENTLY":                    "o",
	`status:"failed permanently"`:                  "o",
	"STATUS:Failed_Permanently":                    "o",
	"status:FAILED":                                "",
	"status:failed*":                               "o",
	"status:*permanent*":                           "o",
	"status:*":                                     "oj",
	"status:RUNNING,failed_permanently":            "oj",
	"-status:RUNNING,failed_permanently":           "r",
	`status:RUNNING,"failed permanently" oneatlas`: "",

	"class:failed":        "o",
	"class:progress":      "j",
	"is:in-progress":      "j",
	"is:failed,test":      "ojr",
	"class:canceled":      "",
	"final":               "o",
	"FINAL":               "o",
	"-final":              "jr",
	"is:final":            "o",
	"final:false":         "jr",
	`"final"`:             "",
	"is:live":             "o",
	"is:test":             "jr",
	"live:true":           "o",
	"live:false kind:job": "j",

	"kind:order":     "o",
	"kind:order,job": "oj",
	"-kind:order":    "jr",

	"event:order.status": "o",
	"event:*.status":     "oj",
	"event:ORDER.*":      "o",

	"verdict:verified":          "o",
	"verdict:rejected":          "r",
	"verdict:rejected,unsigned": "jr",
	"reason:signature-mismatch": "r",
	"reason:signature*,stale":   "r",
	"reason:stale":              "",
	"id:92ceac":                 "o",
	"id:ceac":                   "",
	"id:044":                    "j",
	"id:=044":                   "",
	"id:=044ABD68":              "j",
	"-id:=044abd68 job":         "",
	"id:044ABD68":               "j",
	"webhook:7F3A":              "o",
	"secret:1":                  "o",
	"secret:team":               "j",
	"name:kiruna":               "o",
	"name:žIL":                  "o",
	`name:"kiruna ž"`:           "o",
	"type:archive":              "o",
	"type:til":                  "j",
	"host:atlas":                "o",
	"-host:atlas":               "jr",

	"seq:150":      "o",
	"seq:>150":     "j",
	"seq:>=150":    "oj",
	"seq:<150":     "r",
	"seq:<=150":    "or",
	"seq:100..150": "o",
	"seq:3,151":    "jr",

	"since:10m":                       "or",
	"since:5m":                        "or",
	"since:4m59s":                     "r",
	"since:2d":                        "or",
	"since:2d2h":                      "ojr",
	"since:1w":                        "ojr",
	"since:0s":                        "r",
	"-since:10m":                      "j",
	"until:10m":                       "j",
	"until:5m":                        "oj",
	"since:2026-11-23":                "or",
	"since:2026-11-23T10:58:00+01:00": "r",
	"until:2026-11-21T08:00:00Z":      "j",

	"nothing":                  "",
	"VERIFIED":                 "o",
	"92ceac2c":                 "o",
	"live":                     "o",
	"test":                     "j",
	"mismatch":                 "r",
	"order.status permanently": "o",
	"order.status job.status":  "",
	"-verified":                "jr",
	"verified -order":          "",
	`"failed permanently"`:     "o",
	`-"failed permanently"`:    "jr",
	"12:30":                    "",
	"https://x":                "",
	"kind:order is:failed since:10m verified": "o",
}

func TestEvent(t *testing.T) {
	for expr, want := range events {
		f, err := filter.Parse(expr)
		require.NoError(t, err, "%q", expr)
		assert.Equal(t, want, passing(f), "%q", expr)
	}
}

func passing(f *filter.Filter) (out string) {
	for i, e := range []*receiver.Event{order(), job(), forged()} {
		if f.Event(e, now) {
			out += "ojr"[i : i+1]
		}
	}
	return out
}

func TestRow(t *testing.T) {
	b := receiver.NewRowSet()
	e := order()
	e.Timestamp = now.Add(-time.Hour)
	r := b.Apply(e)
	e = job()
	weak := b.Apply(e)
	for expr, want := range map[string]struct{ order, job bool }{
		"kind:order":              {true, false},
		"is:failed final":         {true, false},
		"verdict:verified":        {true, false},
		"verdict:trusted":         {true, false},
		"verdict:unsigned":        {false, true},
		"verdict:rejected":        {false, false},
		"until:1h":                {true, true},
		"since:1h":                {true, false},
		"since:59m":               {false, false},
		"seq:150":                 {true, false},
		"kiruna":                  {true, false},
		"žilina oneatlas ARCHIVE": {true, false},
		"progress":                {false, true},
		"unsigned test":           {false, true},
		"event:order.status":      {false, false},
		"-event:order.status":     {true, true},
		"reason:stale":            {false, false},
		"name:kiruna id:92c":      {true, false},
		"-is:live type:tiling":    {false, true},
	} {
		f, err := filter.Parse(expr)
		require.NoError(t, err, expr)
		assert.Equal(t, want.order, f.Row(r, now), expr)
		assert.Equal(t, want.job, f.Row(weak, now), expr)
	}
}

func TestARowFromUP42sListHasNoVerdict(t *testing.T) {
	f, err := filter.Parse("verdict:rejected")
	require.NoError(t, err)
	assert.False(t, f.Match(&filter.Subject{}, now))
}

func TestWebhooksAreFoundByName(t *testing.T) {
	f, err := filter.Parse("webhook:staging")
	require.NoError(t, err)
	assert.True(t, f.Match(&filter.Subject{Webhook: "7f3a", WebhookName: "The Staging one"}, now))
	assert.False(t, f.Match(&filter.Subject{Webhook: "7f3a", WebhookName: "live"}, now))
}

func TestTimeBound(t *testing.T) {
	for expr, want := range map[string]bool{
		"": false, "final since": false, "since:10m": true, "x -until:2d": true, "since:2026-11-23": false,
	} {
		f, err := filter.Parse(expr)
		require.NoError(t, err)
		assert.Equal(t, want, f.TimeBound(), expr)
	}
}

func TestDemands(t *testing.T) {
	trust := []filter.Key{filter.Verdict, filter.Reason}
	for expr, want := range map[string]bool{
		"": false, "final": false, "final verdict:rejected": true, "reason:stale": true, "-verdict:unsigned": false,
		"rejected": false,
	} {
		f, err := filter.Parse(expr)
		require.NoError(t, err)
		assert.Equal(t, want, f.Demands(trust...), expr)
	}
	f, err := filter.Parse("is:final,live")
	require.NoError(t, err)
	assert.True(t, f.Demands(filter.Final, filter.Live))
	assert.False(t, f.Demands(filter.Final), "what is live passes as well")
	assert.False(t, (*filter.Filter)(nil).Demands(filter.Final))
}
