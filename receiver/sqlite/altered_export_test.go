package sqlite_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// variants returns a JSON value with one of its parts changed or removed, in all ways that are tried,
// and where each differs.
func variants(value any, path string) (all []any, where []string) {
	add := func(v any) { all, where = append(all, v), append(where, fmt.Sprintf("%s=%v", path, v)) }
	within := func(part any, name string, put func(any) any) {
		parts, places := variants(part, path+"."+name)
		for i := range parts {
			all, where = append(all, put(parts[i])), append(where, places[i])
		}
	}
	switch v := value.(type) {
	case map[string]any:
		with := func(name string, part any) map[string]any {
			changed := maps.Clone(v)
			changed[name] = part
			return changed
		}
		for name, part := range v {
			within(part, name, func(p any) any { return with(name, p) })
			without := with(name, nil)
			delete(without, name)
			all, where = append(all, without), append(where, path+"."+name+" is missing")
		}
	case []any:
		for i, part := range v {
			within(part, fmt.Sprint(i), func(p any) any {
				changed := slices.Clone(v)
				changed[i] = p
				return changed
			})
		}
	case json.Number:
		for _, n := range []string{"-1", "0", "999", "4611686018427387904"} {
			if n != v.String() {
				add(json.Number(n))
			}
		}
	case string:
		for _, s := range []string{"", "verified", "AAAA"} {
			if s != v {
				add(s)
			}
		}
	case bool:
		add(!v)
	}
	return all, where
}

// Whatever is changed in an export, it makes a store that is sound, or none. Rows are left out: only the
// events that made them, which may be deleted, tell whether they are right.
func TestAChangedExportMakesNoUnsoundStore(t *testing.T) {
	t.Parallel()
	source := newLog(t, sqlite.Options{})
	storeEverything(t, source, oddEvents(t))
	require.NoError(t, source.Close())
	lines := strings.SplitAfter(strings.TrimSuffix(exported(t, prune(t, source.File(), sqlite.Options{KeepEvents: 4})), "\n"), "\n")
	jump := fmt.Sprintf(`{"clockJump":{"seq":3,"rejected":1,"at":%d,"jump":5000000}}`+"\n", start.Add(time.Hour).UnixMicro())
	lines = slices.Insert(lines, len(lines)-1, jump)
	seen := map[string]bool{`{"row"`: true}
	for i, line := range lines {
		kind, _, _ := strings.Cut(line, ":")
		if seen[kind] {
			continue
		}
		seen[kind] = true
		var value map[string]any
		d := json.NewDecoder(strings.NewReader(line))
		d.UseNumber()
		require.NoError(t, d.Decode(&value))
		changed, where := variants(value, "")
		for n := range changed {
			text, err := json.Marshal(changed[n])
			require.NoError(t, err)
			checkImport(t, strings.Join(lines[:i], "")+string(text)+"\n"+strings.Join(lines[i+1:], ""), where[n])
		}
	}
	assert.Subset(t, slices.Collect(maps.Keys(seen)), []string{`{"format"`, `{"message"`, `{"event"`, `{"rejected"`, `{"progress"`, `{"failure"`, `{"clockJump"`, `{"counters"`})
}

func checkImport(t *testing.T, export, where string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "events.db")
	if _, err := sqlite.Import(t.Context(), file, strings.NewReader(export)); err != nil {
		assert.NotContains(t, err.Error(), "constraint", where)
		return
	}
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
	if !assert.NoError(t, err, where) {
		return
	}
	result, err := l.Verify(t.Context(), nil)
	assert.NoError(t, err, where)
	assert.Empty(t, result.Problems, where)
	assert.NoError(t, l.Close())
}
