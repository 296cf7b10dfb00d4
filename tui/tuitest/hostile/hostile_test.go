package hostile_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
	"github.com/up42/up42-webhooks/tui/tuitest/hostile"
)

func TestMain(m *testing.M) { testmain.Run(m) }

type inner struct {
	Names []string
	Err   error
}

type outer struct {
	Text    string
	Raw     []byte
	JSON    json.RawMessage
	Inner   *inner
	Map     map[string]inner
	Func    func(int) (inner, error)
	Number  int
	private string
}

// Each text of a value is a place, however deep it is, also if there is nothing yet.
func TestEachTextIsAPlace(t *testing.T) {
	t.Parallel()
	var v outer
	var paths []string
	for _, p := range hostile.Places(&v) {
		paths = append(paths, p.Path)
		p.Set("x")
	}
	assert.Equal(t, []string{".Text", ".Raw", ".JSON", ".Inner.Names[0]", ".Inner.Err", ".Map", ".Func"}, paths)
	got, err := v.Func(1)
	assert.Equal(t, []any{"x", []byte("x"), "x", "x", "x", "", "x", "x"},
		[]any{v.Text, v.Raw, v.Inner.Names[0], v.Inner.Err.Error(), v.Map["x"].Names[0], v.private, got.Names[0], err.Error()})
	assert.True(t, json.Valid(v.JSON))
	hostile.Fill(&v, func(string) string { return "y" }, ".Inner", ".Map", ".Func")
	assert.Equal(t, []any{"y", "x"}, []any{v.Text, v.Inner.Names[0]})
}

func TestTextsHaveNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, text := range hostile.Texts() {
		assert.False(t, seen[text.Name], text.Name)
		seen[text.Name] = true
		assert.NotEmpty(t, text.Text, text.Name)
		var back string
		require.NoError(t, json.Unmarshal(hostile.JSON(text.Text), &back), text.Name)
	}
	assert.Greater(t, len(seen), 150)
}
