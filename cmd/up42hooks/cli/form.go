package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/receiver/filter/nearest"
)

// The forms in which commands print their results.
const (
	formTable = "table"
	formJSON  = "json"
	formCSV   = "csv"
)

var forms = []string{formTable, formJSON, formCSV}

// Form is the form in which a command prints its result: a table, or another text for
// people, unless a flag says otherwise.
type Form struct {
	form string
	// flag is the one that says so.
	flag string
}

// AddFlags defines --json, with its usage, --csv and -o.
func (o *Form) AddFlags(f *pflag.FlagSet, json string) {
	f.VarPF(&switchFlag{o, formJSON}, "json", "", json).NoOptDefVal = "true"
	f.VarPF(&switchFlag{o, formCSV}, "csv", "", "print CSV, as -o csv does").NoOptDefVal = "true"
	f.VarP(&formFlag{o}, "output", "o", "form of the output (default table)")
}

// JSON reports whether the form is JSON.
func (o *Form) JSON() bool { return o.form == formJSON }

// ForPeople reports whether the form is the one for people: neither JSON nor CSV.
func (o *Form) ForPeople() bool { return o.form != formJSON && o.form != formCSV }

// Chosen reports whether a flag says what the form is.
func (o *Form) Chosen() bool { return o.flag != "" }

// set sets the form. Two flags that contradict each other are an error; of the same flag
// the last one counts.
func (o *Form) set(form, flag, name string) error {
	if o.flag != "" && name != flagName(o.flag) && o.form != form {
		what := form
		if flag == name {
			what = "it" // the name of the flag is before this
		}
		return fmt.Errorf("%s contradicts %s: give one of them", what, o.flag)
	}
	o.form, o.flag = form, flag
	return nil
}

func flagName(flag string) string {
	name, _, _ := strings.Cut(flag, " ")
	return name
}

// switchFlag is --json or --csv.
type switchFlag struct {
	*Form
	means string
}

func (f *switchFlag) Set(text string) error {
	name := "--" + f.means
	yes, err := strconv.ParseBool(text)
	switch {
	case err != nil:
		return errors.New("want true or false")
	case yes:
		return f.set(f.means, name, name)
	}
	if f.flag == name {
		*f.Form = Form{}
	}
	return nil
}

func (f *switchFlag) String() string   { return "false" }
func (f *switchFlag) Type() string     { return "bool" }
func (f *switchFlag) IsBoolFlag() bool { return true }

// formFlag is -o.
type formFlag struct{ *Form }

func (f *formFlag) Set(text string) error {
	if !slices.Contains(forms, text) {
		return Unknown(text, forms)
	}
	return f.set(text, "-o "+text, "-o")
}

func (f *formFlag) String() string { return "" }
func (f *formFlag) Type() string   { return strings.Join(forms, "|") }

// Lines are the flags of a command that prints JSON lines and nothing else: it takes what
// others take, too.
type Lines struct{ Form }

// AddFlags defines --json, with its usage, and -o.
func (l *Lines) AddFlags(f *pflag.FlagSet, json string) {
	f.VarPF(&switchFlag{&l.Form, formJSON}, "json", "", json).NoOptDefVal = "true"
	f.VarP(&linesFlag{&l.Form}, "output", "o", "the same as --json: json is the only `FORM`")
}

// linesFlag is -o of [Lines].
type linesFlag struct{ *Form }

func (f *linesFlag) Set(text string) error {
	if text != formJSON {
		return fmt.Errorf("want %s; up42hooks events --follow -o %s prints events in other forms", formJSON, formTable)
	}
	return f.set(text, "-o "+text, "-o")
}

func (f *linesFlag) String() string { return "" }
func (f *linesFlag) Type() string   { return "FORM" }

// Completion proposes the only form.
func (f *linesFlag) Completion() cobra.CompletionFunc { return CompleteOne([]string{formJSON}) }

// Unknown is the error for an unknown word. It proposes a known one.
func Unknown(word string, known []string) error {
	text := "want " + Alternatives(known)
	if near := nearest.Word(word, known); near != "" {
		text += fmt.Sprintf(": did you mean %q?", near)
	}
	return errors.New(text)
}

// Alternatives joins words for an error: "a, b or c".
func Alternatives(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
