package detail

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

func plain() *theme.Theme { return theme.New(theme.Options{Profile: termenv.Ascii}) }

func TestEveryReasonHasWordsAndAdvice(t *testing.T) {
	unknown := adviceFor("no such reason")
	assert.NotEmpty(t, unknown.what)
	for _, r := range []receiver.Reason{
		signature.MissingSignature, signature.MalformedSignatureInput, signature.MalformedSignature, signature.MissingCreated,
		signature.NoCoveredComponents, signature.DuplicateComponent, signature.ComponentUnsupported, signature.UnexpectedComponents,
		signature.ComponentMissing, signature.ComponentRepeated, signature.ComponentMalformed, signature.Stale, signature.Future,
		signature.NoSecret, signature.SignatureMismatch, signature.DigestMismatch, signature.DigestRequired,
		receiver.BodyMalformed, receiver.BodyTooLarge, receiver.MethodNotAllowed, receiver.WrongCredentials,
	} {
		a := adviceFor(r)
		assert.NotEqual(t, unknown, a, r)
		for _, s := range []string{a.what, a.do} {
			assert.True(t, strings.HasSuffix(s, "."), "%s: %q is no sentence", r, s)
		}
	}
	assert.Len(t, advices, 21, "a reason was added or went away: this test lists all of them")
}

func TestTheVerdictIsExplained(t *testing.T) {
	at := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	proof := receiver.Proof{Label: "up42-sig", Components: []string{"date", "digest"}, Created: at.Unix() - 100, Digest: "sha-256", BodyCovered: true}
	uncovered := proof
	uncovered.BodyCovered = false
	late := proof
	late.Created = at.Unix() + 30
	for name, tc := range map[string]struct {
		event receiver.Event
		says  []string
	}{
		"verified": {
			receiver.Event{Verdict: receiver.Verified, Secret: "1", Webhook: "w-7", Proof: proof},
			[]string{
				"✓ verified", "this is what UP42 sent", "up42-sig", "date, digest", "1m 40s before it arrived", "covered by the signature",
				"number 2 of those configured (index 1)", "w-7",
			},
		},
		"a named secret":     {receiver.Event{Verdict: receiver.Verified, Secret: "workspace", Proof: proof}, []string{"Secret       workspace"}},
		"a webhook's secret": {receiver.Event{Verdict: receiver.Verified, Secret: "w-7", Webhook: "w-7", Proof: proof}, []string{"Secret that of webhook w-7"}},
		"another secret": {
			receiver.Event{Verdict: receiver.Rejected, Reason: signature.SignatureMismatch, Proof: proof},
			[]string{"configured here", "webhooks are not tried: that takes credentials"},
		},
		"partial":   {receiver.Event{Verdict: receiver.Partial, Proof: uncovered}, []string{"≈ partial", "could have been changed", "not covered"}},
		"no digest": {receiver.Event{Verdict: receiver.Partial, Proof: receiver.Proof{Label: "up42-sig"}}, []string{"none was checked", "Covers       nothing"}},
		"trusted":   {receiver.Event{Verdict: receiver.Trusted, Proof: receiver.Proof{Digest: "sha-512"}}, []string{"user name and password", "sha-512, matches"}},
		"unsigned":  {receiver.Event{Verdict: receiver.Unsigned}, []string{"Anybody could have sent it"}},
		"from the future": {
			receiver.Event{Verdict: receiver.Rejected, Reason: signature.Future, Proof: late},
			[]string{"✕ rejected: future", "Check this machine's clock", "30s after it arrived"},
		},
		"another body": {
			receiver.Event{Verdict: receiver.Rejected, Reason: signature.DigestMismatch, Proof: proof},
			[]string{"it was changed on its way", "sha-256, does not match the body"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.event.ReceivedAt = at
			w := &writer{theme: plain(), location: time.UTC, now: at, width: 400}
			w.verdict(&tc.event)
			got := textOf(w.lines)
			for _, s := range tc.says {
				assert.Contains(t, strings.Join(strings.Fields(got), " "), strings.Join(strings.Fields(s), " "))
			}
		})
	}
}

