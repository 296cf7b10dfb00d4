package help_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/help"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

func press(p *help.Page, names ...string) {
	for _, msg := range tuitest.Keys(names...) {
		p.Press(msg)
	}
}

func TestHelpScrollsAndCloses(t *testing.T) {
	k := keys.New()
	c := &frame.Canvas{Theme: theme.New(theme.Options{Profile: termenv.Ascii})}
	p := help.New(c, k)
	assert.False(t, p.Shown())
	p.Open([]keys.Group{{Title: "Lists", Keys: k.List()}, {Title: "Everywhere", Keys: k.Everywhere()}, {Title: "Details", Keys: k.Detailed()}})
	assert.True(t, p.Shown())
	for w := 60; w < 160; w += 7 {
		c.W = w
		p.SetHeight(20)
		lines := strings.Split(p.View(), "\n")
		assert.Len(t, lines, 20)
		for _, l := range lines {
			assert.Equal(t, w, text.Width(l))
		}
	}
	c.W = 60
	where := func() (from, to, all int) {
		_, err := fmt.Sscanf(p.Where(), "lines %d-%d of %d", &from, &to, &all)
		require.NoError(t, err, p.Where())
		return from, to, all
	}
	from, to, all := where()
	assert.Equal(t, []int{1, 20}, []int{from, to})
	press(p, "end")
	from, to, _ = where()
	assert.Equal(t, []int{all - 19, all}, []int{from, to})
	press(p, "up", "pgup", "down")
	from, to, _ = where()
	assert.Equal(t, []int{all - 29, all - 10}, []int{from, to})
	press(p, "home")
	assert.Contains(t, p.View(), "Lists")
	p.SetHeight(100)
	assert.Empty(t, p.Where())
	press(p, "x")
	assert.False(t, p.Shown())
}
