package webhooks

import (
	"io"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"github.com/up42/up42-webhooks/tui/theme"
)

// formTheme has huh draw in the styles of a theme, and nothing in any other: its
// own renderer has no colours.
func formTheme(th *theme.Theme, roomy bool) *huh.Theme {
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
		Cursor: r.NewStyle().Transform(cursor(th)), CursorText: styled(th.Input),
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

// eachLine styles lines one by one, so that no style runs over an edge.
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

// cursor draws the character under the cursor; where there are no styles, so
// that it can be seen on a space.
func cursor(th *theme.Theme) func(string) string {
	return func(s string) string {
		if th.Cursor == (theme.Style{}) && strings.TrimSpace(s) == "" {
			return "_"
		}
		return th.Cursor.Apply(s)
	}
}

// formKeys are the keys that huh is left with: those within a field.
func formKeys() *huh.KeyMap {
	none := key.NewBinding(key.WithDisabled())
	var k huh.KeyMap
	k.Quit = none
	k.Select.Left, k.Select.Right = bind("←", "before", "left", "h"), bind("→", "after", "right", "l", " ")
	k.MultiSelect.Up, k.MultiSelect.Down = bind("↑", "up", "up", "k"), bind("↓", "down", "down", "j")
	k.MultiSelect.Toggle = bind("space", "pick", " ", "x")
	k.Confirm.Toggle = bind("←/→", "change", "left", "right", "h", "l", " ")
	k.Confirm.Accept, k.Confirm.Reject = bind("y", "on", "y", "Y"), bind("n", "off", "n", "N")
	return &k
}
