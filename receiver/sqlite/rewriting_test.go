package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/vacuum"
)

// rewritings make a new file of a store.
var rewritings = map[string]func(ctx context.Context, file string) error{
	"compact": func(ctx context.Context, file string) error { return sqlite.Compact(ctx, file, vacuum.Options{}) },
	"import": func(ctx context.Context, file string) error {
		in, err := os.Open(exportBeside(file))
		if err != nil {
			return err
		}
		defer in.Close()
		_, err = sqlite.Import(ctx, file, in)
		return err
	},
	"repair": func(ctx context.Context, file string) error {
		_, err := sqlite.Repair(ctx, file)
		return err
	},
}

// exportBeside is the name of an export beside a store.
func exportBeside(file string) string { return filepath.Join(filepath.Dir(file), "export.jsonl") }

// A power cut while the file of a store is written again leaves the old store or the new one, and
// another try makes the new one. UP42_POWER_CUTS sets the number of moments.
func TestAPowerCutWhileAStoreIsRewritten(t *testing.T) {
	t.Parallel()
	whole := storeOf(t, ordersEvents(t, 6)...)
	for name, begin := range map[string]func(t *testing.T, file string){
		"compact": func(t *testing.T, file string) {
			copyOver(t, whole, file)
			killAfter(t, file, 20, map[int64]string{}) // it has a write-ahead log
		},
		"import": func(t *testing.T, file string) {
			text := exported(t, open(t, whole, sqlite.Options{ReadOnly: true}))
			require.NoError(t, os.WriteFile(exportBeside(file), []byte(text), 0o600))
		},
		"repair": func(t *testing.T, file string) {
			copyOver(t, whole, file)
			damagePages(t, file, pagesOf(t, whole, "rows", "leaf")...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "events.db")
			begin(t, file)
			r := recordOn(t, file, name, func(lines *bufio.Reader) { _, _ = io.Copy(io.Discard, lines) })
			want := seqsOf(allEvents(t, open(t, file, sqlite.Options{ReadOnly: true})))
			require.NotEmpty(t, want)
			for range rounds(t, "UP42_POWER_CUTS", 9) / 3 {
				at := r.random.IntN(len(r.calls) + 1)
				found, _ := r.cut(at)
				what := fmt.Sprintf("seed %d, cut at call %d of %d", r.seed, at, len(r.calls))
				done := r.acknowledgedBefore(at).done
				if !done && name != "compact" {
					require.NoError(t, rewritings[name](t.Context(), found), what)
				}
				l, err := sqlite.Open(t.Context(), found, sqlite.Options{})
				require.NoError(t, err, what)
				require.NoError(t, l.Damage(), what)
				require.Equal(t, want, seqsOf(allEvents(t, l)), what)
				require.Empty(t, verified(t, l).Problems, what)
				require.NoError(t, l.Close())
				require.NoError(t, rewritings[name](t.Context(), found), "%s: once more", what)
				require.NoError(t, os.RemoveAll(filepath.Dir(found)))
			}
		})
	}
}
