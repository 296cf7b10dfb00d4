package mcp

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/tui/text"
)

const (
	// maxText is the most cells of a text that goes out.
	maxText = 4000
	// maxDepth is how deep lists and objects may be nested.
	maxDepth = 64
	// shortestMasked is the length in bytes of the shortest secret that is looked for: a
	// shorter one would change words that only look like it.
	shortestMasked = 6
	// mask replaces a secret.
	mask = "••••••"
)

// login finds a user and a password in a URL. The password may have an @ itself: the last one ends it.
var login = regexp.MustCompile(`(\w://)[^/?#\s]+@`)

var errTooDeep = errors.New("it is nested too deep")

// cleaner makes what goes out safe to read: in all texts, also those of the names of fields,
// invisible characters and those that control a terminal become visible escapes, secrets
// and logins in URLs become the mask, and long texts are cut.
type cleaner struct{ secrets []string }

// newCleaner makes a cleaner that looks for these secrets. The longest is replaced first, as
// another may be a part of it.
func newCleaner(secrets []string) *cleaner {
	secrets = slices.DeleteFunc(slices.Clone(secrets), func(s string) bool { return len(s) < shortestMasked })
	slices.SortFunc(secrets, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	return &cleaner{slices.Compact(secrets)}
}

// text cleans one text, and cuts it.
func (c *cleaner) text(s string) string { return text.Clean(c.masked(s), maxText) }

// masked masks secrets and logins in a text.
func (c *cleaner) masked(s string) string {
	for _, secret := range c.secrets {
		s = strings.ReplaceAll(s, secret, mask)
	}
	if strings.Contains(s, "@") {
		s = login.ReplaceAllString(s, "$1"+mask+"@")
	}
	return s
}

// short cleans a text for one line, such as an error.
func (c *cleaner) short(s string) string {
	const cells = 600
	return text.Short(c.text(strings.Join(strings.Fields(s), " ")), cells)
}

// encode encodes a value as JSON, and cleans all texts in it. The order of the fields stays.
func (c *cleaner) encode(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err == nil {
		raw, err = rewrite(raw, maxDepth, c.text)
	}
	if err != nil {
		return nil, fmt.Errorf("encode a result: %w", err)
	}
	return raw, nil
}

// whole cleans all texts of a JSON text, however deep they are, and cuts none.
func (c *cleaner) whole(raw []byte) (string, error) {
	const deepest = 10_000 // that encoding/json takes
	out, err := rewrite(raw, deepest, func(s string) string { return text.Clean(c.masked(s), 0) })
	return string(out), err
}

// rewrite copies JSON, with other texts.
func rewrite(raw []byte, depth int, text func(string) string) ([]byte, error) {
	w := rewriter{text: text, depth: depth, dec: json.NewDecoder(bytes.NewReader(raw))}
	w.dec.UseNumber()
	err := w.value(0)
	return w.out.Bytes(), err
}

// rewriter copies JSON with other texts.
type rewriter struct {
	text  func(string) string
	depth int // the most that is copied
	dec   *json.Decoder
	out   bytes.Buffer
}

func (w *rewriter) value(depth int) error {
	token, err := w.dec.Token()
	switch {
	case errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	case err != nil:
		return err
	case depth > w.depth:
		return errTooDeep
	}
	switch t := token.(type) {
	case json.Delim:
		return w.nested(t, depth)
	case string:
		return w.string(t)
	case json.Number:
		w.out.WriteString(t.String())
	case bool:
		fmt.Fprint(&w.out, t)
	default:
		w.out.WriteString("null")
	}
	return nil
}

// nested writes an object or a list whose start was read.
func (w *rewriter) nested(open json.Delim, depth int) error {
	w.out.WriteString(open.String())
	for first := true; w.dec.More(); first = false {
		if !first {
			w.out.WriteByte(',')
		}
		if open == '{' {
			if err := w.name(); err != nil {
				return err
			}
		}
		if err := w.value(depth + 1); err != nil {
			return err
		}
	}
	end, err := w.dec.Token()
	if err == nil {
		w.out.WriteString(end.(json.Delim).String())
	}
	return err
}

// name writes the name of a field.
func (w *rewriter) name() error {
	token, err := w.dec.Token()
	if err != nil {
		return err
	}
	if err := w.string(token.(string)); err != nil {
		return err
	}
	return w.out.WriteByte(':')
}

func (w *rewriter) string(s string) error {
	enc := json.NewEncoder(&w.out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(w.text(s)); err != nil {
		return err
	}
	w.out.Truncate(w.out.Len() - 1) // the line end
	return nil
}

// depthOf returns how deep the lists and objects of a JSON text are nested.
func depthOf(raw []byte) (deepest int) {
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch b := raw[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{', b == '[':
			depth++
			deepest = max(deepest, depth)
		case b == '}', b == ']':
			depth--
		}
	}
	return deepest
}
