// Package hostile is for tests: it has texts that do something to a terminal which prints them as
// they are, and puts them into all texts of a value.
package hostile

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Text is one of them.
type Text struct{ Name, Text string }

// The control characters, which a terminal takes as seven bits (ESC and a letter), as a character
// of UTF-8, or as a single byte.
const (
	esc = "\x1b"
	bel = "\a"
	st  = esc + `\`
)

// Texts returns all of them, by their names.
func Texts() []Text {
	all := make([]Text, 0, 128)
	for _, group := range [][]Text{commands(), eightBits(), sequences(), characters(), long()} {
		all = append(all, group...)
	}
	slices.SortFunc(all, func(a, b Text) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// commands are those that change something outside the cells: title, colours, clipboard, modes.
func commands() []Text {
	return []Text{
		{"title and icon", esc + "]0;owned" + bel},
		{"title, ended by ST", esc + "]2;owned" + st},
		{"icon", esc + "]1;owned" + bel},
		{"property", esc + "]3;X=owned" + bel},
		{"a colour", esc + "]4;1;rgb:ff/00/00" + bel},
		{"the folder", esc + "]7;file://h/etc" + bel},
		{"a link", esc + "]8;;https://evil.example" + st + "x" + esc + "]8;;" + st},
		{"a notice", esc + "]9;owned" + bel},
		{"foreground", esc + "]10;#000000" + bel},
		{"the clipboard", esc + "]52;c;b3duZWQ=" + bel},
		{"asks the clipboard", esc + "]52;c;?" + bel},
		{"resets colours", esc + "]104" + bel},
		{"a notice of another kind", esc + "]777;notify;a;b" + st},
		{"a file of iTerm", esc + "]1337;File=name=eA==:eA==" + bel},
		{"DCS", esc + "P1$r0m" + st},
		{"DCS, a picture", esc + "Pq#0;2;0;0;0~" + st},
		{"APC", esc + "_Ga=T;eA==" + st},
		{"PM", esc + "^owned" + st},
		{"SOS", esc + "Xowned" + st},
		{"OSC without an end", esc + "]0;owned"},
		{"DCS without an end", esc + "P"},
		{"an end only", st},
	}
}

// eightBits are the control characters from U+0080 to U+009F.
func eightBits() (all []Text) {
	for name, c := range map[string]rune{"CSI": 0x9b, "OSC": 0x9d, "DCS": 0x90, "APC": 0x9f, "PM": 0x9e, "SOS": 0x98, "ST": 0x9c, "NEL": 0x85, "RI": 0x8d} {
		all = append(all,
			Text{name + " as a character", string(c) + "0;owned" + bel + "31m"},
			Text{name + " as a byte", string([]byte{byte(c)}) + "0;owned" + bel + "31m"})
	}
	return all
}

// sequences are control sequences that move the cursor, wipe, or change modes.
func sequences() (all []Text) {
	for _, s := range []string{
		"2J", "3J", "J", "2K", "H", "99;1H", "10A", "10B", "10C", "10D", "1E", "1F", "5G", "5d", "3L", "3M", "9P", "9@", "9X", "2S", "2T", "9b",
		"31m", "7m", "8m", "38;2;1;2;3m", "0m", "5n", "6n", "c", ">c", "=c", "18t", "22;0t", "8;10;20t", "21t",
		"?25l", "?1049h", "?1049l", "?1000h", "?1003h", "?1006h", "?2004l", "?2026h", "?7l", "?5h", "4h", "20h", "1;2r", "s", "u", ">4;2m", "!p", "?69h", "5 q", "0\"q", ">1u",
	} {
		all = append(all, Text{"CSI " + s, esc + "[" + s})
	}
	for _, s := range []string{"c", "7", "8", "D", "E", "M", "H", "=", ">", "(0", ")0", "#8", "%@", "%G", "N", "n", "|", "~", "Z", " F"} {
		all = append(all, Text{"ESC " + s, esc + s})
	}
	return append(all, Text{"an escape only", esc}, Text{"half a sequence", esc + "[38;5"}, Text{"two escapes", esc + esc + "[2J"})
}

// characters are single ones, and bytes that are no characters.
func characters() (all []Text) {
	for name, s := range map[string]string{
		"NUL": "\x00", "BEL": bel, "BS": "\b\b\b\b", "TAB": "\t", "LF": "a\nb", "VT": "a\vb", "FF": "a\fb", "CR": "good\rbad ", "CR LF": "a\r\nb",
		"SO": "\x0e", "SI": "\x0f", "CAN": "\x18", "SUB": "\x1a", "DEL": "\x7f\x7f", "ENQ": "\x05", "DC3": "\x13",
		"right to left": "\u202e" + "detrever", "isolate": "\u2066a\u2069b\u2068", "embedding": "\u202ba\u202c", "marks of direction": "\u200e\u200f\u061c",
		"line separator": "a\u2028b\u2029c", "zero width": "FUL\u200bFIL\u2060LED\ufeff", "soft hyphen": "a\u00adb", "tags": "\U000e0001\U000e0041\U000e007f",
		"private": "\ue000\U000f0000\U0010fffd", "no character": "\ufffe\uffff\U0001ffff", "selectors": "a\ufe0f\U000e0101", "filler": "\u3164\u115f\uffa0",
		"interlinear": "\ufff9a\ufffab\ufffb", "alone": "\xff\xfe", "a surrogate": "\xed\xa0\x80\xed\xb0\x80", "overlong": "\xc0\x9b[2J\xe0\x80\x9b]0;x\a\xc1\xbf",
		"cut": "\xe2\x82", "continuation": "\x80\xbf", "beyond": "\xf4\x90\x80\x80\xf8\x88\x80\x80\x80", "a mark first": "\u0301\u0308", "wide": "衛星\U0001f680\U0001f468\u200d\U0001f469",
	} {
		all = append(all, Text{name, s})
	}
	return all
}

// long are those that are too long.
func long() []Text {
	return []Text{
		{"10,000 characters", strings.Repeat("long name ", 1000)},
		{"10,000 wide ones", strings.Repeat("衛", 10_000)},
		{"a flood of zero width", "a" + strings.Repeat("\u200b\u200d\ufeff", 3000)},
		{"a flood of marks", "a" + strings.Repeat("\u0301\u0336\u20dd", 3000)},
		{"a flood of sequences", strings.Repeat(esc+"[2J"+esc+"]0;owned"+bel, 500)},
		{"a flood of lines", strings.Repeat("a\r\n", 2000) + "b"},
	}
}

// JSON returns a text as a string of JSON that a hostile sender writes: with escapes, so that any
// reader takes it, and with half a surrogate at its end. What is no UTF-8 stands as it is.
func JSON(s string) []byte {
	const hex = "0123456789abcdef"
	out := []byte{'"'}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1, r > 0xffff:
			out = append(out, s[i:i+n]...)
		default:
			out = append(out, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		}
		i += n
	}
	return append(out, `\ud800"`...)
}
