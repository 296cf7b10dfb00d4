package webhooks

import (
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// revealTime is how long a secret is shown.
const revealTime = 10 * time.Second

// revealed is the secret that is shown. Its zero value shows none.
type revealed struct {
	name   string
	secret client.Secret
	until  time.Time
}

// show shows the secret of a webhook for a while.
func (r *revealed) show(w client.Webhook, now time.Time) {
	*r = revealed{webhook.Name(w), w.Secret, now.Add(revealTime)}
}

// hide hides the secret. It returns false if none was shown.
func (r *revealed) hide() bool {
	shown := r.secret != ""
	*r = revealed{}
	return shown
}

// tick hides the secret when its time is over.
func (r *revealed) tick(now time.Time) {
	if !now.Before(r.until) {
		r.hide()
	}
}

func (r *revealed) draw(b *textblock.Block, now time.Time) {
	if r.secret == "" {
		return
	}
	left := max(0, r.until.Sub(now))
	b.Add(textblock.Span{
		Style: b.Theme.Mark,
		Text:  " " + b.Theme.Glyphs.Arrow + " secret of " + r.name + ", hidden again in " + elapsed.Short(left) + ":",
	})
	b.Verbatim(b.Theme.Bold, text.Clean(r.secret.Reveal(), 0))
}
