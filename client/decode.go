package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// unwrap is the data of an answer {"data": …, "error": null}; an answer that is
// not wrapped is its own data.
func unwrap(what string, answer []byte) (json.RawMessage, error) {
	var o struct {
		Data json.RawMessage `json:"data"`
	}
	switch {
	case isEmpty(answer):
		return nil, fmt.Errorf("%s: %w", what, errEmpty)
	case isPage(answer):
		return nil, fmt.Errorf("%s: %w: UP42 answered with success, but it is %s", what, errAnswer, aPage)
	case !json.Valid(answer):
		return nil, fmt.Errorf("%s: %w: it is no JSON, or was cut off", what, errAnswer)
	}
	if json.Unmarshal(answer, &o) != nil {
		return answer, nil // a list
	}
	if len(o.Data) > 0 { // null too
		return o.Data, nil
	}
	return answer, nil
}

// refusedInside says that an answer is a refusal whatever its status says.
func refusedInside(answer []byte) bool {
	var o struct {
		Data  json.RawMessage `json:"data"`
		Error json.RawMessage `json:"error"`
	}
	return json.Unmarshal(answer, &o) == nil && present(o.Error) && !present(o.Data)
}

// errEmpty: UP42 did what it was asked for and says no more.
var errEmpty = fmt.Errorf("%w: it is empty", errAnswer)

func isPage(answer []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(answer), []byte("<")) }

func isEmpty(answer []byte) bool { return len(bytes.TrimSpace(answer)) == 0 }

func present(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

// decode reads the data of an answer into v.
func decode(what string, answer []byte, v any) error {
	data, err := unwrap(what, answer)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w: it has another form than expected", what, errAnswer)
	}
	return nil
}

// decodeList reads a list. That there is none, not even an empty one, is no answer:
// taken for an empty one it would say that all is gone.
func decodeList[T any](what string, answer []byte) ([]T, error) {
	var list []T
	if err := decode(what, answer, &list); err != nil {
		return nil, err
	}
	if list == nil {
		return nil, fmt.Errorf("%s: %w: there is no list in it", what, errAnswer)
	}
	return list, nil
}

// instant is a time as UP42 writes it, with a zone or without; what can't be
// read is no time, and no reason to refuse the rest.
type instant struct{ time.Time }

func (i *instant) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) != nil {
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05.999999999Z0700", "2006-01-02 15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			i.Time = t.UTC()
			return nil
		}
	}
	return nil
}

// names are the names of events: a list, of which entries may hold several with
// commas between, or one text (wire.md §4).
type names []string

func (n *names) UnmarshalJSON(b []byte) error {
	var list []string
	var one string
	if err := json.Unmarshal(b, &list); err != nil {
		if json.Unmarshal(b, &one) != nil {
			return err
		}
		list = []string{one}
	}
	*n = names{}
	for _, entry := range list {
		for name := range strings.SplitSeq(entry, ",") {
			if name = strings.TrimSpace(name); name != "" {
				*n = append(*n, name)
			}
		}
	}
	return nil
}
