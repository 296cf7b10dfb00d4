package altered

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const itWasCompressed = "it was compressed"

// change is something that programs do to bodies. undo returns what the body may have been before.
type change struct {
	what, todo string
	undo       func(body []byte) iter.Seq[[]byte]
}

const (
	sendBytes = "Let the program that passes it on send the bytes that it got."
	passText  = "Have the gateway pass the body as text."
	passAsIs  = "Have the gateway pass the body as it comes."
)

// forms are the changes after which a body is in another form, the most probable ones first.
var forms = []change{
	{itWasCompressed, "Turn off the compression of requests in the proxy or tunnel.", each(decompress)},
	{"it was encoded in base64", passText, each(inBase64)},
	{"it was encoded as a form", passAsIs, each(inForm)},
	{"it was converted to UTF-16", sendBytes, each(fromUTF16)},
	{"it was put into another object or text", "Have the queue or gateway pass the raw body.", inner},
	{"it was encoded in hexadecimal", passText, each(inHex)},
	{"it was converted to another character set", sendBytes, characterSets},
	{"its characters were escaped as in HTML", passAsIs, each(inHTML)},
}

// changes are those, and the ones that leave a body what it is.
var changes = append([]change{
	{"line ends or white space at its end were added or removed", "Let the proxy, or the program that passes it on, send the bytes that it got.", ends},
	{"a byte order mark was added or removed", sendBytes, mark},
	{"a program read the JSON and wrote it again, with other white space or escapes", "Let the program that passes it on send the bytes that it got, instead of reading and writing JSON.", layouts},
}, forms...)

func each(undo func([]byte) []byte) func([]byte) iter.Seq[[]byte] {
	return func(body []byte) iter.Seq[[]byte] {
		return func(yield func([]byte) bool) {
			if before := undo(body); before != nil {
				yield(before)
			}
		}
	}
}

// decompress returns nil if the body is not compressed in a way that it knows. It returns a
// beginning of what is large.
func decompress(body []byte) []byte {
	for _, open := range []func(io.Reader) (io.Reader, error){
		func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) },
		func(r io.Reader) (io.Reader, error) { return flate.NewReader(r), nil },
	} {
		const most = 1 << 20
		if r, err := open(bytes.NewReader(body)); err == nil {
			if plain, err := io.ReadAll(io.LimitReader(r, most)); err == nil && len(plain) > 0 {
				return plain
			}
		}
	}
	return nil
}

func ends(body []byte) iter.Seq[[]byte] {
	trimmed := bytes.TrimRight(body, " \t\r\n")
	unix := bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
	windows := bytes.ReplaceAll(unix, []byte("\n"), []byte("\r\n"))
	return slices.Values([][]byte{
		trimmed, appended(trimmed, "\n"), appended(trimmed, "\r\n"), unix, windows, appended(bytes.TrimRight(unix, "\n"), ""), appended(bytes.TrimRight(windows, "\r\n"), ""),
	})
}

func appended(body []byte, end string) []byte { return append(slices.Clip(body), end...) }

func mark(body []byte) iter.Seq[[]byte] {
	const bom = "\ufeff"
	return slices.Values([][]byte{bytes.TrimPrefix(body, []byte(bom)), append([]byte(bom), body...)})
}

// layouts returns the forms in which libraries write the same JSON.
func layouts(body []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var compact bytes.Buffer
		if json.Compact(&compact, body) != nil {
			return
		}
		for _, text := range [][]byte{compact.Bytes(), unescaped(compact.Bytes()), escaped(compact.Bytes())} {
			forms := [][]byte{text, spaced(text)}
			for _, indent := range []string{"  ", "    ", "\t", " "} {
				var b bytes.Buffer
				if json.Indent(&b, text, "", indent) == nil {
					forms = append(forms, b.Bytes())
				}
			}
			for _, form := range forms {
				if !yield(form) || !yield(appended(form, "\n")) {
					return
				}
			}
		}
	}
}

// spaced puts a space after each comma and colon, as Python does.
func spaced(compact []byte) (out []byte) {
	inString := false
	for i := 0; i < len(compact); i++ {
		c := compact[i]
		out = append(out, c)
		switch {
		case inString && c == '\\':
			i++
			out = append(out, compact[i])
		case c == '"':
			inString = !inString
		case !inString && (c == ',' || c == ':'):
			out = append(out, ' ')
		}
	}
	return out
}

// unescaped writes characters themselves where that is possible: é and / for \u00e9 and \/.
func unescaped(compact []byte) []byte {
	var out []byte
	for i := 0; i < len(compact); i++ {
		if compact[i] != '\\' || i+1 == len(compact) {
			out = append(out, compact[i])
			continue
		}
		i++
		switch {
		case compact[i] == '/':
			out = append(out, '/')
		case compact[i] == 'u' && i+5 <= len(compact):
			r, size := unicodeEscape(compact[i-1:])
			if r == utf8.RuneError || r < ' ' || r == '"' || r == '\\' {
				out = append(out, compact[i-1:i+5]...)
				i += 4
				continue
			}
			out = utf8.AppendRune(out, r)
			i += size - 2
		default:
			out = append(out, '\\', compact[i])
		}
	}
	return out
}

// unicodeEscape reads the character that a text begins with as \uXXXX, or as two of these.
func unicodeEscape(text []byte) (r rune, size int) {
	unit := func(at int) rune {
		if len(text) < at+6 || text[at] != '\\' || text[at+1] != 'u' {
			return utf8.RuneError
		}
		n, err := strconv.ParseUint(string(text[at+2:at+6]), 16, 16)
		if err != nil {
			return utf8.RuneError
		}
		return rune(n)
	}
	if r = unit(0); utf16.IsSurrogate(r) {
		return utf16.DecodeRune(r, unit(6)), 12
	}
	return r, 6
}

// escaped writes all that is not ASCII as \uXXXX, as Python does.
func escaped(compact []byte) []byte {
	var out []byte
	for _, r := range string(compact) {
		switch {
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

func inBase64(body []byte) []byte {
	text := strings.Trim(string(bytes.TrimSpace(body)), `"`)
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.RawURLEncoding} {
		if plain, err := e.DecodeString(text); err == nil && len(plain) > 0 {
			return plain
		}
	}
	return nil
}

// inForm returns the body that is a whole form, or the value of its first field.
func inForm(body []byte) []byte {
	text := string(body)
	if i := strings.IndexAny(text, "={"); i > 0 && text[i] == '=' {
		text, _, _ = strings.Cut(text[i+1:], "&")
	}
	if plain, err := url.QueryUnescape(strings.TrimSuffix(text, "=")); err == nil && plain != string(body) {
		return []byte(plain)
	}
	return nil
}

func inHex(body []byte) []byte {
	plain, err := hex.DecodeString(string(bytes.TrimSpace(body)))
	if err != nil || len(plain) == 0 {
		return nil
	}
	return plain
}

func inHTML(body []byte) []byte {
	if plain := html.UnescapeString(string(body)); plain != string(body) {
		return []byte(plain)
	}
	return nil
}

// characterSets returns the text that was UTF-8 before it was made Latin-1, and the one whose
// bytes were taken for Latin-1 and made UTF-8.
func characterSets(body []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var up, down []byte
		for _, b := range body {
			up = utf8.AppendRune(up, rune(b))
		}
		for _, r := range string(body) {
			if r > 0xff { // no text of Latin-1
				down = nil
				break
			}
			down = append(down, byte(r))
		}
		_ = len(up) == len(body) || yield(up) && down != nil && yield(down)
	}
}
