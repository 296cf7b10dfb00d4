package filtered

import (
	"errors"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/table"
)

// Check returns what is wrong with an expression that may use some keys, or all if keys is
// nil: an error that points at a word, or nil.
func Check(expr string, keys []filter.Key) *filter.Error {
	f, err := filter.Parse(expr)
	if err == nil && keys != nil {
		err = f.Only(keys...)
	}
	var wrong *filter.Error
	errors.As(err, &wrong)
	return wrong
}

// Doubts returns warnings about words of an expression that are valid but probably
// mistyped.
func Doubts(expr string) []*filter.Error {
	f, err := filter.Parse(expr)
	if err != nil {
		return nil
	}
	return f.Doubts()
}

// Valid returns the valid parts of an expression as a filter.
func Valid(expr string) *filter.Filter {
	f, err := filter.Parse(expr)
	if err != nil {
		f, _ = filter.ParseTyping(expr)
	}
	return f
}

// Words returns what a filter looks for, to be marked in the rows.
func Words(f *filter.Filter) (all []table.Word) {
	for _, w := range f.Words() {
		key := string(w.Key)
		if w.Key == filter.Text {
			key = ""
		}
		all = append(all, table.Word{Key: key, Text: w.Text})
	}
	return all
}
