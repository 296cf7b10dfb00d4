package glow_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/glow"
)

func run(f func(context.Context) tea.Msg) tea.Cmd {
	return func() tea.Msg { return f(context.Background()) }
}

func TestAChangeGlowsForAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := glow.New[string](run, time.Now)
		first := g.Add("a")
		assert.True(t, g.Glows("a"))
		assert.False(t, g.Glows("b"))
		time.Sleep(glow.Lasts / 2)
		assert.Nil(t, g.Add("b"), "one timer is enough")
		assert.Equal(t, glow.Over{}, first())
		time.Sleep(glow.Lasts / 2)
		next := g.Expire()
		assert.False(t, g.Glows("a"))
		for next != nil {
			next()
			next = g.Expire()
		}
		assert.False(t, g.Glows("b"), "and no timer runs")
	})
}

func TestMuchAtOnceDoesNotGlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := glow.New[int](run, time.Now)
		for i := range 100 {
			g.Add(i)
		}
		g.Add(1, 2, 3)
		assert.False(t, g.Glows(3))
		time.Sleep(glow.Lasts)
		g.Add(4)
		assert.True(t, g.Glows(4), "it is calm again")
	})
}

func TestWithoutGlow(t *testing.T) {
	var g *glow.Glow[int]
	assert.Nil(t, g.Add(1))
	assert.Nil(t, g.Expire())
	assert.False(t, g.Glows(1))
}
