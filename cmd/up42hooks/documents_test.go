package main

import (
	"bufio"
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	"github.com/muesli/termenv"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admin"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/program"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
)

// These tests compare the documents with the code, so that the documents can't
// go stale.

const root = "../.."

// documents are the repository's Markdown files, by path from its root.
func documents(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	eachFile(t, func(path string) {
		if filepath.Ext(path) == ".md" {
			docs[path] = read(t, path)
		}
	})
	require.Contains(t, docs, "README.md")
	return docs
}

func eachFile(t *testing.T, do func(path string)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{".git", "bin", "state"}, rel) {
				return filepath.SkipDir
			}
			return nil
		}
		do(filepath.ToSlash(rel))
		return nil
	}))
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, path))
	require.NoError(t, err)
	return string(b)
}

func TestTheTopLevelHasOnlyItsOwnNames(t *testing.T) {
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	built := []string{"bin", "state"}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(built, e.Name()) {
			assert.Contains(t, []string{"cmd", "tui", "receiver", "client", "go.mod", "go.sum", "Makefile", "config.mk", "README.md", "LICENSE"}, e.Name())
		}
	}
}

func TestTheReadmeIsAFrontDoor(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(read(t, "README.md"), "\n"), "\n")
	assert.LessOrEqual(t, len(lines), 200, "lines")
	for i, line := range lines {
		assert.LessOrEqual(t, utf8.RuneCountInString(line), 200, "characters in line %d", i+1)
	}
}

var (
	fence   = regexp.MustCompile("(?ms)^ *```.*?^ *```")
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
)

func TestLinksInDocumentsLeadSomewhere(t *testing.T) {
	docs := documents(t)
	for path, text := range docs {
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			file, anchor, _ := strings.Cut(m[1], "#")
			target := path
			if file != "" {
				target = filepath.ToSlash(filepath.Join(filepath.Dir(path), file))
				_, err := os.Stat(filepath.Join(root, target))
				assert.NoError(t, err, "%s links to %s", path, m[1])
			}
			if anchor != "" {
				assert.Contains(t, anchors(docs[target]), anchor, "%s links to %s", path, m[1])
			}
		}
	}
}

// anchors are the names that GitHub gives to the headings of a document.
func anchors(text string) []string {
	var out []string
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		out = append(out, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			default:
				return -1
			}
		}, m[1]))
	}
	return out
}

var mention = regexp.MustCompile(`[A-Za-z0-9_./-]*[A-Za-z0-9_]\.md\b`)

// Code and documents refer only to documents that are in the repository.
func TestNamedDocumentsExist(t *testing.T) {
	docs := documents(t)
	known := func(from, name string) bool {
		for _, base := range []string{"", filepath.Dir(from), ".github"} {
			if _, ok := docs[filepath.ToSlash(filepath.Join(base, name))]; ok {
				return true
			}
		}
		return false
	}
	eachFile(t, func(path string) {
		if !slices.Contains([]string{".go", ".md", ".mk", ".yml", ".txtar"}, filepath.Ext(path)) && filepath.Base(path) != "Makefile" {
			return
		}
		text := read(t, path)
		if !strings.Contains(text, ".md") {
			return // the expression takes its time
		}
		for _, name := range mention.FindAllString(text, -1) {
			assert.True(t, known(path, name), "%s names %s", path, name)
		}
	})
}

// flagName finds flags in code: in a code span, a code block or a command.
var flagName = regexp.MustCompile(`(?:^|[\s\x60'"(\[|])--([a-z][a-z0-9-]+)`)

// foreignFlags are flags of other programs that the documents use.
var foreignFlags = []string{
	"system", "read-only", "from", "data-binary", "no-install-recommends",
	"snapshot", "clean", "skip", // goreleaser
	"bundle", "certificate-oidc-issuer", "certificate-identity-regexp", // cosign
	"ignore-missing", // sha256sum
}

func TestDocumentedFlagsExist(t *testing.T) {
	known := flagsOf(t)
	for path, text := range documents(t) {
		for _, m := range flagName.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(foreignFlags, m[1]) {
				assert.Contains(t, known, m[1], "%s documents --%s", path, m[1])
			}
		}
	}
}

func TestFlagsAreDocumented(t *testing.T) {
	var all bytes.Buffer
	for _, text := range documents(t) {
		all.WriteString(text + "\n")
	}
	documented := map[string]bool{}
	for _, m := range flagName.FindAllStringSubmatch(all.String(), -1) {
		documented[m[1]] = true
	}
	for name, command := range flagsOf(t) {
		assert.True(t, documented[name], "no document has --%s of %s", name, command)
	}
}

// flagsOf gives each flag's name and a command that has it.
func flagsOf(t *testing.T) map[string]string {
	t.Helper()
	flags := map[string]string{}
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		c.InitDefaultHelpFlag()
		c.Flags().VisitAll(func(f *pflag.Flag) { flags[f.Name] = c.CommandPath() })
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(newRoot(cli.System("")))
	delete(flags, "no-descriptions") // cobra's own, of completion
	return flags
}

