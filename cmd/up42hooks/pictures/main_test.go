package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/tuitest/emulator"
)

// filmed makes a film of screens, each shown for a second.
func filmed(t *testing.T, screens ...string) (film []frame) {
	t.Helper()
	for _, text := range screens {
		s := emulator.New(30, 3)
		_, err := io.WriteString(s, "\x1b[2J\x1b[H"+text)
		require.NoError(t, err)
		film = append(film, frame{lines: s.Lines(), d: time.Second})
	}
	return film
}

func drawn(t *testing.T, p paint, film []frame) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, p.draw(&out, "a <title>", film))
	for d := xml.NewDecoder(strings.NewReader(out.String())); ; {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out.String()
		}
		require.NoError(t, err)
	}
}

var (
	group = regexp.MustCompile(`(?s)<g(?: class="(\w+)")?( visibility="hidden")?>\n(.*?)</g>`)
	spans = regexp.MustCompile(`<tspan x="(\d+)" y="(\d+)">([^<]*)</tspan>`)
	moves = regexp.MustCompile(`([\d.]+)%\{visibility:(\w+)\}`)
)

// shownAt is the text that a picture shows at a time, in percent. Below 0 it has no motion.
func shownAt(svg string, percent float64) string {
	s := emulator.New(30, 3)
	for _, g := range group.FindAllStringSubmatch(svg[strings.Index(svg, "<g transform")+3:], -1) {
		shown := g[2] == ""
		if percent >= 0 && g[1] != "" {
			_, rule, _ := strings.Cut(svg, "@keyframes "+g[1]+"{")
			rule, _, _ = strings.Cut(rule, "\n")
			for _, m := range moves.FindAllStringSubmatch(rule, -1) {
				if at, _ := strconv.ParseFloat(m[1], 64); at <= percent {
					shown = m[2] == "visible"
				}
			}
		}
		for _, w := range spans.FindAllStringSubmatch(g[3], -1) {
			x, _ := strconv.Atoi(w[1])
			y, _ := strconv.Atoi(w[2])
			if shown {
				_, _ = fmt.Fprintf(s, "\x1b[%d;%dH%s", y/cellHeight+1, x/cellWidth+1, w[3])
			}
		}
	}
	return s.String()
}

func TestAPictureShowsEachFrame(t *testing.T) {
	t.Parallel()
	screens := []string{
		"the same\x1b[2;3H● one 12:00:01", "the same\x1b[2;3H● one 12:00:02", "the same\x1b[2;3H\x1b[1;38;2;255;0;0mtwo\x1b[0m é… 12:00:03\x1b[3;1H世 x", "the same\x1b[2;3H● one 12:00:01",
	}
	film := filmed(t, screens...)
	svg := drawn(t, paints[0], film)
	for i, f := range film {
		s := emulator.New(30, 3)
		_, err := io.WriteString(s, "\x1b[H"+screens[i])
		require.NoError(t, err)
		const middle, all = 0.5, 100
		assert.Equal(t, s.String(), shownAt(svg, (float64(i)+middle)*all/float64(len(film))), "frame %d: %v", i, f.d)
	}
	assert.Contains(t, shownAt(svg, -1), "12:00:01", "without motion the last frame is shown")
	assert.Equal(t, 1, strings.Count(svg, ">same<"), "what stays is drawn once")
	assert.Contains(t, svg, "a &lt;title&gt;")
	assert.Contains(t, svg, "animation:")
	assert.NotContains(t, svg, "<script")
	assert.NotContains(t, drawn(t, paints[1], film[:1]), "animation: ")
	require.Error(t, paints[0].draw(io.Discard, "", nil))
}

// Lines and blocks meet their neighbours, so they are no letters. A swapped colour is one of CSS.
func TestLinesAndColours(t *testing.T) {
	t.Parallel()
	svg := drawn(t, paints[1], filmed(t, "╭────╮▌\x1b[31mred\x1b[7mswap\x1b[0m\x1b[2;1H\x1b[7mall\x1b[0m\x1b[2;9H\x1b[3;4;2mfine\x1b[0m"))
	assert.NotContains(t, svg, "─")
	assert.Contains(t, svg, "h32", "four cells are one line")
	for _, want := range []string{"fill:" + paints[1].sixteen[1], "fill:" + paints[1].text + "}", "fill:" + paints[1].ground, "italic", "underline", "opacity"} {
		assert.Contains(t, svg, want)
	}
	for char := range strokes {
		path, filled := piece{text: char, wide: 1, kind: shape}.outline()
		assert.Regexp(t, `^M[\d.]+ [\d.]+[hvmq]`, path, char)
		assert.False(t, filled)
	}
	for char := range blocks {
		_, filled := piece{text: char, wide: 1, kind: shape}.outline()
		assert.True(t, filled, char)
	}
}

func TestASceneIsFilmed(t *testing.T) {
	t.Parallel()
	s := scene{columns: 30, rows: 3, steps: []step{sees("ready"), {cut: true}, presses("go", 2*every), keep("before"), presses("enter", 0), sees("it goes")}}
	done, err := s.film(t.Context(), []string{"sh", "-c", "trap 'exit 0' INT; printf 'not\rready'; read x; printf 'it %ses' $x; read y"})
	require.NoError(t, err)
	film := done.film
	require.NotEmpty(t, film)
	assert.Contains(t, shownAt(drawn(t, paints[0], []frame{done.stills["before"]}), -1), "ready")
	assert.Equal(t, "go", film[0].key)
	last := film[len(film)-1]
	assert.GreaterOrEqual(t, last.d, lastShown)
	assert.Contains(t, shownAt(drawn(t, paints[0], film), -1), "it goes")
}

func TestAProgramThatEndsTooSoonIsNamed(t *testing.T) {
	t.Parallel()
	s := scene{columns: 30, rows: 3, steps: []step{sees("never")}}
	_, err := s.film(t.Context(), []string{"sh", "-c", "exit 3"})
	require.ErrorIs(t, err, errEnded)
	require.ErrorContains(t, err, "exit status 3")
	_, err = s.film(t.Context(), []string{filepath.Join(t.TempDir(), "none")})
	require.Error(t, err)
	require.ErrorContains(t, options{only: "nothing"}.draw(t.Context(), []string{"true"}), "no picture")
	require.Error(t, options{}.draw(t.Context(), nil))
}
