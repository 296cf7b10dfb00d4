package mcp

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/send"
	"github.com/up42/up42-webhooks/cmd/up42hooks/verify"
	"github.com/up42/up42-webhooks/cmd/up42hooks/webhooks"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/tui/roundtrip"
)

// schemas makes JSON schemas of the types that the commands print.
type schemas struct {
	known map[reflect.Type]*jsonschema.Schema
}

// newSchemas makes a maker that knows the types whose JSON differs from their fields.
func newSchemas() (*schemas, error) {
	s := &schemas{known: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[receiver.SecretRef](): {Types: []string{"null", "integer", "string"}},
		reflect.TypeFor[numberText]():         {Types: []string{"string", "integer"}},
		reflect.TypeFor[json.RawMessage]():    {}, // anything
	}}
	for _, v := range []receiver.Shaped{
		&receiver.Event{}, receiver.Row{}, roundtrip.Event{}, // the others may have these in them
		printed[verify.Record]{}, printed[webhooks.Record]{}, printed[webhooks.TestRecord]{}, printed[client.EventType]{}, printed[send.Outcome]{}, printed[admission.Result]{},
	} {
		t := reflect.TypeOf(v)
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		var err error
		if s.known[t], err = s.of(reflect.TypeOf(v.JSONShape())); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// of returns the schema of a type.
func (s *schemas) of(t reflect.Type) (*jsonschema.Schema, error) {
	made, err := jsonschema.ForType(t, &jsonschema.ForOptions{TypeSchemas: s.known})
	if err != nil {
		return nil, fmt.Errorf("make the schema of %v: %w", t, err)
	}
	return made, nil
}