func TestCommandsAreDocumented(t *testing.T) {
	text := read(t, "cmd/up42hooks/README.md")
	for _, c := range newRoot(cli.System("")).Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			assert.Contains(t, text, "`up42hooks "+c.Name(), "the table of commands")
		}
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() && c.Name() != "completion" {
				assert.Regexp(t, "`up42hooks "+c.Name()+` [a-z\\|]*\b`+sub.Name()+`\b`, text, "the table of commands")
			}
		}
	}
}

var variable = regexp.MustCompile(`\bUP42_[A-Z0-9_]+\b`)

// forBenchmarks are variables that only tests and benchmarks read.
var forBenchmarks = []string{"UP42_LARGE_STORE", "UP42_LARGE_EVENTS", "UP42_DAMAGES", "UP42_CLOCKS", "UP42_CROWD", "UP42_TEAM_HISTORY"}

func TestVariablesOfDocumentsAndCodeAreTheSame(t *testing.T) {
	known := slices.Concat(config.Variables(), forward.Variables(), []string{program.FileVariable}, forBenchmarks)
	documented := map[string]bool{}
	for path, text := range documents(t) {
		for _, name := range variable.FindAllString(text, -1) {
			documented[name] = true
			assert.Contains(t, known, name, "%s documents %s", path, name)
		}
	}
	for _, name := range known {
		assert.True(t, documented[name], "no document has %s", name)
	}
}

// Each key of a log line is in the table of keys.
func TestKeysOfTheLogAreDocumented(t *testing.T) {
	documented := firstColumn(read(t, "cmd/up42hooks/README.md"), "| key | is |")
	used := map[string]bool{}
	eachFile(t, func(path string) {
		inReceiver := strings.HasPrefix(path, "receiver/") || strings.HasPrefix(path, "cmd/up42hooks/daemon/") || strings.HasPrefix(path, "cmd/up42hooks/cli/")
		if !inReceiver || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, read(t, path), 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				for _, key := range logKeys(call) {
					used[key] = true
					assert.Contains(t, documented, key, "%s logs it", path)
				}
			}
			return true
		})
	})
	for _, key := range documented {
		assert.True(t, used[key], "no line of the log has %s", key)
	}
}

// logKeys returns the keys of a call that logs, such as log.Warn("text", "key", value).
func logKeys(call *ast.CallExpr) (keys []string) {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains([]string{"Debug", "Info", "Warn", "Error", "warn", "With"}, f.Sel.Name) {
		return nil
	}
	args := call.Args
	if f.Sel.Name != "With" && len(args) > 0 {
		args = args[1:]
	}
	for i := 0; i+1 < len(args); i += 2 {
		if key, ok := args[i].(*ast.BasicLit); ok && key.Kind == token.STRING {
			keys = append(keys, strings.Trim(key.Value, `"`))
		}
	}
	return keys
}

// A program of --exec gets these variables, and no others but those about the event.
func TestInheritedVariablesAreDocumented(t *testing.T) {
	text := documents(t)["cmd/up42hooks/README.md"]
	for _, name := range forward.Inherited() {
		assert.Contains(t, text, "`"+name+"`")
	}
}

func TestMetricsAreDocumented(t *testing.T) {
	var want strings.Builder
	for _, f := range admin.Families() {
		fmt.Fprintf(&want, "| `%s` | %s | %s |\n", f.Name, f.Type, f.Help)
	}
	assert.Contains(t, read(t, "cmd/up42hooks/README.md"), "\n| metric | type | says |\n|---|---|---|\n"+want.String()+"\n")
}

func TestReasonsAndVerdictsAreDocumented(t *testing.T) {
	text := read(t, "receiver/README.md")
	var want []string
	for _, v := range receiver.Verdicts() {
		want = append(want, string(v))
	}
	assert.ElementsMatch(t, want, firstColumn(text, "| verdict |"))
	want = want[:0]
	for _, r := range receiver.Reasons() {
		want = append(want, string(r))
	}
	assert.ElementsMatch(t, want, firstColumn(text, "| reason |"))
}

// firstColumn reads the code spans in the first column of the table whose
// heading starts so.
func firstColumn(text, start string) []string {
	_, table, _ := strings.Cut(text, "\n"+start)
	var out []string
	s := bufio.NewScanner(strings.NewReader(table))
	s.Scan() // the rest of the heading
	for s.Scan() && strings.HasPrefix(s.Text(), "|") {
		cell, _, _ := strings.Cut(s.Text()[1:], "|")
		for i, span := range strings.Split(cell, "`") {
			if i%2 == 1 {
				out = append(out, span)
			}
		}
	}
	return out
}

func TestStatusesAreDocumented(t *testing.T) {
	_, text, _ := strings.Cut(read(t, "receiver/README.md"), "\n## Statuses\n")
	text, _, _ = strings.Cut(text, "\n## ")
	text = receiver.Status(text).Canonical()
	for _, k := range receiver.Kinds() {
		for _, s := range k.Statuses() {
			assert.Contains(t, text, string(s.Name), "a status of kind %s", k)
		}
	}
}

