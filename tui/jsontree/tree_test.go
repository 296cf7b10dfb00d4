package jsontree_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/tui/jsontree"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

var plain = theme.New(theme.Options{Profile: termenv.Ascii})

func view(raw string, width int) *jsontree.View {
	t := jsontree.Parse([]byte(raw))
	return jsontree.NewView(t, t.Measure(width))
}

// drawn is what a view shows.
func drawn(v *jsontree.View) string {
	var lines []string
	for r := range v.Rows() {
		lines = append(lines, strings.TrimRight(textOf(v.Row(r, plain)), " "))
	}
	return strings.Join(lines, "\n")
}

func textOf(l textblock.Line) string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}

const order = `{"event":"order.status","body":{"orderId":"a\"b","tags":[1.10,{"x y":null},[]],"empty":{}},"big":12345678901234567890}`

func TestLines(t *testing.T) {
	v := view(order, 80)
	assert.Equal(t, strings.Join([]string{
		` ▾ {`,
		`     "event": "order.status",`,
		`   ▾ "body": {`,
		`       "orderId": "a\"b",`,
		`     ▾ "tags": [`,
		`         1.10,`,
		`       ▾ {`,
		`           "x y": null`,
		`         },`,
		`         []`,
		`       ],`,
		`       "empty": {}`,
		`     },`,
		`     "big": 12345678901234567890`,
		`   }`,
	}, "\n"), drawn(v))
	for line, path := range map[int]string{0: ".", 1: ".event", 2: ".body", 5: ".body.tags[0]", 7: `.body.tags[1]["x y"]`, 8: ".body.tags[1]", 14: "."} {
		assert.Equal(t, path, v.Path(line))
		assert.Equal(t, path, v.Where(line))
	}
	for line, value := range map[int]string{1: "order.status", 3: `a"b`, 4: `[1.10,{"x y":null},[]]`, 5: "1.10", 7: "null", 8: `{"x y":null}`, 13: "12345678901234567890"} {
		assert.Equal(t, value, v.Value(line))
	}
	assert.Equal(t, "x y", v.Key(7))
	assert.Empty(t, v.Key(5))
}

func TestFolding(t *testing.T) {
	v := view(order, 80)
	assert.True(t, v.Fold(4, true))
	assert.False(t, v.Fold(4, true), "it is folded")
	assert.False(t, v.Fold(1, true), "it has nothing to fold")
	assert.Contains(t, drawn(v), "     ▸ \"tags\": [ 3 items ],\n       \"empty\": {}\n")
	assert.Equal(t, 4, v.RowOf(7), "it is in the folded line")
	v.FoldAll(true)
	assert.Equal(t, " ▾ {\n     \"event\": \"order.status\",\n   ▸ \"body\": { 3 fields },\n     \"big\": 12345678901234567890\n   }", drawn(v))
	assert.True(t, v.AnyFolded())
	v.Reveal(7)
	assert.Contains(t, drawn(v), `"x y": null`)
	v.FoldAll(false)
	assert.False(t, v.AnyFolded())
	assert.Equal(t, 15, v.Rows())
	assert.Equal(t, 4, v.Container(5))
	assert.Equal(t, 4, v.Container(10), "it closes what line 4 opens")
	assert.Equal(t, -1, v.Container(0))
}

func TestLongValuesTakeSeveralRows(t *testing.T) {
	v := view(`{"a":"`+strings.Repeat("x", 100)+`","b":"衛星衛星衛星衛星衛星衛星衛星衛星"}`, 40)
	assert.Greater(t, v.Rows(), 6)
	for r := range v.Rows() {
		assert.LessOrEqual(t, v.Row(r, plain).Width(), 39)
	}
	line, within := v.At(3)
	assert.Equal(t, 1, line)
	assert.Equal(t, 2, within)
	assert.Equal(t, 1, v.RowOf(1))
	v.Resize(jsontree.Parse([]byte(`{"a":1,"b":2}`)).Measure(20))
	assert.Equal(t, 20, v.Width())
	assert.NotPanics(t, func() { drawn(v) }, "heights of another width are those for a moment")
}

func TestWhatIsNoJSON(t *testing.T) {
	v := view("a=b\r\n\tc=\x1b[2J", 80)
	assert.Equal(t, "   a=b\n     c=\\u001b[2J", drawn(v))
	assert.False(t, v.IsJSON())
	assert.False(t, v.Fold(0, true))
	assert.Empty(t, v.Path(1))
	assert.Equal(t, "line 2", v.Where(1))
	assert.Equal(t, "a=b", v.Value(0))
	assert.Equal(t, []int{1}, v.Matches("C="))
	assert.Zero(t, view("", 80).Rows())
	assert.Equal(t, `   "k\u202e\u007f"`, drawn(view("\"k\u202e\u007f\"", 80)))
}

