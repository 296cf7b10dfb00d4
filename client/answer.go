package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver/timestamp"
)

// maxAnswer is the length up to which an answer is read, in bytes.
const maxAnswer = 8 << 20

// errAnswer is the error of an answer that is not one of UP42's.
var errAnswer = errors.New("the answer can't be read")

func readAnswer(res *http.Response) ([]byte, error) {
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if len(answer) > maxAnswer {
		err = fmt.Errorf("%w: it is longer than %d MiB", errAnswer, maxAnswer>>20)
	}
	return answer, errors.Join(err, res.Body.Close())
}

// aPage describes an answer that is a web page.
const aPage = "an HTML page in the place of JSON"

// unwrap returns the data of an answer {"data": …, "error": null}. An answer without this
// envelope is data itself.
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
		return nil, fmt.Errorf("%s: %w: it is not JSON, or was cut off", what, errAnswer)
	}
	if json.Unmarshal(answer, &o) != nil {
		return answer, nil // it is a list
	}
	if len(o.Data) > 0 { // null too
		return o.Data, nil
	}
	return answer, nil
}

// refusedInside reports whether an answer is a refusal although its status is a success.
func refusedInside(answer []byte) bool {
	var o struct {
		Data  json.RawMessage `json:"data"`
		Error json.RawMessage `json:"error"`
	}
	return json.Unmarshal(answer, &o) == nil && present(o.Error) && !present(o.Data)
}

// errEmpty is the error of an empty answer: UP42 made the call, but says no more.
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
	switch err := json.Unmarshal(data, v); {
	case errors.Is(err, errLong):
		return fmt.Errorf("%s: %w: %w", what, errAnswer, err)
	case err != nil:
		return fmt.Errorf("%s: %w: it has another form than expected", what, errAnswer)
	}
	return nil
}

// maxList is how many entries a list in an answer may have. An entry can take a hundred
// times as much memory as in the answer.
const maxList = 10_000

// decodeList reads a list. An answer without a list is an error, because an empty list would
// mean that everything was deleted.
func decodeList[T any](what string, answer []byte) ([]T, error) {
	var list entries[T]
	if err := decode(what, answer, &list); err != nil {
		return nil, err
	}
	if list == nil {
		return nil, fmt.Errorf("%s: %w: there is no list in it", what, errAnswer)
	}
	return list, nil
}

// entries are a list of at most maxList entries.
type entries[T any] []T

func (list *entries[T]) UnmarshalJSON(b []byte) error {
	if !present(b) {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	if begin, err := d.Token(); err != nil || begin != json.Delim('[') {
		return errors.New("it is no list")
	}
	*list = entries[T]{}
	for d.More() {
		if len(*list) == maxList {
			return errLong
		}
		var entry T
		if err := d.Decode(&entry); err != nil {
			return err
		}
		*list = append(*list, entry)
	}
	return nil
}

// errLong is the error of a list that has too many entries.
var errLong = fmt.Errorf("it lists more than %d", maxList)

// instant is a time in an answer. A time that can't be read is zero, and not an error: it
// is not worth losing the rest of the answer.
type instant struct{ time.Time }

func (i *instant) UnmarshalJSON(b []byte) error {
	i.Time, _ = timestamp.FromJSON(b)
	return nil
}

// names are the names of events in an answer: a list or one text. Entries may have several
// names with commas between. See “Calls” in client/README.md.
type names []string

func (n *names) UnmarshalJSON(b []byte) error {
	var list entries[string]
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
