package filter_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/filter"
)

func TestErrorsPointAtTheWord(t *testing.T) {
	for expr, want := range map[string]struct{ word, suggestion, says string }{
		"kind:order stauts:FAILED":  {"stauts", "status", "no such key"},
		"-Knd:order":                {"Knd", "kind", "no such key"},
		"foo:bar":                   {"foo", "", "in quotes it is text"},
		"kind:ordr":                 {"ordr", "order", "kind: want order"},
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
		"until:tomorrow":            {"tomorrow", "", "until: want how long ago"},
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
	_, err := filter.Parse("live:maybe\x1b[2J since:10m")
	require.EqualError(t, err, `filter: "maybe\x1b[2J": live: want true or false`)
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

func TestDoubts(t *testing.T) {
	f, err := filter.Parse("status:FULLFILLED,failed*,zz* event:order.status event:Order.Statsu")
	require.NoError(t, err)
	var got []string
	for _, d := range f.Doubts() {
		got = append(got, d.Expr[d.Pos:d.End]+" "+d.Suggestion)
	}
	assert.Equal(t, []string{"FULLFILLED FULFILLED", "zz* ", "Order.Statsu order.status"}, got)
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
