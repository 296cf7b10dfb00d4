package tui

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheHomeFolderIsATilde(t *testing.T) {
	m := &Model{o: Options{Home: "/home/me/"}}
	for words, want := range map[string]string{
		"it lies in /home/me/.local/secret":      "it lies in ~/.local/secret",
		"/home/me/a (/home/me/b) x=/home/me/c":   "~/a (~/b) x=~/c",
		"/mnt/home/me/a /home/meier/b /home/me.": "/mnt/home/me/a /home/meier/b /home/me.",
	} {
		assert.Equal(t, want, m.tilde(words))
	}
	for _, home := range []string{"", "/"} {
		m.o.Home = home
		assert.Equal(t, "/home/me/a", m.tilde("/home/me/a"))
	}
}
