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
	"sync"

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
// and logins in URLs become the mask, and long texts are cut. It is safe for concurrent use.
type cleaner struct {
	// configured returns the secrets of the configuration as it is now.
	configured func() []string

	mu    sync.Mutex
	known masks
}

// newCleaner makes a cleaner that looks for secrets of the configuration, and for those that it learns.
func newCleaner(configured func() []string) *cleaner {
	return &cleaner{configured: configured, known: masks(nil).with(configured()...)}
}

// learn adds a secret.
func (c *cleaner) learn(secret string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = c.known.with(secret)
}

// now returns the secrets that are known now. One that was known once may be in the store, so it stays.
func (c *cleaner) now() masks {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = c.known.with(c.configured()...)
	return c.known
}

// short cleans a text for one line, such as an error.
func (c *cleaner) short(s string) string {
	const cells = 600
	return text.Short(c.now().text(strings.Join(strings.Fields(s), " ")), cells)
}

// encode encodes a value as JSON, and cleans all texts in it. The order of the fields stays.
func (c *cleaner) encode(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err == nil {
		raw, err = rewrite(raw, maxDepth, c.now().text)
	}
	if err != nil {
		return nil, fmt.Errorf("encode a result: %w", err)
	}
	return raw, nil
}

// whole cleans all texts of a JSON text, however deep they are, and cuts none.
func (c *cleaner) whole(raw []byte) (string, error) {
	const deepest = 10_000 // that encoding/json takes
	known := c.now()
	out, err := rewrite(raw, deepest, func(s string) string { return text.Clean(known.masked(s), 0) })
	return string(out), err
}

// masks are secrets. The longest is replaced first, as another may be a part of it.
type masks []string

// with returns the secrets with more of them.
func (m masks) with(more ...string) masks {
	fresh := slices.DeleteFunc(slices.Clone(more), func(s string) bool { return len(s) < shortestMasked || slices.Contains(m, s) })
	if len(fresh) == 0 {
		return m
	}
	all := slices.Concat(m, fresh)
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	return slices.Compact(all)
}

// text cleans one text, and cuts it.
func (m masks) text(s string) string { return text.Clean(m.masked(s), maxText) }

// masked masks secrets and logins in a text.
func (m masks) masked(s string) string {
	for _, secret := range m {
		s = strings.ReplaceAll(s, secret, mask)
	}
	if strings.Contains(s, "@") {
		s = login.ReplaceAllString(s, "$1"+mask+"@")
	}
	return s
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
