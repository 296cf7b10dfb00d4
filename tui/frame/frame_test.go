package frame_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

func canvas(w, h int) *frame.Canvas {
	return &frame.Canvas{Theme: theme.New(theme.Options{Profile: termenv.Ascii}), W: w, H: h}
}

// TestLinesAreAsWideAsTheScreen draws each line of the frame with much in it.
func TestLinesAreAsWideAsTheScreen(t *testing.T) {
	long := strings.Repeat("a long text ", 20)
	r := frame.NewReceiver(long, "/", "https://hooks.example.com/"+long, false, frame.Sources{})
	var rate frame.Rate
	rate.Advance(tuitest.Noon)
	rate.Add(tuitest.Noon, 1000)
	header := frame.Header{
		Receiver: r, Rate: &rate, Workspace: "7f3a1c00-0000", Targets: frame.Piece{Text: "→ 2 targets", Drop: 9}, Ready: true, LastArrival: tuitest.Noon,
		Now: tuitest.Noon,
	}
	verdicts := frame.Verdicts{
		Ready: true, Counts: receiver.Counts{Verified: 1 << 40, Trusted: 1 << 20, Partial: 1, Unsigned: 1, Rejected: 1 << 30, Duplicates: 12345, Unmatched: 12345},
	}
	tabs := frame.Tabs{All: []frame.Tab{{"Jobs", "J.", 12345, true, 1234}, {"Orders", "", 1, true, 1}, {"Webhooks", "", 0, false, 0}}, Current: 1}
	unread := sixTabs(0)
	labels := []frame.Label{{Text: "sort: newest"}, {Text: long, Brief: "brief"}, {Text: "1/2"}}
	var notes frame.Notes
	notes.Show(note.Failure, long+long, tuitest.Noon)
	for w := 60; w < 200; w++ {
		c := canvas(w, 20)
		lines := append(tabs.Lines(c, verdicts), header.Line(c), c.Labels(labels, w))
		lines = append(append(lines, tabs.Lines(c, frame.Verdicts{})...), unread.Lines(c, frame.Verdicts{})...)
		lines = append(lines, c.Warn(frame.Alarm(c.Theme, long+long))...)
		lines = append(lines, notes.Lines(c)...)
		lines = append(lines, c.Footer([]keys.Hint{{Keys: "↑↓", Does: "move"}, {Keys: "f", Does: long}}, []keys.Hint{{Keys: "q", Does: "quit"}}))
		assert.LessOrEqual(t, len(lines), 9+2*5, "a warning and a note take a third of the page each")
		for i, l := range lines {
			assert.Equal(t, w, text.Width(l), "line %d: %q", i, l)
		}
	}
}

// The counts of rows, and of verified and rejected deliveries, are the last that go.
func TestTabsOnANarrowTerminal(t *testing.T) {
	tabs := frame.Tabs{All: []frame.Tab{
		{Name: "Overview", Brief: "Over."},
		{"Jobs", "Jobs", 12, true, 0},
		{"Orders", "Orders", 345, true, 0},
		{"Events", "Events", 1234, true, 0},
		{"Webhooks", "Hooks", 2, true, 0},
		{"Undelivered", "Undel.", 7, true, 0},
	}}
	counts := receiver.Counts{Verified: 99, Partial: 3, Rejected: 8, Duplicates: 2}
	for w, want := range map[int]string{
		110: " 0 Overview   1 Jobs 12   2 Orders 345   3 Events 1,234   4 Webhooks 2   5 Undelivered 7       ✓ 99  ≈ 3  ✕ 8 ",
		100: " 0 Overview  1 Jobs 12  2 Orders 345  3 Events 1,234  4 Webhooks 2  5 Undelivered 7  ✓ 99  ≈ 3  ✕ 8 ",
		86:  " 0 Over.  1 Jobs 12  2 Orders 345  3 Events 1,234  4 Hooks 2  5 Undel. 7    ✓ 99  ✕ 8 ",
		80:  " 0 Over. 1 Jobs 12 2 Orders 345 3 Events 1,234 4 Hooks 2 5 Undel. 7   ✓ 99  ✕ 8 ",
		74:  " 0 Over.  1 Jobs 12  2 Orders 345  3 Events 1,234  4 Hooks 2  5 Undel. 7  ",
		70:  " 0 Over. 1 Jobs 12 2 Orders 345 3 Events 1,234 4 Hooks 2 5 Undel. 7   ",
		60:  " 0 Overview  1 Jobs  2 Orders  3 Events  4 Hooks  5 Undel.  ",
	} {
		assert.Equal(t, want, tabs.Lines(canvas(w, 20), frame.Verdicts{Ready: true, Counts: counts})[0], w)
	}
}

