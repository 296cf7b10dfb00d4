package exchange

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver/safe"
)

var (
	errMore  = errors.New("there is more after the value of the line")
	errRange = errors.New("a range of events has two ends")
)

// Changed returns an error about a line that an export does not have so.
func Changed(format string, args ...any) error {
	return fmt.Errorf("%w: the line was changed, export the store once more", fmt.Errorf(format, args...))
}

// Unsound returns an error about a line that no sound store has.
func Unsound(format string, args ...any) error {
	return fmt.Errorf("%w: repair the store that it came from with up42hooks store repair --store FILE, and export it once more", fmt.Errorf(format, args...))
}

func decode(line []byte) (*Line, error) {
	var l Line
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(line[d.InputOffset():])) > 0 {
		return nil, errMore
	}
	return &l, nil
}

// explain says what is wrong with a line that can't be decoded.
func explain(line []byte, err error) error {
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); {
	case unknown:
		return fmt.Errorf("this version does not know the field %s: import it with the version that wrote it", safe.Shorten(name, 60))
	case errors.As(err, &wrong):
		return ofAnotherKind(wrong)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the line has no end: the file was cut, export the store once more")
	case errors.As(err, &syntax):
		return fmt.Errorf("the line is no JSON (%w): it was changed, export the store once more", err)
	case errors.Is(err, io.EOF):
		return Changed("the line is empty")
	case errors.Is(err, errMore):
		return Changed("%w", err)
	}
	field := fieldOf(line, err)
	switch {
	case errors.Is(err, errRange):
		return Changed("the field %s has a range of events that has not two ends", field)
	case errors.As(err, new(base64.CorruptInputError)):
		return Changed("the field %s is no base64", field)
	case errors.As(err, new(*time.ParseError)), strings.HasPrefix(err.Error(), "Time."):
		return Changed("the field %s is no time like 2026-11-30T10:00:00Z", field)
	default:
		return Changed("the field %s can't be read", field)
	}
}

// ofAnotherKind says which value has a kind that its field can't have.
func ofAnotherKind(wrong *json.UnmarshalTypeError) error {
	where := "the line"
	if wrong.Field != "" {
		where = "the field " + wrong.Field
	}
	if strings.HasPrefix(wrong.Value, "number ") {
		return Changed("%s can't be that number: it is too large, or has a sign or a fraction", where)
	}
	return Changed("%s can't be a JSON %s", where, wrong.Value)
}

// fieldOf returns the name of the field that gives an error, such as event.receivedAt. Errors of times
// and of base64 do not have it.
func fieldOf(line []byte, err error) string {
	var path []string
	for value, found := json.RawMessage(line), true; found; {
		var fields map[string]json.RawMessage
		found = json.Unmarshal(value, &fields) == nil
		names := slices.Sorted(maps.Keys(fields))
		i := slices.IndexFunc(names, func(name string) bool {
			_, got := decode(within(append(path, name), fields[name]))
			return got != nil && got.Error() == err.Error()
		})
		if found = found && i >= 0; found {
			path, value = append(path, names[i]), fields[names[i]]
		}
	}
	return strings.Join(path, ".")
}

// within returns the line that has one value only.
func within(path []string, value []byte) []byte {
	for _, name := range slices.Backward(path) {
		key, _ := json.Marshal(name) // a string can be encoded
		value = slices.Concat([]byte("{"), key, []byte(":"), value, []byte("}"))
	}
	return value
}
