package theme

import (
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// palette is the colours of a theme. lipgloss replaces them by similar ones if the
// terminal has fewer colours.
type palette struct {
	accent, dim                                 lipgloss.Color
	success, failure, progress, cancelled, mark lipgloss.Color
	// trouble and waiting are drawn bold: they are what the user looks for.
	trouble, waiting lipgloss.Color
	// cursor is the background of the line under the cursor, and onCursor the
	// colour of its text. The terminal's own text colour may not fit, as whether the
	// terminal is dark is a guess.
	cursor, onCursor lipgloss.Color
}

// The names of the themes. A theme has the name of the terminal's background.
const (
	Dark  = "dark"
	Light = "light"
)

// palettes are the colours of all themes. The setting theme and its documentation
// read their names from here.
var palettes = [...]struct {
	name string
	// fine is for terminals with many colours. sixteen has colours by their numbers,
	// as the nearest one to a fine shade often looks very different.
	fine, sixteen palette
}{
	{
		Dark,
		palette{
			accent: "#7cc4ff", dim: "#7d8694",
			success: "#7ee2a0", failure: "#ff8a80", progress: "#f5c66a", cancelled: "#c9a2f2", mark: "#f5c66a",
			trouble: "#ff9e64", waiting: "#5fe3e0",
			cursor: "#25384d", onCursor: "#eef2f6",
		},
		palette{
			accent: "14", dim: "7",
			success: "10", failure: "9", progress: "11", cancelled: "13", mark: "11",
			trouble: "9", waiting: "14",
			cursor: "8", onCursor: "15",
		},
	},
	{
		Light,
		palette{
			accent: "#0b62a8", dim: "#6b7280",
			success: "#157a3c", failure: "#b3261e", progress: "#8a5a00", cancelled: "#7a3e9d", mark: "#8a5a00",
			trouble: "#b3400a", waiting: "#0a6b75",
			cursor: "#dbe7f3", onCursor: "#1c2733",
		},
		palette{
			accent: "4", dim: "8",
			success: "2", failure: "1", progress: "4", cancelled: "5", mark: "5",
			trouble: "1", waiting: "4",
			cursor: "7", onCursor: "0",
		},
	},
}

// Names returns the names of all themes. The first one is the default.
func Names() []string {
	names := make([]string, len(palettes))
	for i, p := range palettes {
		names[i] = p.name
	}
	return names
}

// palette chooses the colours.
func (o Options) palette() palette {
	if o.Mono {
		return palette{} // lipgloss uses no colour for ""
	}
	p := palettes[0]
	for _, named := range palettes {
		if named.name == o.Name {
			p = named
		}
	}
	if o.HighContrast || o.Profile == termenv.ANSI {
		return p.sixteen
	}
	return p.fine
}
