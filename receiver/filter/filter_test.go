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

// Each expression, and which of an order's, a job's and a rejected delivery
// pass: "o", "j" and "r".
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

func TestStringReadsBack(t *testing.T) {
	for expr, want := range events {
		f, err := filter.Parse(expr)
		require.NoError(t, err, "%q", expr)
		again, err := filter.Parse(f.String())
		require.NoError(t, err, "%q from %q", f, expr)
		assert.Equal(t, want, passing(again), "%q from %q", f, expr)
		assert.Equal(t, f.String(), again.String())
	}
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

func TestErrorsPointAtTheWord(t *testing.T) {
	for expr, want := range map[string]struct{ word, suggestion, says string }{
		"kind:order stauts:FAILED":  {"stauts", "status", "no such key"},
		"-Knd:order":                {"Knd", "kind", "no such key"},
		"foo:bar":                   {"foo", "", "in quotes it is text"},
		"kind:ordr":                 {"ordr", "order", "kind: want order or job"},
		"kind:job,ordr":             {"ordr", "order", "kind: want"},
		`kind:"ordr"`:               {`"ordr"`, "order", "kind: want"},
		"is:faild":                  {"faild", "failed", "is: want succeeded"},
		"class:final":               {"final", "", "class: want"},
		"verdict:rejcted x":         {"rejcted", "rejected", "verdict: want verified, trusted, partial, unsigned or rejected"},
		"verdict:":                  {"", "", "verdict: a value is missing"},
		"kind:,job":                 {"", "", "kind: a value is missing"},
		"status:A, b":               {"", "", "status: a value is missing"},
		`status:""`:                 {`""`, "", "status: a value is missing"},
		"reason:signature-mismtach": {"signature-mismtach", "signature-mismatch", "no such reason"},
		"reason:zz*":                {"zz*", "", "no such reason"},
		"live:maybe":                {"maybe", "", "live: want true or false"},
		"since:10":                  {"10", "", "since: want how long ago"},
		"since:-10m":                {"-10m", "", "since: want how long ago"},
		"since:1d-2h":               {"1d-2h", "", "since: want how long ago"},
		"since:99999w":              {"99999w", "", "since: want how long ago"},
		"since:15250w2d":            {"15250w2d", "", "since: want how long ago"},
		"until:yesterday":           {"yesterday", "", "until: want how long ago"},
		"seq:many":                  {"many", "", "seq: want a number"},
		"seq:>":                     {">", "", "seq: want a number"},
		"seq:1..":                   {"1..", "", "seq: want a number"},
		"seq:-1":                    {"-1", "", "seq: want a number"},
		"a -":                       {"", "", "a word is missing"},
		`a ""`:                      {`""`, "", "a word is missing"},
		`a "b c`:                    {`"b c`, "", "its quote is not closed"},
		`name:"b c`:                 {`"b c`, "", "its quote is not closed"},
		`"b"c d`:                    {`"b"c`, "", "a space is missing behind its quote"},
	} {
		_, err := filter.Parse(expr)
		var e *filter.Error
		require.ErrorAs(t, err, &e, "%q", expr)
		assert.Equal(t, expr, e.Expr)
		assert.Equal(t, want.word, expr[e.Pos:e.End], "%q", expr)
		assert.Equal(t, want.suggestion, e.Suggestion, "%q", expr)
		assert.Contains(t, err.Error(), want.says)
		assert.NotContains(t, err.Error(), "\n")
	}
}

func TestErrorIsOneSafeLine(t *testing.T) {
	_, err := filter.Parse("kind:ordr\x1b[2J since:10m")
	require.EqualError(t, err, `filter: "ordr\x1b[2J": kind: want order or job`)
	_, err = filter.Parse("stauts:FAILED")
	require.EqualError(t, err, `filter: "stauts": no such key; in quotes it is text; did you mean "status"?`)
}

func TestCaret(t *testing.T) {
	for expr, want := range map[string]string{
		"kind:ordr since:10m":      "kind:ordr since:10m\n     ^^^^",
		"衛星 kind:ordr":             "衛星 kind:ordr\n          ^^^^",
		"\x1b[2J\u202e kind:or\tx": "?[2J? kind:or x\n           ^^",
		"x kind:":                  "x kind:\n       ^",
	} {
		_, err := filter.Parse(expr)
		var e *filter.Error
		require.ErrorAs(t, err, &e, "%q", expr)
		assert.Equal(t, want, e.Caret(), "%q", expr)
	}
}

func TestTyping(t *testing.T) {
	for expr, want := range map[string]struct {
		filter     string
		unfinished bool // an error at the end
		wrong      bool // an error elsewhere
	}{
		"kind:order":          {filter: "kind:order"},
		"kind:order st":       {filter: "kind:order st"},
		"kind:order status:":  {filter: "kind:order", unfinished: true},
		"kind:order status:F": {filter: "kind:order status:F*"},
		"status:F kind:order": {filter: "status:F kind:order"},
		"status:FAILED":       {filter: "status:FAILED"},
		"status:FAILED,":      {filter: "status:FAILED", unfinished: true},
		"status:FAILED,R":     {filter: "status:FAILED,R*"},
		"event:order":         {filter: "event:order*"},
		"event:order.status":  {filter: "event:order.status"},
		"x kind:ord":          {filter: "x", unfinished: true},
		"kind:ord x":          {filter: "x", wrong: true},
		"foo:bar x":           {filter: "x", wrong: true},
		"since:1":             {unfinished: true},
		"-":                   {unfinished: true},
		"x -":                 {filter: "x", unfinished: true},
		`x "two wo`:           {filter: `x "two wo"`, unfinished: true},
		`x "`:                 {filter: "x", unfinished: true},
		`name:"two wo`:        {filter: `name:"two wo"`, unfinished: true},
		`kind:"ord`:           {unfinished: true},
	} {
		f, err := filter.ParseTyping(expr)
		require.NotNil(t, f)
		assert.Equal(t, want.filter, f.String(), "%q", expr)
		if !want.unfinished && !want.wrong {
			require.NoError(t, err, "%q", expr)
			continue
		}
		var e *filter.Error
		require.ErrorAs(t, err, &e, "%q", expr)
		assert.Equal(t, want.unfinished, e.Unfinished, "%q", expr)
	}
}

func TestFlags(t *testing.T) {
	for _, tc := range []struct {
		f    *filter.Filter
		expr string
		want string
	}{
		{nil, "", "ojr"},
		{filter.Events(), "", "ojr"},
		{filter.Events(" "), "", "ojr"},
		{filter.Events("order.status", "x,y"), `event:order.status,"x,y"`, "o"},
		{filter.Statuses("FAILED PERMANENTLY", " RUNNING"), `status:"FAILED PERMANENTLY",RUNNING`, "oj"},
		{filter.Finals(), "final", "o"},
		{filter.TheID("044abd68"), "id:=044abd68", "j"},
		{filter.And(), "", "ojr"},
		{filter.And(filter.Events("*.status"), nil, filter.Finals()), "event:*.status final", "o"},
	} {
		assert.Equal(t, tc.expr, tc.f.String())
		assert.Equal(t, tc.want, passing(tc.f), tc.expr)
		assert.Equal(t, tc.expr == "", tc.f.Empty())
	}
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

func TestOnly(t *testing.T) {
	f, err := filter.Parse("x final kind:job -reason:stale")
	require.NoError(t, err)
	require.NoError(t, f.Only(filter.Keys()...))
	require.NoError(t, (*filter.Filter)(nil).Only())
	err = filter.And(filter.Finals(), f).Only(filter.RowKeys()...)
	var e *filter.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "-reason:stale", e.Expr[e.Pos:e.End])
	assert.EqualError(t, err, `filter: "-reason:stale": reason can't be asked for here`)
}

func TestDoubts(t *testing.T) {
	f, err := filter.Parse("status:FULLFILLED,failed*,zz* event:order.status event:Order.Statsu")
	require.NoError(t, err)
	var got []string
	for _, d := range f.Doubts() {
		got = append(got, d.Expr[d.Pos:d.End]+" "+d.Suggestion)
	}
	assert.Equal(t, []string{"FULLFILLED FULFILLED", "zz* ", "Order.Statsu order.status"}, got)
}

func TestFiltersAreTexts(t *testing.T) {
	var f filter.Filter
	require.NoError(t, f.UnmarshalText([]byte("KIND:order final")))
	text, err := f.MarshalText()
	require.NoError(t, err)
	assert.Equal(t, "kind:order final", string(text))
	var e *filter.Error
	require.ErrorAs(t, f.UnmarshalText([]byte("kind:x")), &e)
}

func TestValuesAreUnderstood(t *testing.T) {
	for _, k := range filter.Keys() {
		for _, v := range k.Values() {
			f, err := filter.Parse(string(k) + ":" + v)
			require.NoError(t, err)
			assert.Empty(t, f.Doubts())
		}
	}
}
