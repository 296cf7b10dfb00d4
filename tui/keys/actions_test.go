package keys_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
)

func all() []keys.Action {
	return append(keys.Actions("", keys.New()), keys.Actions(keys.WebhooksPrefix, keymap.New())...)
}

func none(string) bool { return false }

func TestNoTwoActionsHaveOneKey(t *testing.T) {
	names := map[string]bool{}
	for _, a := range all() {
		if other, k, clash := keys.Clash(all(), a.Name, none); clash {
			assert.Fail(t, "one key for two actions", "%s: %s and %s", k, a.Name, other.Name)
		}
		assert.False(t, names[a.Name], a.Name)
		names[a.Name] = true
		for _, k := range a.Keys() {
			if k == "ctrl+c" || k == "ctrl+z" {
				continue
			}
			parsed, err := keys.Parse(k)
			require.NoError(t, err, a.Name)
			assert.Equal(t, k, parsed)
		}
	}
	for _, name := range []string{"jobs", "forward-to", "copy-body", "page-down", "saved-1", "webhooks.create", "webhooks.copy-id"} {
		assert.True(t, names[name], name)
	}
}

func TestOwnKeysReplaceTheUsualOnes(t *testing.T) {
	m := keys.New()
	keys.Own{"sort": {"o", "pgdown"}, "pause": {}}.Apply(keys.Actions("", m))
	assert.Equal(t, []string{"o", "pgdown"}, m.Sort.Keys())
	assert.Equal(t, "o/pgdn", m.Sort.Help().Key)
	assert.Equal(t, "sort", m.Sort.Help().Desc)
	assert.Empty(t, m.Pause.Keys())
	own := all()
	keys.Own{"sort": {"y"}}.Apply(own)
	other, k, clash := keys.Clash(own, "sort", none)
	require.True(t, clash)
	assert.Equal(t, []string{"copy", "y"}, []string{other.Name, k})
}

// A key of a body that has another meaning in details would fold there, and do that elsewhere.
func TestKeysOfBodiesClashWithThoseOfDetails(t *testing.T) {
	for name, taken := range map[string]string{"toggle-fold": "o", "fold": "y", "fold-all": "up", "unfold-all": "left", "present": "s", "forge": "P"} {
		own := all()
		keys.Own{name: {taken}}.Apply(own)
		other, _, clash := keys.Clash(own, name, none)
		if assert.True(t, clash, name) {
			assert.NotEqual(t, name, other.Name)
		}
	}
	own := all()
	keys.Own{"mark": {"m"}, "pause": {" "}, "toggle-fold": {"enter"}}.Apply(own)
	for _, name := range []string{"mark", "pause", "toggle-fold"} {
		_, k, clash := keys.Clash(own, name, none)
		assert.False(t, clash, name+" "+k)
	}
}

func TestNamesOfKeys(t *testing.T) {
	for name, want := range map[string]string{"a": "a", "Ä": "Ä", "space": " ", "pgdn": "pgdown", "↑": "up", "F5": "f5", "ctrl+k": "ctrl+k", "tab": "tab", "/": "/"} {
		k, err := keys.Parse(name)
		require.NoError(t, err, name)
		assert.Equal(t, want, k)
	}
	for _, name := range []string{"", "ab", "ctrl+c", "ctrl+z", "alt+x", "1-5", "\x1b", "\u202e", "ctrl+", "super+a"} {
		_, err := keys.Parse(name)
		assert.Error(t, err, name)
	}
}
