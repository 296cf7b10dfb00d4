package filter

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
)

// And returns a filter that lets pass what all of the filters let pass.
func And(filters ...*Filter) *Filter {
	out := &Filter{}
	for _, f := range filters {
		if f != nil {
			out.terms = append(out.terms, f.terms...)
		}
	}
	return out
}

// Events lets events with one of these names pass, or everything if there are no names.
// It is the filter of --events.
func Events(names ...string) *Filter { return anyOf(Event, names) }

// Statuses lets these statuses pass, or everything if the list is empty. It is the
// filter of --statuses.
func Statuses[S ~string](statuses ...S) *Filter { return anyOf(Status, texts(statuses...)) }

// TheID lets pass what has exactly this id. The key id alone also matches ids that only
// begin with it.
func TheID(id string) *Filter { return anyOf(ID, []string{exactly + id}) }

// OfHost lets pass what has this in the name of its data host.
func OfHost(host string) *Filter { return anyOf(Host, []string{host}) }

// OfRow lets the events of a row pass: those of its order or job that are live, or those
// that are tests.
func OfRow(k receiver.Key) *Filter {
	return mustParse(fmt.Sprintf("%s:%s %s %s:%t", Kind, k.Kind, TheID(k.ID), Live, !k.Test))
}

// Finals lets the last event of an order or a job pass. It is the filter of --final.
func Finals() *Filter { return mustParse(string(Final)) }

func anyOf(k Key, words []string) *Filter {
	var values []string
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" {
			values = append(values, quoteValue(w))
		}
	}
	if len(values) == 0 {
		return &Filter{}
	}
	return mustParse(string(k) + ":" + strings.Join(values, ","))
}

// mustParse parses an expression that this file built.
func mustParse(expr string) *Filter {
	f, err := parse(expr, false)
	if err != nil {
		panic(err)
	}
	return f
}
