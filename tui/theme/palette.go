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

// The names of the themes for a terminal whose background is only known to be dark or light.
const (
	Dark  = "dark"
	Light = "light"
)

// HighContrast is the theme that has only the terminal's own sixteen colours: see
// [Options.HighContrast].
const HighContrast = "high-contrast"

// scheme is a theme's colours. They are made for terminals with one of the grounds, which
// are never painted: each text has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3) to each
// ground and to the background of the line under the cursor.
type scheme struct {
	name    string
	grounds []lipgloss.Color
	// fine is for terminals with many colours. sixteen has colours by their numbers,
	// as the nearest one to a fine shade often looks very different.
	fine, sixteen palette
}

var (
	darkSixteen = palette{
		accent: "14", dim: "7",
		success: "10", failure: "9", progress: "11", cancelled: "13", mark: "11",
		trouble: "9", waiting: "14",
		cursor: "8", onCursor: "15",
	}
	lightSixteen = palette{
		accent: "4", dim: "8",
		success: "2", failure: "1", progress: "4", cancelled: "5", mark: "5",
		trouble: "1", waiting: "4",
		cursor: "7", onCursor: "0",
	}
)

// schemes are the colours of all themes. The setting theme and its documentation
// read their names from here.
var schemes = [...]scheme{
	{
		name:    Dark,
		grounds: []lipgloss.Color{"#000000", "#1a1b26", "#1e1e1e", "#282828", "#282a36", "#282c34", "#2e3440", "#002b36"},
		fine: palette{
			accent: "#8ccbff", dim: "#9aa5b4",
			success: "#7ee2a0", failure: "#ffaaa2", progress: "#f5cb78", cancelled: "#d9bcfa", mark: "#f5cb78",
			trouble: "#ffb27f", waiting: "#5fe3e0",
			cursor: "#364b61", onCursor: "#ffffff",
		},
		sixteen: darkSixteen,
	},
	{
		name:    Light,
		grounds: []lipgloss.Color{"#ffffff", "#fafafa", "#eff1f5", "#fdf6e3", "#fbf1c7"},
		fine: palette{
			accent: "#0a4a80", dim: "#5a6270",
			success: "#0c5428", failure: "#941b15", progress: "#5f3d00", cancelled: "#632f82", mark: "#5f3d00",
			trouble: "#862f06", waiting: "#07525a",
			cursor: "#b9cbe0", onCursor: "#0d1620",
		},
		sixteen: lightSixteen,
	},
	{
		name:    "stage",
		grounds: []lipgloss.Color{"#000000", "#1e1e1e", "#282c34"},
		fine: palette{
			accent: "#ffffff", dim: "#c8d0da",
			success: "#7dffa8", failure: "#ffada5", progress: "#ffe27a", cancelled: "#e0c8ff", mark: "#ffe27a",
			trouble: "#ffc08a", waiting: "#7fefff",
			cursor: "#364b61", onCursor: "#ffffff",
		},
		sixteen: darkSixteen,
	},
	{
		name:    "nord",
		grounds: []lipgloss.Color{"#2e3440"},
		fine: palette{
			accent: "#9fd3e2", dim: "#a3adbd",
			success: "#b7d19f", failure: "#f5b3b8", progress: "#f0d399", cancelled: "#e2c2dc", mark: "#f0d399",
			trouble: "#f2bb9d", waiting: "#9ad6d0",
			cursor: "#434c5e", onCursor: "#eceff4",
		},
		sixteen: darkSixteen,
	},
	{
		name:    "gruvbox",
		grounds: []lipgloss.Color{"#282828"},
		fine: palette{
			accent: "#8fc9bb", dim: "#a89984",
			success: "#c5c83c", failure: "#ffa89c", progress: "#fabd2f", cancelled: "#dcb4ec", mark: "#fabd2f",
			trouble: "#ffa05a", waiting: "#9fd08f",
			cursor: "#4a433f", onCursor: "#fbf1c7",
		},
		sixteen: darkSixteen,
	},
	{
		name:    "dracula",
		grounds: []lipgloss.Color{"#282a36"},
		fine: palette{
			accent: "#8be9fd", dim: "#a3aed0",
			success: "#50fa7b", failure: "#ffa3a3", progress: "#f1fa8c", cancelled: "#d5b8ff", mark: "#f1fa8c",
			trouble: "#ffb86c", waiting: "#8be9fd",
			cursor: "#44475a", onCursor: "#f8f8f2",
		},
		sixteen: darkSixteen,
	},
}

// Names returns the names of all themes. The first one is the default.
func Names() []string { return append(Bases(), HighContrast) }

// Bases returns the names of the themes that have colours of their own.
func Bases() []string {
	names := make([]string, len(schemes))
	for i, p := range schemes {
		names[i] = p.name
	}
	return names
}

// palette chooses the colours.
func (o Options) palette() palette {
	if o.Mono {
		return palette{} // lipgloss uses no colour for ""
	}
	s := schemeOf(o.Name)
	if o.HighContrast || o.Name == HighContrast || o.Profile == termenv.ANSI {
		return s.sixteen
	}
	return s.fine.with(o.Colours)
}

// schemeOf returns the scheme with a name, or else the first one.
func schemeOf(name string) scheme {
	for _, s := range schemes {
		if s.name == name {
			return s
		}
	}
	return schemes[0]
}
