package mask

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"
)

// open are the fields, in lower case, whose texts are of UP42's own words.
var open = map[string]bool{
	"event": true, "timestamp": true, "status": true, "substatus": true, "ordertype": true, "type": true, "processid": true, "datahostname": true,
}

// errNotJSON is the error for a body that is hidden as a whole.
var errNotJSON = errors.New("not JSON")

// hidden takes the place of a body that can't be read.
const hidden = `"(hidden: the body is not JSON)"`

// JSON returns a JSON text in which texts have stand-ins, but those of UP42's own words, numbers
// and truth values. If it is not JSON, all of it is hidden.
func (s *StandIns) JSON(raw []byte) []byte {
	if len(raw) == 0 {
		return raw
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var out bytes.Buffer
	if err := s.value(d, &out, ""); err != nil {
		return []byte(hidden)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return []byte(hidden)
	}
	return out.Bytes()
}

// value copies one value. field is the name of the field that has it.
func (s *StandIns) value(d *json.Decoder, out *bytes.Buffer, field string) error {
	t, err := d.Token()
	if err != nil {
		return errNotJSON
	}
	switch t := t.(type) {
	case json.Delim:
		return s.inside(d, out, t, field)
	case string:
		return encode(out, s.field(field, t))
	default:
		return encode(out, t)
	}
}

// inside copies what is between two brackets.
func (s *StandIns) inside(d *json.Decoder, out *bytes.Buffer, bracket json.Delim, field string) error {
	out.WriteString(bracket.String())
	for n := 0; d.More(); n++ {
		if n > 0 {
			out.WriteByte(',')
		}
		if bracket == '{' {
			name, err := d.Token()
			if err != nil {
				return errNotJSON
			}
			field = name.(string)
			if err := encode(out, field); err != nil {
				return err
			}
			out.WriteByte(':')
		}
		if err := s.value(d, out, field); err != nil {
			return err
		}
	}
	end, err := d.Token()
	if err != nil {
		return errNotJSON
	}
	out.WriteString(end.(json.Delim).String())
	return nil
}

func encode(out *bytes.Buffer, v any) error {
	text, err := json.Marshal(v)
	out.Write(text)
	return err
}

// field returns the stand-in of the text of a field.
func (s *StandIns) field(name, text string) string {
	name = strings.ToLower(name)
	_, notTime := time.Parse(time.RFC3339, text)
	switch {
	case open[name], text == "", notTime == nil:
		return text
	case strings.HasSuffix(name, "id"):
		return s.id(text)
	default:
		return s.any(text)
	}
}
