package feed_test

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Events are not sorted by verdict or event: a filter does that, and the page says so.
func TestTheKeyToSortSaysWhatToDoInstead(t *testing.T) {
	said := ""
	p := feed.New(feed.Options{
		Log: receivertest.NewLog(), Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Keys: keys.New(),
		Say: func(_ note.Kind, text string) { said = text },
	})
	_, ok := p.Press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("s")})
	assert.True(t, ok)
	assert.Contains(t, said, "/ verdict:partial")
	assert.Contains(t, said, "event:order.status")
	assert.Nil(t, p.Check("verdict:partial"))
	assert.Nil(t, p.Check("event:order.status"))
}
