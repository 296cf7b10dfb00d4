package mcp

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestCleanTextsInJSON(t *testing.T) {
	c := newCleaner(func() []string { return []string{"secret", "secret-longer", "it", "", `quo"te\d`} })
	for in, want := range map[string]string{
		`{"b":1,"a":[true,null,12345678901234567890.5]}`: `{"b":1,"a":[true,null,12345678901234567890.5]}`,
		`"\u001b[2J\u202e<b>\n"`:                         `"\\u001b[2J\\u202e<b>\\n"`,
		`"https://user:pw@host/a@b x@y"`:                 `"https://••••••@host/a@b x@y"`,
		`"https://user:p@ss@host/a@b"`:                   `"https://••••••@host/a@b"`,
		`{"a\u200bsecret":"x secret-longer y"}`:          `{"a\\u200b••••••":"x •••••• y"}`,
		`"with it and quo\"te\\d"`:                       `"with it and ••••••"`,
		`[]`:                                             `[]`, `{}`: `{}`, `""`: `""`,
	} {
		got, err := c.encode(json.RawMessage(in))
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
	got, err := c.encode(strings.Repeat("x", 1<<20))
	require.NoError(t, err)
	assert.Less(t, len(got), 2*maxText)
	_, err = c.encode(json.RawMessage(strings.Repeat("[", 100) + strings.Repeat("]", 100)))
	assert.ErrorIs(t, err, errTooDeep)
}

// A secret is masked as soon as it is known, and stays masked.
func TestSecretsThatAreMadeLater(t *testing.T) {
	configured := []string{"first-secret"}
	c := newCleaner(func() []string { return configured })
	all := "first-secret second-secret third-secret"
	assert.Equal(t, mask+" second-secret third-secret", c.short(all))
	configured = []string{"second-secret"}
	got, err := c.encode(all)
	require.NoError(t, err)
	assert.Equal(t, `"`+mask+" "+mask+` third-secret"`, string(got))
	c.learn("third-secret")
	whole, err := c.whole([]byte(`"` + all + `"`))
	require.NoError(t, err)
	assert.Equal(t, `"`+mask+" "+mask+" "+mask+`"`, whole)
}

// Whatever comes in, what goes out is JSON of the same form without hidden characters.
func TestCleanedJSONIsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var in any = map[string]any{
			rapid.String().Draw(t, "name"): []any{rapid.String().Draw(t, "text"), rapid.Float64().Draw(t, "number"), map[string]any{}},
		}
		secret := rapid.StringN(6, 9, -1).Draw(t, "secret")
		got, err := newCleaner(func() []string { return []string{secret} }).encode(in)
		if err != nil {
			t.Fatal(err)
		}
		var out map[string][]any
		if err := json.Unmarshal(got, &out); err != nil || len(out) != 1 {
			t.Fatalf("%s: %v", got, err)
		}
		for name, list := range out {
			text := name + list[0].(string)
			if strings.ContainsFunc(text, func(r rune) bool {
				return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co) && r != '\u200d' && r != '\u200c'
			}) || len(list) != 3 {
				t.Fatalf("%q", got)
			}
		}
	})
}

func TestDepth(t *testing.T) {
	for text, want := range map[string]int{`1`: 0, `"[{\"["`: 0, `[]`: 1, `{"a":[{}],"b":[]}`: 3, `["\\",[]]`: 2} {
		assert.Equal(t, want, depthOf([]byte(text)), text)
	}
}
