package form

import (
	"io"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/theme"
)

// huhTheme makes huh draw in the styles of a theme only: the renderer for its own
// styles has no colours. roomy puts empty lines between the fields.
func huhTheme(th *theme.Theme, roomy bool) *huh.Theme {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(termenv.Ascii)
	styled := func(s theme.Style) lipgloss.Style { return r.NewStyle().Transform(eachLine(s.Apply)) }
	with := func(s theme.Style, before, after string) lipgloss.Style {
		return r.NewStyle().Transform(eachLine(func(t string) string { return s.Apply(before + t + after) }))
	}
	bar := func(glyph string) lipgloss.Style {
		return r.NewStyle().PaddingLeft(1).MarginLeft(1).Border(lipgloss.Border{Left: glyph}, false, false, false, true)
	}

	var t huh.Theme
	t.Form.Base, t.Group.Base = r.NewStyle(), r.NewStyle()
	t.FieldSeparator = r.NewStyle().SetString("\n")
	if roomy {
		t.FieldSeparator = r.NewStyle().SetString("\n\n")
	}
	f := &t.Focused
	f.Base, f.Title, f.Description = bar(th.Glyphs.Bar), styled(th.Title), styled(th.Dim)
	f.ErrorIndicator, f.ErrorMessage = r.NewStyle(), styled(th.Error)
	f.MultiSelectSelector = styled(th.Accent).SetString("> ")
	f.SelectSelector = f.MultiSelectSelector
	f.SelectedPrefix, f.UnselectedPrefix = styled(th.Accent).SetString("[x] "), styled(th.Dim).SetString("[ ] ")
	f.SelectedOption, f.UnselectedOption, f.Option = styled(th.Input), styled(th.Plain), styled(th.Plain)
	f.PrevIndicator, f.NextIndicator = styled(th.Accent).SetString("< "), styled(th.Accent).SetString(" >")
	f.FocusedButton, f.BlurredButton = with(th.Input, "[", "]"), with(th.Dim, " ", " ")
	f.TextInput = huh.TextInputStyles{
		Cursor: r.NewStyle().Transform(Cursor(th)), CursorText: styled(th.Input),
		Placeholder: styled(th.Dim), Prompt: styled(th.Accent), Text: styled(th.Input),
	}
	f.Card, f.NoteTitle = f.Base, f.Title

	t.Blurred = t.Focused
	b := &t.Blurred
	b.Base, b.Title, b.Card = bar(" "), styled(th.Bold), bar(" ")
	b.MultiSelectSelector = r.NewStyle().SetString("  ")
	b.PrevIndicator, b.NextIndicator = r.NewStyle().SetString("  "), r.NewStyle().SetString("  ")
	b.TextInput.Text, b.SelectedOption = styled(th.Plain), styled(th.Plain)
	return &t
}

// eachLine styles each line by itself, so that no style crosses the edge of the
// screen.
func eachLine(apply func(string) string) func(string) string {
	return func(s string) string {
		lines := strings.Split(s, "\n")
		for i, l := range lines {
			if l != "" {
				lines[i] = apply(l)
			}
		}
		return strings.Join(lines, "\n")
	}
}

// Cursor returns a function that draws the character under the cursor. Without
// styles, a space becomes visible.
func Cursor(th *theme.Theme) func(string) string {
	return func(s string) string {
		if th.Caret == (theme.Style{}) && strings.TrimSpace(s) == "" {
			return "_"
		}
		return th.Caret.Apply(s)
	}
}

// huhKeys are the keys that huh handles: those within a field.
func huhKeys() *huh.KeyMap {
	var k huh.KeyMap
	k.Quit = key.NewBinding(key.WithDisabled())
	k.Select.Left, k.Select.Right = keys.Bind("←", "before", "left"), keys.Bind("→", "after", "right", " ") // letters begin a secret
	k.MultiSelect.Up, k.MultiSelect.Down = keys.Bind("↑", "up", "up", "k"), keys.Bind("↓", "down", "down", "j")
	k.MultiSelect.Toggle = keys.Bind("space", "select", " ", "x")
	k.Confirm.Toggle = keys.Bind("←/→", "change", "left", "right", "h", "l", " ")
	k.Confirm.Accept, k.Confirm.Reject = keys.Bind("y", "on", "y", "Y"), keys.Bind("n", "off", "n", "N")
	return &k
}
