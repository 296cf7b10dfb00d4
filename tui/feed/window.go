package feed

import tea "github.com/charmbracelet/bubbletea"

// What follows is the list as the dashboard and the keys use it.

// View returns exactly as many lines, of exactly as many cells, as SetSize set.
func (p *Page) View() string { return p.window.View() }

// SetSize sets the size in cells.
func (p *Page) SetSize(w, h int) { p.window.SetSize(w, h) }

// Invalidate makes the next View draw again.
func (p *Page) Invalidate() { p.window.Invalidate() }

// Move moves the cursor by a number of deliveries, Page by a number of half pages.
func (p *Page) Move(delta int)  { p.window.Move(delta) }
func (p *Page) Page(halves int) { p.window.Page(halves) }

// Home moves the cursor to the newest delivery, and keeps it on the first line. End moves it
// to the oldest delivery.
func (p *Page) Home() { p.window.Home() }
func (p *Page) End()  { p.window.End() }

// Select moves the cursor to the delivery with a key. It reports false if it is not listed.
func (p *Page) Select(key int64) bool { return p.window.Select(key) }

// Index returns the cursor's place in the list.
func (p *Page) Index() int { return p.window.Index() }

// Hold keeps the cursor on its delivery.
func (p *Page) Hold() { p.window.Hold() }

// Follows reports whether the cursor stays on the first line while deliveries come in.
func (p *Page) Follows() bool { return p.window.Follows() }

// OrderName says how the list is sorted. There is no other order.
func (p *Page) OrderName() string { return "newest" }

// NextOrder and Reverse do nothing.
func (p *Page) NextOrder() tea.Cmd { return nil }
func (p *Page) Reverse() tea.Cmd   { return nil }

// RowAt, TitleAt and Scroll are for the mouse: see [table.Window].
func (p *Page) RowAt(line int) (i int, ok bool)       { return p.window.RowAt(line) }
func (p *Page) TitleAt(x int) (title string, ok bool) { return p.window.TitleAt(x) }
func (p *Page) Scroll(lines int)                      { p.window.Scroll(lines) }
