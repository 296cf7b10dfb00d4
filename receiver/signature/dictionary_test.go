package signature

import (
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/dunglas/httpsfv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// These tests compare the scanner with that of another package. It differs on purpose:
// integers have up to 20 digits, repeated keys are kept, the dates and display strings of
// RFC 9651 are refused, and so are more than maxNodes nodes.

func TestScannerAgreesOnExamples(t *testing.T) {
	for _, text := range []string{
		"", " ", "\t", "a", "a ", " a", "a\t", "a,b", "a ,\tb", "a,", ",a", "a b", "a=", "a=1", "a =1", "a= 1", "A=1", "*=1", "1=1",
		"a=-1", "a=-", "a=--1", "a=1.", "a=1.5", "a=-1.250", "a=1.2345", "a=.5", "a=123456789012.123", "a=1234567890123.1", "a=1.2.3",
		"a=999999999999999", "a=?1", "a=?0", "a=?2", "a=?", "a=?10", "a=tok/en:x", "a=*t", "a=t\x80", `a=""`, `a="x`, `a="\""`, `a="\\x\""`, `a="\x"`, `a="\`,
		"a=\"\x7f\"", "a=\"\x1f\"", "a=\"\xc3\xa4\"", "a=::", "a=:YQ==:", "a=:YQ=:", "a=:YQ:", "a=:Y===:", "a=:=:", "a=:YR==:", "a=:YQ==YQ==:", "a=:YWI=:", "a=:YWJj", "a=:Y Q=:",
		"a=()", "a=( )", "a=(1 2)", "a=(1  2 )", "a=(1\t2)", "a=(1,2)", `a=("x""y")`, "a=(1", "a=(", "a=(1;x 2;y=1);z", "a=((1))", "a=(1)b", "a;x", "a; x", "a ;x", "a;X", "a;x=", "a;x=1;x=2", "a=1;x=(1)", "a=1, a=2",
		`sig=("date" "digest");created=1789999998;keyid="k", b;c`,
	} {
		agree(t, text)
	}
}

func TestScannerAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { agree(t, dictionaryText().Draw(t, "text")) })
}

func FuzzScanner(f *testing.F) {
	f.Add(`up42-sig=("date" "digest");created=1789999998`)
	f.Add(`a=:YQ==:, b="\"x";c=?0;d=-1.25, e=(t */x 1)`)
	f.Add(`a=@0,a`) // the last member with a key is the only one elsewhere
	f.Fuzz(func(t *testing.T, text string) { agree(t, text) })
}

func TestScannerDiffersOnPurpose(t *testing.T) {
	tests := []struct {
		name, text string
		ok         bool
		nodes      int
	}{
		{"20 digits", "a=12345678901234567890", true, 1},
		{"21 digits", "a=123456789012345678901", false, 0},
		{"a decimal keeps to 12", "a=1234567890123.5", false, 0},
		{"repeated members are kept", "a=1, a=2", true, 2},
		{"repeated parameters are kept", "a=1;b;b", true, 3},
		{"dates of RFC 9651", "a=@1", false, 0},
		{"display strings of RFC 9651", `a=%"x"`, false, 0},
		{"as much as it takes", strings.Repeat("a,", maxNodes-1) + "a", true, maxNodes},
		{"more", strings.Repeat("a,", maxNodes) + "a", false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			nodes, ok := appendDictionary(nil, tt.text)
			assert.Equal(t, tt.ok, ok)
			assert.Len(t, nodes, tt.nodes)
		})
	}
}

// dictionaryText generates texts that are dictionaries or nearly so.
func dictionaryText() *rapid.Generator[string] {
	key := rapid.StringMatching(`[a-c*][a-c0-9_.*-]{0,2}`)
	value := rapid.OneOf(
		rapid.StringMatching(`-?[0-9]{1,16}`),
		rapid.StringMatching(`-?[0-9]{1,13}\.[0-9]{0,4}`),
		rapid.StringMatching(`"([ -~]|\\["\\]){0,6}"`),
		rapid.StringMatching(`[a-zA-Z*][a-zA-Z0-9:/!#$%&'*+.^_|~-]{0,6}`),
		rapid.StringMatching(`:([A-Za-z0-9+/]{4}){0,3}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|=|)?:`),
		rapid.StringMatching(`\?[012]`),
	)
	params := rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(0, 3).Draw(t, "params") {
			b.WriteString(rapid.SampledFrom([]string{";", "; ", " ;"}).Draw(t, "semicolon") + key.Draw(t, "param"))
			if rapid.Bool().Draw(t, "has value") {
				b.WriteString("=" + value.Draw(t, "value"))
			}
		}
		return b.String()
	})
	list := rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(0, 4).Draw(t, "elements") {
			b.WriteString(rapid.SampledFrom([]string{" ", "  ", ""}).Draw(t, "gap") + value.Draw(t, "element") + params.Draw(t, "of element"))
		}
		return "(" + b.String() + ")"
	})
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for i := range rapid.IntRange(0, 4).Draw(t, "members") {
			if i > 0 {
				b.WriteString(rapid.SampledFrom([]string{",", ", ", " ,\t", " "}).Draw(t, "comma"))
			}
			b.WriteString(key.Draw(t, "key"))
			switch rapid.IntRange(0, 2).Draw(t, "form") {
			case 0:
				b.WriteString("=" + value.Draw(t, "value"))
			case 1:
				b.WriteString("=" + list.Draw(t, "list"))
			}
			b.WriteString(params.Draw(t, "params"))
		}
		text := b.String()
		if text != "" && rapid.IntRange(0, 4).Draw(t, "break it") == 0 {
			at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
			text = text[:at] + text[at+1:]
		}
		return text
	})
}

