package keys_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/keys"
)

// pressed are the tests of the screen that name a key and press keys, by the name of the key: those
// of the page Webhooks, and all others.
type pressed struct{ webhooks, others map[string][]string }

// presses reports whether a call presses keys.
func presses(call *ast.CallExpr) bool {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	return slices.Contains([]string{"Press", "press", "pressAll", "Keys", "keys"}, name)
}

// read reads the tests of a file.
func (p *pressed) read(t *testing.T, file string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	to, folder := p.others, filepath.Base(filepath.Dir(file))
	if folder == ".." {
		folder = "tui"
	}
	if strings.Contains(filepath.ToSlash(file), "/webhooks/") {
		to = p.webhooks
	}
	for _, d := range parsed.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(f.Name.Name, "Test") {
			continue
		}
		does, named := false, map[string]bool{}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				does = does || presses(n)
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
					named[s] = true
				}
			}
			return true
		})
		for name := range named {
			if does {
				to[name] = append(to[name], folder+"."+f.Name.Name)
			}
		}
	}
}

// by returns the tests that press one of the keys of an action.
func (p *pressed) by(a *keys.Action) (all []string) {
	for _, k := range a.Keys() {
		if k == " " {
			k = "space"
		}
		if strings.HasPrefix(a.Name, keys.WebhooksPrefix) {
			all = append(all, p.webhooks[k]...)
		} else {
			all = append(all, p.others[k]...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Each key of the screen is pressed by a test. With -v it prints a table of them.
func TestEachKeyIsPressedByATest(t *testing.T) {
	p := pressed{map[string][]string{}, map[string][]string{}}
	require.NoError(t, filepath.WalkDir("..", func(file string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(file, "_test.go") {
			p.read(t, file)
		}
		return err
	}))
	for _, a := range all() {
		tests := p.by(&a)
		assert.NotEmpty(t, tests, "no test presses %s of %s", keys.Shown(a.Keys()), a.Name)
		t.Logf("| `%s` | %s | %s | %s |", a.Name, keys.Shown(a.Keys()), a.Does, strings.Join(tests[:min(3, len(tests))], ", "))
	}
}
