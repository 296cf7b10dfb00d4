package browse_test

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/browse"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

// list notes how it is moved.
type list struct {
	moves  []int
	pages  []int
	ends   string
	shown  int
	at     int
	filter string
	copied []string
	notes  []string
}

func (l *list) Move(delta int)             { l.moves = append(l.moves, delta) }
func (l *list) Page(halves int)            { l.pages = append(l.pages, halves) }
func (l *list) Home()                      { l.ends += "g" }
func (l *list) End()                       { l.ends += "G" }
func (l *list) Index() int                 { return l.at }
func (l *list) Len() (shown, total int)    { return l.shown, 1234 }
func (l *list) Filter() string             { return l.filter }
func (l *list) SetFilter(f string) tea.Cmd { l.filter = f; return nil }
func (l *list) NextOrder() tea.Cmd         { return nil }
func (l *list) Reverse() tea.Cmd           { return nil }
func (l *list) OrderName() string          { return "name" }

func (l *list) browser() *browse.Browser {
	return browse.New(l, browse.Options{
		Keys:     keys.New(),
		Say:      func(_ note.Kind, words string) { l.notes = append(l.notes, words) },
		Selected: func() (string, bool) { return "an id", l.shown > 0 },
		Copy:     func(id string) tea.Cmd { l.copied = append(l.copied, id); return nil },
	})
}

func press(b *browse.Browser, keys ...string) (known int) {
	for _, msg := range tuitest.Keys(keys...) {
		if _, ok := b.Press(msg); ok {
			known++
		}
	}
	return known
}

func TestKeysMoveTheList(t *testing.T) {
	l := &list{shown: 3}
	assert.Equal(t, 10, press(l.browser(), "up", "j", "pgup", "pgdown", "ctrl+f", "ctrl+u", "ctrl+d", "g", "end", "y"))
	assert.Equal(t, []int{-1, 1}, l.moves)
	assert.Equal(t, []int{-2, 2, 2, -1, 1}, l.pages)
	assert.Equal(t, "gG", l.ends)
	assert.Equal(t, []string{"an id"}, l.copied)
	assert.Empty(t, l.notes)
}

func TestABrowserSaysWhatKeysDid(t *testing.T) {
	l := &list{filter: "failed"}
	assert.Equal(t, 5, press(l.browser(), "down", "s", "esc", "esc", "y"))
	assert.Equal(t, strings.Join([]string{
		"nothing to move through: the filter hides all 1,234", "sorted by name", "the filter is cleared", "nothing to go back from; q quits",
		"nothing to copy: no row is selected",
	}, "\n"), strings.Join(l.notes, "\n"))
}

func TestMatchesOfAFilterAreGoneThroughInACircle(t *testing.T) {
	l := &list{shown: 3, filter: "failed", at: 1}
	press(l.browser(), "n", "N")
	l.at = 2
	press(l.browser(), "n")
	l.at = 0
	press(l.browser(), "N")
	assert.Equal(t, []int{1, -1, -2, 2}, l.moves)
	l.filter = ""
	press(l.browser(), "n")
	l.filter, l.shown = "failed", 0
	press(l.browser(), "N")
	assert.Equal(t, []string{
		"3 of 3 matches", "1 of 3 matches", "1 of 3 matches, again from the top", "3 of 3 matches, again from the end",
		"no filter is set: / looks for something first", "no match: the filter hides all 1,234",
	}, l.notes)
}

func TestOtherKeysAreNotTheList(t *testing.T) {
	l := &list{shown: 3}
	assert.Zero(t, press(l.browser(), "x", "1", "tab", "enter", "/", "p"))
	_, ok := l.browser().Press(tuitest.Pasted("j"))
	assert.False(t, ok)
	_, ok = browse.New(l, browse.Options{}).Press(tuitest.Keys("j")[0])
	assert.False(t, ok)
}
