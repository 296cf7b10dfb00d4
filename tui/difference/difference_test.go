package difference_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/difference"
)

func TestDifferences(t *testing.T) {
	for name, tc := range map[string]struct {
		before, after string
		want          []string
	}{
		"nothing":            {`{"a":1,"b":[1]}`, `{"b":[1], "a":1}`, nil},
		"changed":            {`{"body":{"status":"PLACED"}}`, `{"body":{"status":"FULFILLED"}}`, []string{`~ .body.status "PLACED" → "FULFILLED"`}},
		"added and removed":  {`{"a":1,"old":{"x":[]}}`, `{"new":null,"a":1}`, []string{"+ .new  → null", `- .old {"x":[]} → `}},
		"another kind":       {`{"a":[1]}`, `{"a":{"0":1}}`, []string{`~ .a [1] → {"0":1}`}},
		"a number's digits":  {`[12345678901234567890]`, `[12345678901234567891]`, []string{`~ [0] 12345678901234567890 → 12345678901234567891`}},
		"an inserted item":   {`[1,2,3]`, `[1,9,2,3]`, []string{`+ [1]  → 9`}},
		"a removed item":     {`[1,2,3]`, `[1,3]`, []string{`- [1] 2 → `}},
		"changed in a list":  {`[{"a":1},{"a":2}]`, `[{"a":1},{"a":3}]`, []string{`~ [1].a 2 → 3`}},
		"moved and added":    {`[1,2,3]`, `[3,1,2,4]`, []string{`+ [3]  → 4`}},
		"twice in the list":  {`[7,7]`, `[7,8,7,7]`, []string{`+ [1]  → 8`, `+ [2]  → 7`}},
		"odd names":          {`{"a b":1,"":2}`, `{"a b":2,"":3}`, []string{`~ ["a b"] 1 → 2`, `~ [""] 2 → 3`}},
		"the whole":          {`1`, `2`, []string{`~ . 1 → 2`}},
		"text with brackets": {`{"a":"<b>"}`, `{"a":"<c>"}`, []string{`~ .a "<b>" → "<c>"`}},
	} {
		t.Run(name, func(t *testing.T) {
			changes, total, err := difference.Of([]byte(tc.before), []byte(tc.after))
			require.NoError(t, err)
			assert.Equal(t, len(tc.want), total)
			var got []string
			for _, c := range changes {
				got = append(got, fmt.Sprintf("%c %s %s → %s", "~+-"[c.Kind], c.Path, c.Before, c.After))
			}
			assert.Equal(t, tc.want, got)
		})
	}
}

func TestWhatIsNoJSON(t *testing.T) {
	for _, bad := range []string{"", "a=b", `{"a":`, "1 2"} {
		_, _, err := difference.Of([]byte(bad), []byte("1"))
		require.Error(t, err, bad)
		_, _, err = difference.Of([]byte("1"), []byte(bad))
		require.Error(t, err, bad)
	}
}

// Large lists take no longer than it takes to read them, and the result has a limit.
func TestLargeLists(t *testing.T) {
	list := func(from, n int) []byte {
		items := make([]string, n)
		for i := range items {
			items[i] = fmt.Sprintf(`{"id":%d}`, from+i)
		}
		return []byte("[" + strings.Join(items, ",") + "]")
	}
	changes, total, err := difference.Of(list(0, 5000), list(2500, 5001))
	require.NoError(t, err)
	assert.Equal(t, 2500+2501, total)
	assert.Len(t, changes, difference.Limit)
}
