package hostile

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// Place is a text in a value.
type Place struct {
	// Path says where it is, such as ".Headers[0].Name".
	Path string
	// Set changes it.
	Set func(text string)
}

// Places returns the places of all texts in the value that a pointer points to: strings, bytes, errors,
// and what functions return that are nil. Lists and maps that are empty get an entry, pointers that
// are nil a value. It leaves out fields without a name for other packages, and those at the paths in
// without.
func Places(pointer any, without ...string) []Place {
	w := walker{without: map[string]bool{}}
	for _, path := range without {
		w.without[path] = true
	}
	w.walk("", reflect.ValueOf(pointer).Elem(), 0)
	return w.places
}

// Fill sets all texts of a value.
func Fill(pointer any, text func(path string) string, without ...string) {
	for _, p := range Places(pointer, without...) {
		p.Set(text(p.Path))
	}
}

var (
	isError = reflect.TypeFor[error]()
	isJSON  = reflect.TypeFor[json.RawMessage]()
)

// depth is where a type that has itself is left alone.
const depth = 6

type walker struct {
	without map[string]bool
	places  []Place
}

func (w *walker) walk(path string, v reflect.Value, deep int) {
	if !v.CanSet() || w.without[path] || deep > depth {
		return
	}
	switch v.Kind() {
	case reflect.String:
		w.add(path, v.SetString)
	case reflect.Struct:
		for i := range v.NumField() {
			w.walk(path+"."+v.Type().Field(i).Name, v.Field(i), deep+1)
		}
	case reflect.Pointer:
		if v.IsNil() && holdsText(v.Type().Elem(), 0) {
			v.Set(reflect.New(v.Type().Elem()))
		}
		if !v.IsNil() {
			w.walk(path, v.Elem(), deep+1)
		}
	case reflect.Slice, reflect.Array:
		w.list(path, v, deep)
	case reflect.Map:
		w.mapping(path, v)
	case reflect.Interface:
		if v.Type() == isError {
			w.add(path, func(s string) { v.Set(reflect.ValueOf(errors.New(s))) })
		}
	case reflect.Func:
		w.function(path, v)
	}
}

func (w *walker) add(path string, set func(string)) {
	w.places = append(w.places, Place{path, set})
}

func (w *walker) list(path string, v reflect.Value, deep int) {
	switch {
	case v.Type() == isJSON:
		w.add(path, func(s string) { v.SetBytes(JSON(s)) })
		return
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		w.add(path, func(s string) { v.SetBytes([]byte(s)) })
		return
	case v.Kind() == reflect.Slice && v.Len() == 0 && holdsText(v.Type().Elem(), 0):
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	}
	for i := range v.Len() {
		w.walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i), deep+1)
	}
}

// mapping gives a map of texts one entry.
func (w *walker) mapping(path string, v reflect.Value) {
	if v.Type().Key().Kind() != reflect.String {
		return
	}
	w.add(path, func(s string) {
		value := reflect.New(v.Type().Elem())
		Fill(value.Interface(), func(string) string { return s })
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf(s).Convert(v.Type().Key()), value.Elem())
	})
}

// function makes a function that returns texts.
func (w *walker) function(path string, v reflect.Value) {
	t := v.Type()
	texts := false
	for i := range t.NumOut() {
		texts = texts || holdsText(t.Out(i), 0)
	}
	if !v.IsNil() || !texts {
		return
	}
	w.add(path, func(s string) {
		v.Set(reflect.MakeFunc(t, func([]reflect.Value) []reflect.Value {
			results := make([]reflect.Value, t.NumOut())
			for i := range results {
				result := reflect.New(t.Out(i))
				Fill(result.Interface(), func(string) string { return s })
				results[i] = result.Elem()
			}
			return results
		}))
	})
}

// holdsText reports whether a value of a type has a text.
func holdsText(t reflect.Type, deep int) bool {
	if deep > depth {
		return false
	}
	switch t.Kind() {
	case reflect.String:
		return true
	case reflect.Interface:
		return t == isError
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && holdsText(f.Type, deep+1) {
				return true
			}
		}
		return false
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return t.Elem().Kind() == reflect.Uint8 || holdsText(t.Elem(), deep+1)
	default:
		return false
	}
}