func textOf(lines []line) string {
	var b strings.Builder
	for _, l := range lines {
		for _, s := range l {
			b.WriteString(s.text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestBodies(t *testing.T) {
	for name, tc := range map[string]struct{ raw, want string }{
		"an object": {`{"a":[1,{"b":null}],"c":"x"}`, "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": \"x\"\n}\n"},
		"numbers":   {`[12345678901234567890, 1.10, -0.0e10]`, "[\n  12345678901234567890,\n  1.10,\n  -0.0e10\n]\n"},
		"no JSON":   {"a=b\r\n\tc=\x1b[2J", "a=b\n  c=\\u001b[2J\n"},
		"empty":     {"", ""},
		"hidden":    {"{\"k\u202e\": \"\u200b\u007f\"}", "{\n  \"k\\u202e\": \"\\u200b\\u007f\"\n}\n"},
		"escapes":   {`{"k": "a\u001b\"b\\"}`, "{\n  \"k\": \"a\\u001b\\\"b\\\\\"\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			lines, cut := formatBody([]byte(tc.raw), plain())
			assert.False(t, cut)
			assert.Equal(t, tc.want, textOf(lines))
		})
	}
}

func TestLongBodiesAreCut(t *testing.T) {
	lines, cut := formatBody([]byte("["+strings.Repeat("1,", 10_000)+"1]"), plain())
	assert.True(t, cut)
	assert.Len(t, lines, maxLines)
	lines, cut = formatBody([]byte(`"`+strings.Repeat("x", 10_000)+`"`), plain())
	assert.True(t, cut)
	assert.LessOrEqual(t, lines[0].width(), maxCells)
}

func TestHighlighting(t *testing.T) {
	th := theme.New(theme.Options{Profile: termenv.TrueColor, Dark: true})
	got := highlight(`    "key": "a \" : value", `, th)
	require.Len(t, got, 5)
	assert.Equal(t, line{{th.Dim, "    "}, {th.Accent, `"key"`}, {th.Dim, ": "}, {th.Success, `"a \" : value"`}, {th.Dim, ", "}}, got)
	for in, style := range map[string]theme.Style{"-1.5e3": th.Mark, "true": th.Cancel, "null": th.Cancel, `"open`: th.Success} {
		assert.Equal(t, line{{style, in}}, highlight(in, th), in)
	}
}

func TestWrappingKeepsTextAndWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l line
		var whole strings.Builder
		for range rapid.IntRange(0, 4).Draw(t, "spans") {
			s := text.Clean(rapid.StringOf(rapid.SampledFrom([]rune("ab c宽é́"))).Draw(t, "text"), 0)
			l = append(l, span{text: s})
			whole.WriteString(s)
		}
		width, hang := rapid.IntRange(2, 30).Draw(t, "width"), rapid.IntRange(0, 10).Draw(t, "hang")
		var back strings.Builder
		for i, part := range l.wrap(width, hang) {
			assert.LessOrEqual(t, part.width(), width)
			s := textOf([]line{part})
			if i > 0 && hang < width/2 {
				s = s[hang:]
			}
			back.WriteString(strings.TrimSuffix(s, "\n"))
		}
		assert.Equal(t, whole.String(), back.String())
	})
}

func TestWordsAreBrokenAtSpaces(t *testing.T) {
	assert.Equal(t, []string{"start with", "--allow-unsigned", "please"}, breakWords("start with --allow-unsigned please", 12))
}

func BenchmarkFormatBody(b *testing.B) {
	var raw bytes.Buffer
	raw.WriteString("[")
	for i := range 20_000 {
		fmt.Fprintf(&raw, `{"number":%d,"text":"some text that is long enough"},`, i)
	}
	raw.WriteString("{}]")
	th := plain()
	b.SetBytes(int64(raw.Len()))
	for b.Loop() {
		formatBody(raw.Bytes(), th)
	}
}

func TestWhatTheAPISaysOfARow(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	l := Listing{
		ID: "an-id", Name: "Fields\x1b", Type: "TASKING", Status: "PLACED", SubStatus: "QUOTATION_ACCEPTED",
		Created: noon.Add(-time.Hour), Updated: noon.Add(-time.Minute), Asked: noon.Add(-time.Second),
	}
	row := receiver.Row{Key: receiver.Key{Kind: receiver.Order, ID: "an-id"}, Status: "CREATED", FirstSeen: noon.Add(-time.Hour), LastChange: noon.Add(-time.Hour), Updates: []receiver.StatusUpdate{{Status: "CREATED", At: noon.Add(-time.Hour)}}}
	write := func(f func(w *writer)) string {
		w := &writer{theme: plain(), location: time.UTC, now: noon, width: 100}
		f(w)
		return strings.Join(strings.Fields(textOf(w.lines)), " ")
	}
	alone := write(func(w *writer) { w.alone(receiver.Order, &l) })
	for _, s := range []string{"Order an-id", "◐ PLACED", "QUOTATION_ACCEPTED", `Fields\u001b`, "TASKING", "1h ago", "R asks again", "no delivery about it"} {
		assert.Contains(t, alone, s)
	}
	both := write(func(w *writer) { w.row(&row, &l) })
	for _, s := range []string{
		"Status ◐ CREATED", "API says ◐ PLACED, which is newer", `Name Fields\u001b`, "From UP42's API Status",
		"CREATED for 59m ╌╌ 2026-03-14 11:59:00 ◐ PLACED by UP42's API, no event yet",
	} {
		assert.Contains(t, both, s)
	}
	row.LastChange = noon
	older := write(func(w *writer) { w.row(&row, &l) })
	assert.NotContains(t, older, "which is newer")
	assert.NotContains(t, older, "no event yet")
	assert.Contains(t, older, "From UP42's API, older than the events Status ◐ PLACED")
	l.Status = row.Status
	assert.NotContains(t, write(func(w *writer) { w.row(&row, &l) }), "older than the events")
	assert.NotContains(t, write(func(w *writer) { w.row(&row, nil) }), "API")
}

func TestAMismatchSaysThatTheWorkspacesSecretsAreTriedToo(t *testing.T) {
	w := &writer{theme: plain(), location: time.UTC, width: 400, workspace: true}
	w.verdict(&receiver.Event{Verdict: receiver.Rejected, Reason: signature.SignatureMismatch})
	assert.Contains(t, textOf(w.lines), "The secrets of the workspace's webhooks are tried too")
	w.lines = nil
	w.verdict(&receiver.Event{Verdict: receiver.Rejected, Reason: signature.NoSecret})
	assert.NotContains(t, textOf(w.lines), "tried")
}

func TestAWebhookIsNamed(t *testing.T) {
	w := &writer{nameOf: func(string) string { return "orders\x07" }}
	assert.Equal(t, `that of webhook orders\u0007`, w.secret(&receiver.Event{Secret: "w-7", Webhook: "w-7"}))
	assert.Equal(t, "several webhooks", w.secret(&receiver.Event{Secret: "several webhooks"}))
	assert.Equal(t, `orders\u0007 (w-7)`, w.webhook("w-7"))
	assert.Equal(t, "w-7", (&writer{}).webhook("w-7"))
}
