package theme

import (
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// palette is a theme's colours. lipgloss scales them down to as many as the
// terminal has.
type palette struct {
	accent, dim                                 lipgloss.Color
	success, failure, progress, cancelled, mark lipgloss.Color
	// cursor is the ground of the line under it, on its text: the terminal's own
	// may be of the other kind than was thought.
	cursor, on lipgloss.Color
}

// palette names each colour for its ground. Where there are sixteen, they are
// named as such: the nearest one to a fine shade is often far off.
func (o Options) palette() palette {
	sixteen := o.HighContrast || o.Profile == termenv.ANSI
	switch {
	case o.Mono:
		return palette{} // lipgloss draws no colour for ""
	case sixteen && o.Dark:
		return palette{
			accent: "14", dim: "7",
			success: "10", failure: "9", progress: "11", cancelled: "13", mark: "11",
			cursor: "8", on: "15",
		}
	case sixteen:
		return palette{
			accent: "4", dim: "8",
			success: "2", failure: "1", progress: "4", cancelled: "5", mark: "5",
			cursor: "7", on: "0",
		}
	case o.Dark:
		return palette{
			accent: "#7cc4ff", dim: "#7d8694",
			success: "#7ee2a0", failure: "#ff8a80", progress: "#f5c66a", cancelled: "#c9a2f2", mark: "#f5c66a",
			cursor: "#25384d", on: "#eef2f6",
		}
	default:
		return palette{
			accent: "#0b62a8", dim: "#6b7280",
			success: "#157a3c", failure: "#b3261e", progress: "#8a5a00", cancelled: "#7a3e9d", mark: "#8a5a00",
			cursor: "#dbe7f3", on: "#1c2733",
		}
	}
}
