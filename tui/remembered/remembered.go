// Package remembered is what the screen remembers from one run to the next: a small file for
// each store. The screen works without it.
package remembered

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

// version is that of the file. A program does not read, and does not replace, a newer one.
const version = 1

// maxFile is the largest file that is read, in bytes, and maxFilter the longest filter that the
// screen takes, in characters.
const maxFile, maxFilter = 1 << 20, 400

// State is how the user looks at the screen. Its zero value is that of a first start.
type State struct {
	// Page is the name of the page that is shown.
	Page string `json:"page,omitempty"`
	Pane Pane   `json:"pane"`
	// Lists are those that are not as they are at a first start, by the names of their pages.
	Lists map[string]List `json:"lists,omitempty"`
	// Filters are those that the user has typed, the newest first.
	Filters []string `json:"filters,omitempty"`
}

// Pane is how the details beside a list are shown.
type Pane struct {
	Hidden bool `json:"hidden,omitempty"`
	// Width is what the user chose, in cells. 0: what is usual.
	Width int `json:"width,omitempty"`
}

// List is how a list is shown. Its zero value is how it is at a first start.
type List struct {
	// Sort is the name of the order.
	Sort   string `json:"sort,omitempty"`
	Filter string `json:"filter,omitempty"`
}

// Equal reports whether two states are the same.
func (s *State) Equal(o *State) bool {
	return s.Page == o.Page && s.Pane == o.Pane && maps.Equal(s.Lists, o.Lists) && slices.Equal(s.Filters, o.Filters)
}

// file is the content of the file.
type file struct {
	Version int `json:"version"`
	State
}

// ErrNewer is the error of [Read] for a file of a newer program. It must not be replaced.
var ErrNewer = errors.New("a newer up42hooks wrote it")

// Read reads a file. Without a file the state is that of a first start. If it returns an error,
// too.
func Read(name string) (State, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return State{}, nil
	case err != nil:
		return State{}, err
	case !info.Mode().IsRegular():
		return State{}, fmt.Errorf("%s is no regular file", name)
	}
	content, err := outfile.Read(name, maxFile)
	if err != nil {
		return State{}, err
	}
	var f file
	if err := json.Unmarshal(content, &f); err != nil {
		return State{}, fmt.Errorf("%s is damaged: %w", name, err)
	}
	switch {
	case f.Version > version:
		return State{}, fmt.Errorf("%s: %w", name, ErrNewer)
	case f.Version < 1:
		return State{}, fmt.Errorf("%s is damaged: it has no version", name)
	}
	for page, l := range f.Lists {
		if utf8.RuneCountInString(l.Filter) > maxFilter {
			l.Filter = ""
			f.Lists[page] = l
		}
	}
	f.Filters = slices.DeleteFunc(f.Filters, func(expr string) bool { return utf8.RuneCountInString(expr) > maxFilter })
	f.Pane.Width = max(0, f.Pane.Width)
	return f.State, nil
}

// FiltersOf returns the state with the filters of another one.
func (s State) FiltersOf(o State) State {
	lists := map[string]List{}
	for page, l := range s.Lists {
		lists[page] = List{Sort: l.Sort}
	}
	for page, l := range o.Lists {
		if l.Filter != "" {
			lists[page] = List{Sort: lists[page].Sort, Filter: l.Filter}
		}
	}
	s.Lists, s.Filters = lists, o.Filters
	return s
}

// Without returns the state without filters that are secret.
func (s State) Without(secret func(text string) bool) State {
	s.Filters = slices.DeleteFunc(slices.Clone(s.Filters), secret)
	s.Lists = maps.Clone(s.Lists)
	for page, l := range s.Lists {
		if secret(l.Filter) {
			l.Filter = ""
			s.Lists[page] = l
		}
	}
	return s
}

// Write replaces a file as a whole. It is for its owner only.
func (s State) Write(ctx context.Context, name string) error {
	content, err := json.MarshalIndent(file{version, s}, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return outfile.WriteOwn(ctx, name, func(out io.Writer) error {
		_, err := io.Copy(out, bytes.NewReader(append(content, '\n')))
		return err
	})
}
