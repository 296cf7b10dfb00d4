package theme

import "github.com/muesli/termenv"

// Options say what the terminal can do and what its user wants.
type Options struct {
	// Profile is how many colours the terminal has. With termenv.Ascii there are
	// no colours, and no bold or reverse, as there is no terminal.
	Profile termenv.Profile
	// Mono is for a terminal without colours, and for users who do not want them
	// (NO_COLOR). It uses bold and reverse, and ignores Profile, Name and
	// HighContrast.
	Mono bool
	// Name is one of Names. Any other name is the first of them.
	Name string
	// HighContrast uses the terminal's own sixteen colours, bold and reverse, and
	// no faint colours.
	HighContrast bool
	// Colours replace those of the theme, by their roles, on terminals with more than sixteen
	// colours. See [Own].
	Colours map[string]string
	// Links: the terminal opens links (OSC 8). See [TakesLinks].
	Links bool
	// ASCII uses only ASCII glyphs, for locales that are not UTF-8. See also
	// text.ASCII.
	ASCII bool
}
