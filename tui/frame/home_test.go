package frame_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/frame"
)

func TestTheHomeFolderIsATilde(t *testing.T) {
	home := frame.Home(filepath.FromSlash("/home/me/"))
	for words, want := range map[string]string{
		"it lies in /home/me/.local/secret":      "it lies in ~/.local/secret",
		"/home/me/a (/home/me/b) x=/home/me/c":   "~/a (~/b) x=~/c",
		"/mnt/home/me/a /home/meier/b /home/me.": "/mnt/home/me/a /home/meier/b /home/me.",
	} {
		assert.Equal(t, filepath.FromSlash(want), home.Shorten(filepath.FromSlash(words)))
	}
	for _, home := range []frame.Home{"", "/"} {
		assert.Equal(t, "/home/me/a", home.Shorten("/home/me/a"))
	}
}
