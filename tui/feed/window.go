package feed

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/table"
)

// listing is the list of a [Page] as the dashboard and the keys use it.
type listing struct{ window *table.Window[int64, *Entry] }

// View returns exactly as many lines, of exactly as many cells, as SetSize set.
func (l listing) View() string { return l.window.View() }

// SetSize sets the size in cells.
func (l listing) SetSize(w, h int) { l.window.SetSize(w, h) }

// Invalidate makes the next View draw again.
func (l listing) Invalidate() { l.window.Invalidate() }

// Move moves the cursor by a number of deliveries, Page by a number of half pages.
func (l listing) Move(delta int)  { l.window.Move(delta) }
func (l listing) Page(halves int) { l.window.Page(halves) }

// Home moves the cursor to the newest delivery, and keeps it on the first line. End moves it
// to the oldest delivery.
func (l listing) Home() { l.window.Home() }
func (l listing) End()  { l.window.End() }

// Select moves the cursor to the delivery with a key. It reports false if it is not listed.
func (l listing) Select(key int64) bool { return l.window.Select(key) }

// Index returns the cursor's place in the list.
func (l listing) Index() int { return l.window.Index() }

// Hold keeps the cursor on its delivery.
func (l listing) Hold() { l.window.Hold() }

// Follows reports whether the cursor stays on the first line while deliveries come in.
func (l listing) Follows() bool { return l.window.Follows() }

// OrderName says how the list is sorted. There is no other order.
func (l listing) OrderName() string { return "newest" }

// NextOrder and Reverse do nothing.
func (l listing) NextOrder() tea.Cmd { return nil }
func (l listing) Reverse() tea.Cmd   { return nil }

// RowAt, TitleAt and Scroll are for the mouse: see [table.Window].
func (l listing) RowAt(line int) (i int, ok bool)       { return l.window.RowAt(line) }
func (l listing) TitleAt(x int) (title string, ok bool) { return l.window.TitleAt(x) }
func (l listing) Scroll(lines int)                      { l.window.Scroll(lines) }
