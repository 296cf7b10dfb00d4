package detail

import (
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

func plain() *theme.Theme { return theme.New(theme.Options{Profile: termenv.Ascii}) }

func TestTheVerdictIsExplained(t *testing.T) {
	at := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	proof := receiver.Proof{Label: "up42-sig", Components: []string{"date", "digest"}, Created: at.Unix() - 100, Digest: "sha-256", BodyCovered: true}
	uncovered := proof
	uncovered.BodyCovered = false
	old := proof
	old.Components, old.Age, old.MaxMessageAge = []string{"digest"}, signature.TimestampOld, 24*time.Hour
	dated := proof
	dated.Age = signature.AgeByDate
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
		"a conflict": {
			receiver.Event{Verdict: receiver.Verified, Proof: proof, ConflictsWith: 7},
			[]string{"✓ verified", "≠ conflict with event 7", "another body"},
		},
		"a named secret":     {receiver.Event{Verdict: receiver.Verified, Secret: "workspace", Proof: proof}, []string{"Secret       workspace"}},
		"a webhook's secret": {receiver.Event{Verdict: receiver.Verified, Secret: "w-7", Webhook: "w-7", Proof: proof}, []string{"Secret that of webhook w-7"}},
		"another secret": {
			receiver.Event{Verdict: receiver.Rejected, Reason: signature.SignatureMismatch, Proof: proof},
			[]string{"None of the configured secrets", "webhooks are not tried: this needs credentials"},
		},
		"partial": {receiver.Event{Verdict: receiver.Partial, Proof: uncovered}, []string{"≈ partial", "could have been changed", "not covered"}},
		"an old body": {
			receiver.Event{Verdict: receiver.Partial, Message: receiver.Message{Timestamp: at.Add(-100 * 24 * time.Hour)}, Proof: old},
			[]string{
				"≈ partial", "an old one could have been sent again", "covered by the signature",
				"Age no date is signed and the body's timestamp is 100 days old (--max-message-age is 24 h)",
			},
		},
		"a signed date": {receiver.Event{Verdict: receiver.Verified, Proof: dated}, []string{"Age proved by the signed date"}},
		"no digest":     {receiver.Event{Verdict: receiver.Partial, Proof: receiver.Proof{Label: "up42-sig"}}, []string{"none was checked", "Components   nothing"}},
		"trusted":       {receiver.Event{Verdict: receiver.Trusted, Proof: receiver.Proof{Digest: "sha-512"}}, []string{"user name and password", "sha-512, matches"}},
		"unsigned":      {receiver.Event{Verdict: receiver.Unsigned}, []string{"Anybody could have sent it"}},
		"from the future": {
			receiver.Event{Verdict: receiver.Rejected, Reason: signature.Future, Proof: late},
			[]string{"✕ rejected: future", "Check this machine's clock", "30s after it arrived"},
		},
		"another body": {
			receiver.Event{Verdict: receiver.Rejected, Reason: signature.DigestMismatch, Proof: proof},
			[]string{"the body was changed", "✕ Digest body does not match its digest: sha-256"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.event.ReceivedAt = at
			d := describe(at, 400)
			d.verdict(&tc.event)
			got := textOf(d.Lines)
			for _, s := range tc.says {
				assert.Contains(t, strings.Join(strings.Fields(got), " "), strings.Join(strings.Fields(s), " "))
			}
		})
	}
}

// describe starts a description of a width.
func describe(now time.Time, width int) *description {
	return &description{Block: textblock.Block{Theme: plain(), Width: width, Names: names}, now: now, keys: keys.New()}
}

func textOf(lines []textblock.Line) string {
	var b strings.Builder
	for _, l := range lines {
		for _, s := range l {
			b.WriteString(s.Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestListings(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	l := Listing{
		ID: "an-id", Name: "Fields\x1b", Type: "TASKING", Status: "PLACED", SubStatus: "QUOTATION_ACCEPTED",
		Created: noon.Add(-time.Hour), Updated: noon.Add(-time.Minute), Asked: noon.Add(-time.Second),
	}
	row := receiver.Row{Key: receiver.Key{Kind: receiver.Order, ID: "an-id"}, Status: "CREATED", FirstSeen: noon.Add(-time.Hour), LastChange: noon.Add(-time.Hour), Updates: []receiver.StatusUpdate{{Status: "CREATED", At: noon.Add(-time.Hour)}}}
	write := func(f func(d *description)) string {
		d := describe(noon, 100)
		f(d)
		return strings.Join(strings.Fields(textOf(d.Lines)), " ")
	}
	alone := write(func(d *description) { d.onlyListed(receiver.Order, &l) })
	for _, s := range []string{"Order an-id", "◐ PLACED", "QUOTATION_ACCEPTED", `Fields\u001b`, "TASKING", "1h ago", "R asks again", "No delivery about it"} {
		assert.Contains(t, alone, s)
	}
	both := write(func(d *description) { d.row(&row, &l) })
	for _, s := range []string{
		"Status ◐ CREATED", "API says ◐ PLACED (QUOTATION_ACCEPTED), which is newer Meaning The host of the data has the order.", `Name Fields\u001b`, "From UP42's API Status",
		"CREATED 59m ━━━━━━━━━━━━━━━ ╌╌ 11:59:00 ◐ PLACED (QUOTATION_ACCEPTED) 1m so far ╌ by UP42's API, no event yet",
	} {
		assert.Contains(t, both, s)
	}
	row.LastChange = noon
	older := write(func(d *description) { d.row(&row, &l) })
	assert.NotContains(t, older, "which is newer")
	assert.NotContains(t, older, "no event yet")
	assert.Contains(t, older, "From UP42's API, older than the events Status ◐ PLACED")
	l.Status = row.Status
	assert.NotContains(t, write(func(d *description) { d.row(&row, &l) }), "older than the events")
	assert.NotContains(t, write(func(d *description) { d.row(&row, nil) }), "API")
}

func TestAMismatchSaysWhichOtherSecretsAreTried(t *testing.T) {
	d := describe(time.Time{}, 400)
	d.workspace = true
	d.verdict(&receiver.Event{Verdict: receiver.Rejected, Reason: signature.SignatureMismatch})
	assert.Contains(t, textOf(d.Lines), "The secrets of the workspace's webhooks, which UP42 lists, are tried too")
	d.Lines = nil
	d.verdict(&receiver.Event{Verdict: receiver.Rejected, Reason: signature.NoSecret})
	assert.NotContains(t, textOf(d.Lines), "tried")
}

func TestAWebhookIsNamed(t *testing.T) {
	d := &description{nameOf: func(string) string { return "orders\x07" }}
	assert.Equal(t, `that of webhook orders\u0007`, d.secret(&receiver.Event{Secret: "w-7", Webhook: "w-7"}))
	assert.Equal(t, "several webhooks", d.secret(&receiver.Event{Secret: "several webhooks"}))
	assert.Equal(t, `orders\u0007 (w-7)`, d.webhook("w-7"))
	assert.Equal(t, "w-7", (&description{}).webhook("w-7"))
}
