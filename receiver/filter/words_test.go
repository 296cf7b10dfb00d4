package filter_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/filter"
)

func TestWordsAreWhatIsLookedFor(t *testing.T) {
	for expr, want := range map[string][]filter.Word{
		"":                                  nil,
		`Red "two words"`:                   {{Text: "red"}, {Text: "two words"}},
		"-red -status:FAILED":               nil,
		"status:placed,FULF*":               {{Key: filter.Status, Text: "PLACED"}, {Key: filter.Status, Text: "FULF"}},
		"id:=Ab12":                          {{Key: filter.ID, Text: "ab12"}},
		"is:failed":                         {{Key: filter.Class, Text: "failed"}},
		"is:live seq:>4 since:10m until:1m": nil,
		"event:o*er.status":                 {{Key: filter.Event, Text: "o"}, {Key: filter.Event, Text: "er.status"}},
	} {
		f, err := filter.Parse(expr)
		require.NoError(t, err, expr)
		assert.Equal(t, want, f.Words(), expr)
	}
	var none *filter.Filter
	assert.Empty(t, none.Words())
}
