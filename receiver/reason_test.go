package receiver_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver"
)

// TestReasonsAreExplained finds a reason that was added without words.
func TestReasonsAreExplained(t *testing.T) {
	var want []receiver.Reason
	for _, file := range []string{"reason.go", "signature/reason.go"} {
		want = append(want, reasonConstants(t, file)...)
	}
	got := receiver.Reasons()
	slices.Sort(want)
	slices.Sort(got)
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("Reasons() = %q, want the constants %q", got, want)
	}
}

// reasonConstants returns the values of the constants of type Reason in a file.
func reasonConstants(t *testing.T, file string) (found []receiver.Reason) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		typ, ok := spec.Type.(*ast.Ident)
		if !ok || typ.Name != "Reason" {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, receiver.Reason(value))
		return true
	})
	return found
}

func TestWordsHaveTheirForm(t *testing.T) {
	words := map[string]receiver.Words{"an unknown reason": receiver.Explain("?"), "an unknown verdict": receiver.Verdict("?").Words()}
	for _, r := range receiver.Reasons() {
		words[string(r)] = receiver.Explain(r)
		if words[string(r)].Todo == "" {
			t.Errorf("%s does not say what to do", r)
		}
	}
	for _, v := range receiver.Verdicts() {
		words[string(v)] = v.Words()
	}
	for name, w := range words {
		if r, _ := utf8.DecodeRuneInString(w.Short); w.Short == "" || strings.HasSuffix(w.Short, ".") || unicode.IsUpper(r) {
			t.Errorf("%s: the short text %q is not a phrase", name, w.Short)
		}
		for _, s := range []string{w.Long, w.Todo} {
			r, _ := utf8.DecodeRuneInString(s)
			if s != "" && (!strings.HasSuffix(s, ".") || !unicode.IsUpper(r)) {
				t.Errorf("%s: %q is not in whole sentences", name, s)
			}
		}
		if w.Long == "" {
			t.Errorf("%s is not explained", name)
		}
	}
}
