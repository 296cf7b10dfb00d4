package filter_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/filter"
)

func TestValuesAreUnderstood(t *testing.T) {
	for _, k := range filter.Keys() {
		for _, v := range k.Values() {
			f, err := filter.Parse(string(k) + ":" + v)
			require.NoError(t, err)
			assert.Empty(t, f.Doubts())
		}
	}
}

// TestReadmeListsTheKeys compares the table of keys in the documentation with ours.
func TestReadmeListsTheKeys(t *testing.T) {
	text, err := os.ReadFile("../../cmd/up42hooks/README.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "<!-- filter keys -->\n")
	require.True(t, found)
	table, _, _ := strings.Cut(rest, "\n\n")
	want := []string{"| key | matches |", "|---|---|"}
	for _, k := range filter.Keys() {
		_, long := k.Help()
		want = append(want, "| `"+string(k)+"` | "+long+" |")
	}
	assert.Equal(t, strings.Join(want, "\n"), table)
}

func TestShortHelpFitsTheScreen(t *testing.T) {
	for _, k := range filter.Keys() {
		short, _ := k.Help()
		assert.NotEmpty(t, short, k)
		assert.LessOrEqual(t, utf8.RuneCountInString(short), 24, k)
	}
}