func agree(t require.TestingT, text string) {
	want, err := httpsfv.UnmarshalDictionary([]string{text})
	nodes, ok := appendDictionary(nil, text)
	switch {
	case err != nil && ok:
		assert.True(t, hasLongInteger(nodes), "refused elsewhere, accepted here: %q: %v", text, err)
	case err == nil && !ok:
		assert.True(t, valueOfRFC9651.MatchString(text) || strings.Count(text, ",")+strings.Count(text, ";")+strings.Count(text, " ") >= maxNodes/2,
			"accepted elsewhere, refused here: %q", text)
	case err == nil:
		assert.Equal(t, fromOther(want), fromNodes(nodes), "%q", text)
	}
}

func hasLongInteger(nodes []node) bool {
	for _, n := range nodes {
		if n.kind == kindInteger && len(strings.TrimPrefix(n.text, "-")) > 15 {
			return true
		}
	}
	return false
}

// valueOfRFC9651 is how a date or a display string begins, and what comes before it.
var valueOfRFC9651 = regexp.MustCompile(`[=( ](@|%")`)

// fromOther and fromNodes return a dictionary as a map from the path of each value to the
// value. If a key repeats, the map has its last value, as in RFC 8941.
func fromOther(d *httpsfv.Dictionary) map[string]any {
	out := map[string]any{}
	visit(d, func(path string, v any) {
		switch v := v.(type) {
		case []byte:
			out[path] = "bytes " + string(v)
		case httpsfv.Token:
			out[path] = "token " + string(v)
		default:
			out[path] = v
		}
	})
	return out
}

func visit(d *httpsfv.Dictionary, see func(path string, v any)) {
	params := func(path string, p *httpsfv.Params) {
		for _, name := range p.Names() {
			v, _ := p.Get(name)
			see(path+";"+name, v)
		}
	}
	for _, key := range d.Names() {
		m, _ := d.Get(key)
		switch m := m.(type) {
		case httpsfv.Item:
			see(key, m.Value)
			params(key, m.Params)
		case httpsfv.InnerList:
			see(key, len(m.Items))
			params(key, m.Params)
			for i, item := range m.Items {
				path := key + "/" + strconv.Itoa(i)
				see(path, item.Value)
				params(path, item.Params)
			}
		}
	}
}

func fromNodes(nodes []node) map[string]any {
	out := map[string]any{}
	var key, element string
	length := 0
	for _, n := range nodes {
		switch n.role {
		case roleItem, roleList:
			for path := range out { // the last member with this key replaces the others
				if path == n.key || strings.HasPrefix(path, n.key+"/") || strings.HasPrefix(path, n.key+";") {
					delete(out, path)
				}
			}
			key, length = n.key, 0
			out[key] = 0
			if n.role == roleItem {
				out[key] = n.value()
			}
		case roleElement:
			element = key + "/" + strconv.Itoa(length)
			length++
			out[key], out[element] = length, n.value()
		case roleElementParam:
			out[element+";"+n.key] = n.value()
		case roleParam:
			out[key+";"+n.key] = n.value()
		}
	}
	return out
}

func (b bare) value() any {
	switch b.kind {
	case kindInteger:
		v, _ := strconv.ParseInt(b.text, 10, 64)
		return v
	case kindDecimal:
		v, _ := strconv.ParseFloat(b.text, 64)
		return v
	case kindToken:
		return "token " + b.text
	case kindBytes:
		v, _ := base64.StdEncoding.DecodeString(b.text)
		return "bytes " + string(v)
	case kindBoolean:
		return b.text == "1"
	default:
		return b.text
	}
}
