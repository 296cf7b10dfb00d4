package detail

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

func TestBodies(t *testing.T) {
	for name, tc := range map[string]struct{ raw, want string }{
		"an object": {`{"a":[1,{"b":null}],"c":"x"}`, "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": \"x\"\n}\n"},
		"numbers":   {`[12345678901234567890, 1.10, -0.0e10]`, "[\n  12345678901234567890,\n  1.10,\n  -0.0e10\n]\n"},
		"no JSON":   {"a=b\r\n\tc=\x1b[2J", "a=b\n  c=\\u001b[2J\n"},
		"empty":     {"", ""},
		"hidden":    {"{\"k\u202e\": \"\u200b\u007f\"}", "{\n  \"k\\u202e\": \"\\u200b\\u007f\"\n}\n"},
		"escapes":   {`{"k": "a\u001b\"b\\"}`, "{\n  \"k\": \"a\\u001b\\\"b\\\\\"\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			b := formatBody([]byte(tc.raw), plain())
			assert.False(t, b.cut)
			assert.Equal(t, tc.want, textOf(b.lines))
		})
	}
}

func TestLongBodiesAreCut(t *testing.T) {
	b := formatBody([]byte("["+strings.Repeat("1,", 10_000)+"1]"), plain())
	assert.True(t, b.cut)
	assert.Len(t, b.lines, maxLines)
	b = formatBody([]byte(`"`+strings.Repeat("x", 10_000)+`"`), plain())
	assert.True(t, b.cut)
	assert.LessOrEqual(t, b.lines[0].Width(), maxCells)
}

func TestHighlighting(t *testing.T) {
	th := theme.New(theme.Options{Profile: termenv.TrueColor, Name: theme.Dark})
	got := highlight(`    "key": "a \" : value", `, th)
	require.Len(t, got, 5)
	assert.Equal(t, textblock.Line{{Style: th.Dim, Text: "    "}, {Style: th.Accent, Text: `"key"`}, {Style: th.Dim, Text: ": "}, {Style: th.Success, Text: `"a \" : value"`}, {Style: th.Dim, Text: ", "}}, got)
	for in, style := range map[string]theme.Style{"-1.5e3": th.Mark, "true": th.Cancel, "null": th.Cancel, `"open`: th.Success} {
		assert.Equal(t, textblock.Line{{Style: style, Text: in}}, highlight(in, th), in)
	}
}

func BenchmarkFormatBody(b *testing.B) {
	var raw bytes.Buffer
	raw.WriteString("[")
	for i := range 20_000 {
		fmt.Fprintf(&raw, `{"number":%d,"text":"some text that is long enough"},`, i)
	}
	raw.WriteString("{}]")
	th := plain()
	b.SetBytes(int64(raw.Len()))
	for b.Loop() {
		formatBody(raw.Bytes(), th)
	}
}
