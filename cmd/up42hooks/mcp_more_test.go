package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// parts reads a body in parts, and puts them together.
func (a *agent) parts(t *testing.T, number string) string {
	t.Helper()
	var whole strings.Builder
	for offset := 0; ; {
		got := a.call(t, "get_body", args{"number": number, "offset": offset})
		text := got["text"].(string)
		require.LessOrEqual(t, len(text), 32<<10)
		require.True(t, utf8.ValidString(text))
		first, _ := utf8.DecodeRuneInString(text)
		require.False(t, unicode.In(first, unicode.M, unicode.Cf), "it begins inside a character: %U", first)
		whole.WriteString(text)
		require.EqualValues(t, offset, got["offset"])
		next, more := got["nextOffset"].(float64)
		if !more {
			require.EqualValues(t, whole.Len(), got["total"])
			return whole.String()
		}
		require.EqualValues(t, offset+len(text), next)
		offset = int(next)
	}
}

func TestAnAgentReadsALargeBodyInParts(t *testing.T) {
	t.Parallel()
	env := secretEnv(t)
	r := clitest.Receive(t, env, nil)
	const secret = "MARKED-webhook-secret"
	send := func(body string, want int) {
		t.Helper()
		deliver(t, r, secret, fmt.Appendf(nil, `{"event":"order.status","liveMode":true,"messageId":"m%d","body":%s}`, len(body), body), want)
	}
	// Each text has another character, or the secret, at the place of the cuts.
	texts := []string{strings.Repeat("é衛", 8000), strings.Repeat("e\u0301\u0301\u0301", 6000), strings.Repeat("👩🏽‍🚀", 2500), strings.Repeat(secret+" ", 3000), strings.Repeat("\u202e", 12_000)}
	shifts := []string{"", "x"}
	for _, shift := range shifts {
		for _, text := range texts {
			encoded, err := json.Marshal(map[string]string{"orderId": "o1", "status": "PLACED", "note": shift + text})
			require.NoError(t, err)
			send(string(encoded), 200)
		}
	}
	send(`{"orderId":"deep","status":"PLACED","x":`+strings.Repeat("[", 300)+strings.Repeat("]", 300)+`}`, 200)

	a := startAgent(t, env)
	listed := a.call(t, "list_events", args{"oldestFirst": true})
	assert.Len(t, listed["bodiesLeftOut"], len(shifts)*len(texts)+1)
	number := 0
	for _, shift := range shifts {
		for _, text := range texts {
			number++
			assert.Equal(t, true, a.call(t, "get_event", args{"number": number})["bodyLeftOut"])
			var body struct{ Note string }
			require.NoError(t, json.Unmarshal([]byte(a.parts(t, fmt.Sprint(number))), &body))
			want := strings.NewReplacer(secret, "••••••", "\u202e", `\u202e`).Replace(shift + text)
			assert.True(t, want == body.Note, "%d: %.60s", number, body.Note)
		}
	}
	assert.Contains(t, a.parts(t, fmt.Sprint(number+1)), strings.Repeat("[", 300))

	total := int(a.call(t, "get_body", args{"number": 1})["total"].(float64))
	end := a.call(t, "get_body", args{"number": 1, "offset": total})
	assert.Equal(t, []any{"", nil}, []any{end["text"], end["nextOffset"]})
	for want, about := range map[string]args{
		fmt.Sprintf("offset: want a number from 0 to %d", total): {"number": 1, "offset": -1},
		"which is the length of the body":                        {"number": 1, "offset": total + 1},
		"want a number from 0 to":                                {"number": 1, "offset": int64(1) << 50},
		"offset: the number 1e+30 is out of range":               {"number": 1, "offset": 1e30},
		"offset: the number -1e+30 is out of range":              {"number": 1, "offset": -1e30},
		`has type "number", want "integer"`:                      {"number": 1, "offset": 1.5},
		`has type "string", want "integer"`:                      {"number": 1, "offset": strings.Repeat("9", 30)},
		"is inside a character: give the nextOffset of a result": {"number": 1, "offset": len(`{"note":"é`) - 1},
		"there is no event 99":                                   {"number": 99},
		"number: want the number of a delivery":                  {"number": -1},
		"number: want the number of a":                           {"number": 1e30},
		`required: missing properties: ["number"]`:               {},
	} {
		assert.Contains(t, a.refused(t, "get_body", about), want)
	}
	require.NoError(t, a.Close())
	assert.NotContains(t, a.all.String(), "MARKED")
}

// An agent admits what the command `events admit` admits, with a receiver and without one.
func TestAnAgentAdmitsRejections(t *testing.T) {
	t.Parallel()
	m := newMistaken(t)
	const right = "the right secret"
	for i, secret := range []string{right, "forged", right, right} {
		m.deliver(secret, fmt.Sprint("m", i), "order-"+secret[:6]+fmt.Sprint(i), "PLACED", 401)
	}
	m.kept(4)
	assert.Contains(t, startAgent(t, m.env).refused(t, "admit_rejections", args{"all": true}), "is off")

	a := startAgent(t, m.env, "--allow-write", "--secret-file", m.secret)
	outcomes := func(about args) (all []any) {
		t.Helper()
		for _, r := range items(t, a.call(t, "admit_rejections", about), "results") {
			all = append(all, r["number"], r["outcome"])
		}
		return all
	}
	assert.Empty(t, outcomes(args{"all": true}), "the receiver has a wrong secret")
	assert.NotEmpty(t, a.call(t, "admit_rejections", args{"all": true})["notes"])
	m.write(right)
	m.Signal(syscall.SIGHUP)
	_, ok := m.Stderr.Await("reloaded")
	require.True(t, ok, m.Stderr)
	assert.Equal(t, []any{"r1", "good", "r3", "good", "r4", "good"}, outcomes(args{"all": true, "dryRun": true}))
	assert.Equal(t, []any{"r2", "rejected", "r1", "admitted", "r99", "gone"}, outcomes(args{"numbers": []any{"r2", "r1", "r1", "r99"}}))
	assert.Equal(t, []any{"r1", "gone"}, outcomes(args{"numbers": []any{"r1"}}))
	m.Signal(syscall.SIGTERM)
	m.Finish(t)
	assert.Equal(t, []any{"r3", "admitted", "r4", "admitted"}, outcomes(args{"all": true}), "without a receiver")
	assert.Len(t, items(t, a.call(t, "list_events", nil), "events"), 3)

	for want, about := range map[string]args{
		"give either numbers or all":               {"all": true, "numbers": []any{"r1"}},
		"name the rejected deliveries to admit":    {},
		"12 is the number of an event":             {"numbers": []any{"12"}},
		`"--all" is not the number`:                {"numbers": []any{"--all"}},
		`"--store=/x" is not the number`:           {"numbers": []any{"--store=/x"}},
		"is not the number of a rejected delivery": {"numbers": []any{1e30}},
		"-7":                             {"numbers": []any{-7}},
		"numbers: want 1000 at most":     {"numbers": slices.Repeat([]any{"r1"}, 1001)},
		`has type "string", want one of`: {"numbers": "r1"},
		`unexpected additional properties ["secre`: {"secret": "x"},
	} {
		assert.Contains(t, a.refused(t, "admit_rejections", about), want)
	}
	require.NoError(t, a.Close())
	assert.Contains(t, a.all.String(), `the agent called admit_rejections {"all":true}: done`, "its owner sees it")
}
