package stage

import (
	"github.com/charmbracelet/bubbles/key"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/keys"
)

// The keys of a script, and of an invitation.
var (
	nextStep  = keys.Bind("space", "next step of the script", " ")
	faster    = keys.Bind("+", "script: faster", "+")
	slower    = keys.Bind("-", "script: slower", "-")
	startOver = keys.Bind("ctrl+r", "script: start over", "ctrl+r")

	showCode = keys.Bind("Q", "QR code of the line", "Q")
)

// keysOf are the keys of a dashboard.
func keysOf(o *tui.Options) *keys.Map {
	k := keys.New()
	o.Keys.Apply(keys.Actions("", k))
	return k
}

// helpKeys are the keys that the stage has now, for the help.
func (s *Stage) helpKeys() []keys.Group {
	var own []key.Binding
	if s.player != nil {
		own = append(own, nextStep, faster, slower, startOver)
	}
	if s.forger != nil {
		own = append(own, s.keys.Forge)
	}
	if !s.o.Masked {
		own = append(own, s.keys.Present)
	}
	if s.o.Invite != nil {
		own = append(own, showCode)
	}
	if len(own) == 0 {
		return nil
	}
	return []keys.Group{{Title: "On stage", Keys: own}}
}