// Each Go package has one line in the tables of ARCHITECTURE, and each line has a
// package.
func TestPackagesAreDocumented(t *testing.T) {
	packages := map[string]bool{}
	eachFile(t, func(path string) {
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "testdata/") {
			packages[filepath.ToSlash(filepath.Dir(path))] = true
		}
	})
	var documented []string
	for _, table := range strings.Split(read(t, ".github/ARCHITECTURE.md"), "\n| package |")[1:] {
		table, _, _ = strings.Cut(table, "\n\n")
		for _, m := range firstSpan.FindAllStringSubmatch(table, -1) {
			documented = append(documented, m[1])
		}
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(packages)), documented)
}

var (
	firstSpan = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")
	// repositoryPath finds paths of files and folders in code spans.
	repositoryPath = regexp.MustCompile("`((?:\\.github|cmd|tui|receiver|client)/[a-zA-Z0-9_./-]+)`")
)

func TestNamedPathsExist(t *testing.T) {
	for path, text := range documents(t) {
		for _, m := range repositoryPath.FindAllStringSubmatch(text, -1) {
			_, err := os.Stat(filepath.Join(root, m[1]))
			assert.NoError(t, err, "%s names %s", path, m[1])
		}
	}
}

// CONTRIBUTING says what to do for each of these; an entry has at most ten steps.
func TestChangesAreDocumented(t *testing.T) {
	_, text, _ := strings.Cut(read(t, ".github/CONTRIBUTING.md"), "\n## How to add …\n")
	text, _, _ = strings.Cut(text, "\n## ")
	var titles []string
	for _, entry := range strings.Split(text, "\n### ")[1:] {
		title, steps, _ := strings.Cut(entry, "\n")
		titles = append(titles, title)
		assert.Regexp(t, `(?m)^1\. `, steps, title)
		assert.NotRegexp(t, `(?m)^11\. `, steps, title)
	}
	assert.Equal(t, []string{
		"A column", "An event type", "A filter key", "A notifier", "A flag", "An API call", "A theme", "A key", "A command",
		"A tool for agents", "A reason of a rejection",
	}, titles)
}

func TestEventTypesAreDocumented(t *testing.T) {
	for _, name := range receiver.EventNames() {
		assert.Contains(t, read(t, "receiver/README.md"), "`"+name+"`")
	}
}

func TestPlaceholdersAreDocumented(t *testing.T) {
	text := read(t, "cmd/up42hooks/README.md")
	for _, p := range notify.Placeholders() {
		assert.Contains(t, text, "`{"+p+"}`")
	}
}

func TestMarksAreDocumented(t *testing.T) {
	text := read(t, "tui/README.md")
	for _, ascii := range []bool{false, true} {
		g := theme.New(theme.Options{Profile: termenv.Ascii, ASCII: ascii}).Glyphs
		for _, c := range receiver.Classes() {
			assert.Contains(t, text, "`"+g.Class(c)+"`", c)
		}
	}
}

func TestThemesAreDocumented(t *testing.T) {
	for _, name := range theme.Names() {
		assert.Regexp(t, `--theme [a-z|]*\b`+name+`\b`, read(t, "tui/README.md"))
	}
}

var target = regexp.MustCompile(`(?m)^([a-z-]+):.*## `)

func TestMakeTargetsOfDocumentsExist(t *testing.T) {
	var targets []string
	for _, m := range target.FindAllStringSubmatch(read(t, "Makefile"), -1) {
		targets = append(targets, m[1])
	}
	used := regexp.MustCompile("(?m)(?:`|^ *)make ([a-z-]+)\\b")
	for path, text := range documents(t) {
		for _, m := range used.FindAllStringSubmatch(text, -1) {
			assert.Contains(t, targets, m[1], "%s documents make %s", path, m[1])
		}
	}
}

// keyNames are keys that the documents write in another way than the code.
var keyNames = map[string]string{
	"↑": "up", "↓": "down", "←": "left", "→": "right", "pgdn": "pgdown", "space": " ",
	"F1": "f1", "F2": "f2", "F3": "f3", "F4": "f4",
}

func TestKeysAreDocumented(t *testing.T) {
	text := read(t, "tui/README.md")
	k := keys.New()
	for section, bindings := range map[string][]key.Binding{
		"everywhere": k.Everywhere(),
		"tables":     append(k.List(), k.Saved[:]...),
		"webhooks":   append(keymap.New().Actions(), keymap.New().Send, keymap.New().Leave),
	} {
		_, table, found := strings.Cut(text, "<!-- keys: "+section+" -->")
		require.True(t, found, section)
		documented := map[string]bool{}
		for _, name := range firstColumn(table, "| key |") {
			if to, ok := keyNames[name]; ok {
				name = to
			}
			documented[name] = true
		}
		bound := map[string]bool{}
		for _, b := range bindings {
			for _, name := range b.Keys() {
				bound[name] = true
			}
		}
		assert.Equal(t, bound, documented, section)
	}
}
