package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// pageSize is how many orders or jobs are requested at a time.
const pageSize = 100

// errNoID is the error of a call without an id. Its address would be that of a list.
var errNoID = errors.New("there is no id to ask UP42 for")

// collect reads pages until it has max items, page returns false, or a page has nothing new.
// It drops items with a known id, because items move to other pages while pages are read.
func collect[T any](max int, id func(T) string, page func() (items []T, more bool, err error)) (list []T, err error) {
	seen := map[string]bool{}
	for more := true; more && len(list) < max; {
		var items []T
		if items, more, err = page(); err != nil {
			return nil, err
		}
		before := len(list)
		for _, item := range items {
			if !seen[id(item)] && len(list) < max {
				seen[id(item)] = true
				list = append(list, item)
			}
		}
		if len(list) == before {
			break
		}
	}
	return list, nil
}

// listIn decodes the list in a page.
func listIn[T any](what string, page json.RawMessage) ([]T, error) {
	var list entries[T]
	switch err := json.Unmarshal(page, &list); {
	case errors.Is(err, errLong):
		return nil, fmt.Errorf("%s: %w: %w", what, errAnswer, err)
	case err != nil:
		return nil, fmt.Errorf("%s: %w: there is no list in it", what, errAnswer)
	}
	return list, nil
}

// readOne reads an order or a job by its id. It checks the id in the answer.
func readOne[T any](ctx context.Context, c *caller, what, id string, at *url.URL, idOf func(T) string) (one T, err error) {
	if id == "" {
		return one, fmt.Errorf("%s: %w", what, errNoID)
	}
	if err := c.read(ctx, what, at, &one); err != nil {
		return one, err
	}
	if !strings.EqualFold(idOf(one), id) {
		return one, fmt.Errorf("%s: %w: it has another id", what, errAnswer)
	}
	return one, nil
}