func TestMatches(t *testing.T) {
	v := view(`{"Status":"FULFILLED","n":{"status":1},"e":"caf\u00e9","f":"CAFÉ","g":"a\/b"}`, 80)
	assert.Equal(t, []int{1, 3}, v.Matches("STATUS"))
	assert.Equal(t, []int{1}, v.Matches("fulf"))
	assert.Equal(t, []int{6}, v.Matches("café"))
	assert.Equal(t, []int{7}, v.Matches("a/b"), "as it is meant, too")
	assert.Equal(t, []int{5, 6}, v.Matches("caf"))
	assert.Empty(t, v.Matches(""))
	assert.Empty(t, v.Matches("{"))
}

func TestWhatIsTooLongIsCut(t *testing.T) {
	v := view("["+strings.Repeat("1,", 60_000)+"1]", 80)
	assert.True(t, v.Cut())
	v.FoldAll(true)
	v.Fold(0, true)
	assert.Equal(t, " ▸ [ at least 49,999 items ]", drawn(v))
	long := view(`"`+strings.Repeat("x", 100_000)+`"`, 80)
	assert.Less(t, long.Rows(), 40)
	assert.Len(t, long.Value(0), 100_000)
	deep := view(strings.Repeat("[", 5000)+strings.Repeat("]", 5000), 80)
	assert.Equal(t, 9999, deep.Rows())
	assert.NotEmpty(t, deep.Path(6000))
}

// Each line of JSON can be found by its row, and its value is the one that the path names.
func TestRowsAndLinesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw, err := json.Marshal(anyValue(t, 3))
		require.NoError(t, err)
		tree := jsontree.Parse(raw)
		v := jsontree.NewView(tree, tree.Measure(rapid.IntRange(1, 60).Draw(t, "width")))
		var all []string
		for i := range v.Len() {
			all = append(all, v.Text(i))
			line, within := v.At(v.RowOf(i))
			assert.Equal(t, i, line)
			assert.Zero(t, within)
		}
		assert.JSONEq(t, string(raw), strings.Join(all, "\n"))
		for i := range v.Len() {
			v.Fold(i, rapid.Bool().Draw(t, "fold"))
		}
		at := rapid.IntRange(0, v.Len()-1).Draw(t, "line")
		v.Reveal(at)
		line, _ := v.At(v.RowOf(at))
		assert.Equal(t, at, line)
	})
}

func anyValue(t *rapid.T, depth int) any {
	switch kind := rapid.IntRange(0, 4).Draw(t, "kind"); {
	case depth > 0 && kind == 0:
		m := map[string]any{}
		for range rapid.IntRange(0, 4).Draw(t, "fields") {
			m[rapid.StringMatching(`[a-z "\\é]{0,6}`).Draw(t, "key")] = anyValue(t, depth-1)
		}
		return m
	case depth > 0 && kind == 1:
		list := []any{}
		for range rapid.IntRange(0, 4).Draw(t, "items") {
			list = append(list, anyValue(t, depth-1))
		}
		return list
	case kind == 2:
		return rapid.Int().Draw(t, "number")
	case kind == 3:
		return nil
	default:
		return rapid.StringMatching(`[a-z "\\衛:,{}]{0,40}`).Draw(t, "text")
	}
}

// large is a body of a megabyte.
func large() []byte {
	var b strings.Builder
	b.WriteString(`{"list":[`)
	for i := range 9000 {
		fmt.Fprintf(&b, `{"number":%d,"text":"some text that is long enough","host":"one-atlas","tags":["a","b"]},`, i)
	}
	b.WriteString(`{}]}`)
	return []byte(b.String())
}

func BenchmarkParseAndMeasure(b *testing.B) {
	raw := large()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		jsontree.Parse(raw).Measure(80)
	}
}

func BenchmarkSearch(b *testing.B) {
	t := jsontree.Parse(large())
	for b.Loop() {
		t.Matches("one-atlas")
	}
}

func BenchmarkFold(b *testing.B) {
	t := jsontree.Parse(large())
	v := jsontree.NewView(t, t.Measure(80))
	for b.Loop() {
		v.FoldAll(true)
		v.FoldAll(false)
	}
}