// A name is shortened only if the verdicts have no room as glyphs either, and then no other name.
func TestNamesAreShortenedLast(t *testing.T) {
	tabs := sixTabs(1)
	counts := receiver.Counts{Verified: 6}
	for w, want := range map[int]string{
		100: " 0 Overview   1 Jobs 1   2 Orders 1   3 Events 1   4 Webhooks 1   5 Undelivered 1        6 verified ",
		86:  " 0 Overview  1 Jobs 1  2 Orders 1  3 Events 1  4 Webhooks 1  5 Undelivered 1      ✓ 6 ",
		80:  " 0 Overview  1 Jobs 1  2 Orders 1  3 Events 1  4 Webhooks 1  5 Undel. 1     ✓ 6 ",
		74:  " 0 Overview  1 Jobs 1  2 Orders 1  3 Events 1  4 Hooks 1  5 Undel. 1  ✓ 6 ",
	} {
		assert.Equal(t, want, tabs.Lines(canvas(w, 20), frame.Verdicts{Ready: true, Counts: counts})[0], w)
	}
}

// While the store is read, all tabs are whole, and it is said if there is room.
func TestTabsWhileTheStoreIsRead(t *testing.T) {
	tabs := sixTabs(0)
	for w, want := range map[int]string{
		100: " 0 Overview   1 Jobs   2 Orders   3 Events   4 Webhooks   5 Undelivered          reading the store… ",
		80:  " 0 Overview  1 Jobs  2 Orders  3 Events  4 Hooks  5 Undel.   reading the store… ",
		70:  " 0 Overview  1 Jobs  2 Orders  3 Events  4 Webhooks  5 Undelivered    ",
		60:  " 0 Overview  1 Jobs  2 Orders  3 Events  4 Hooks  5 Undel.  ",
	} {
		assert.Equal(t, want, tabs.Lines(canvas(w, 20), frame.Verdicts{})[0], w)
	}
}

// sixTabs are those of all pages, with a count if it is not 0.
func sixTabs(count int64) (tabs frame.Tabs) {
	for _, names := range [][2]string{{"Overview", "Over."}, {"Jobs"}, {"Orders"}, {"Events"}, {"Webhooks", "Hooks"}, {"Undelivered", "Undel."}} {
		tabs.All = append(tabs.All, frame.Tab{Name: names[0], Brief: names[1], Count: count, Known: count > 0 && names[0] != "Overview"})
	}
	return tabs
}

func TestATerminalThatIsTooSmallSaysSo(t *testing.T) {
	for _, c := range []*frame.Canvas{canvas(59, 15), canvas(60, 14), canvas(3, 1)} {
		assert.True(t, c.TooSmall())
		assert.Len(t, strings.Split(c.DrawTooSmall(), "\n"), c.H)
	}
	assert.False(t, canvas(60, 15).TooSmall())
	assert.Contains(t, canvas(40, 10).DrawTooSmall(), "60×15 needed")
}

func TestNotesGoAwayButFailuresStay(t *testing.T) {
	var n frame.Notes
	later := tuitest.Noon.Add(6 * time.Second)
	n.Show(note.Info, "done", tuitest.Noon)
	n.Expire(tuitest.Noon.Add(4 * time.Second))
	assert.True(t, n.Shown())
	n.Expire(later)
	assert.False(t, n.Shown())
	n.Show(note.Failure, "oh no", tuitest.Noon)
	n.Expire(later)
	assert.True(t, n.Shown())
	assert.True(t, n.Stays())
	n.Clear()
	assert.False(t, n.Shown())
	n.Show(note.Info, "read this", tuitest.Noon)
	n.Keep()
	n.Expire(later)
	assert.True(t, n.Shown())
}

func TestTheReceiverFollowsItsSources(t *testing.T) {
	gone, full := errors.New("gone"), errors.New("full")
	status, storing := frame.ReceiverStatus{Err: gone}, full
	var url frame.PublicURL
	r := frame.NewReceiver("127.0.0.1:9888", "/hook", "", false, frame.Sources{
		Now:           func() (frame.ReceiverStatus, error) { return status, storing },
		PublicURL:     func() frame.PublicURL { return url },
		UnmatchedPath: func() string { return "/wrong\x1b" },
	})
	assert.Equal(t, `/wrong\u001b`, r.UnmatchedPath)
	assert.Empty(t, r.TunnelError(), "it has only just started")

	assert.Equal(t, gone, r.Stopped)
	assert.Equal(t, full, r.StoreError)
	status, storing = frame.ReceiverStatus{Address: "127.0.0.1:9999"}, nil
	r.Tick()
	assert.NoError(t, r.Stopped)
	assert.NoError(t, r.StoreError)
	assert.Equal(t, "127.0.0.1:9999", r.Address)

	url.Err = "it ended"
	assert.True(t, r.Tick())
	assert.False(t, r.Tick())
	assert.Contains(t, r.TunnelError(), "it ended")
	url = frame.PublicURL{URL: "https://hooks.example.com"}
	assert.True(t, r.Tick())
	assert.Empty(t, r.TunnelError())
	assert.Equal(t, url.URL, r.PublicURL())
}
