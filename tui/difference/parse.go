package difference

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// value is a JSON value. Its text is compact, and its numbers are as they came.
type value struct {
	text   string
	object bool
	list   bool
	// names are those of the fields of an object, in their order. The last one of two with the
	// same name counts.
	names  []string
	fields map[string]*value
	items  []*value
}

var errMore = errors.New("there is more than one value")

func parse(raw []byte) (*value, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	v, err := read(d)
	if err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	if d.More() {
		return nil, errMore
	}
	return v, nil
}

func read(d *json.Decoder) (*value, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch x := token.(type) {
	case json.Delim:
		if x == '{' {
			return readObject(d)
		}
		return readList(d)
	case string:
		return &value{text: quoted(x)}, nil
	case json.Number:
		return &value{text: x.String()}, nil
	case bool:
		return &value{text: strconv.FormatBool(x)}, nil
	default:
		return &value{text: "null"}, nil
	}
}

func readObject(d *json.Decoder) (*value, error) {
	v := &value{object: true, fields: map[string]*value{}}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		field, err := read(d)
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		if v.fields[name] == nil {
			v.names = append(v.names, name)
		}
		v.fields[name] = field
	}
	parts := make([]string, len(v.names))
	for i, name := range v.names {
		parts[i] = quoted(name) + ":" + v.fields[name].text
	}
	v.text = "{" + strings.Join(parts, ",") + "}"
	_, err := d.Token()
	return v, err
}

func readList(d *json.Decoder) (*value, error) {
	v := &value{list: true}
	var parts []string
	for d.More() {
		item, err := read(d)
		if err != nil {
			return nil, err
		}
		v.items, parts = append(v.items, item), append(parts, item.text)
	}
	v.text = "[" + strings.Join(parts, ",") + "]"
	_, err := d.Token()
	return v, err
}

// quoted writes a string as JSON.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string can be encoded
	return strings.TrimSuffix(b.String(), "\n")
}
