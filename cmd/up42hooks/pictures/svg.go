package main

import (
	"cmp"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// barHeight is the height of the bar above the terminal, and margin is around the terminal.
const barHeight, margin = 28, 10

// draw draws a film: each piece once, with the frames that have it. Who wants no motion, and a viewer
// that knows none, sees the last frame.
func (p paint) draw(w io.Writer, title string, film []frame) error {
	if len(film) == 0 {
		return errors.New("nothing was filmed")
	}
	d := drawing{paint: p, title: title, film: film, classes: map[string]string{}}
	d.collect()
	_, err := io.WriteString(w, d.picture())
	return err
}

// drawing is a picture that is being drawn.
type drawing struct {
	paint
	title string
	film  []frame
	// layers are the pieces that the same frames have.
	layers []layer
	// classes are the names of rules, rules are in the order in which they were needed.
	classes map[string]string
	rules   []string
}

// layer is what some frames show.
type layer struct {
	// frames has a '1' for each frame that shows it, else a '0'.
	frames string
	pieces []piece
}

// collect finds out which frames have which pieces.
func (d *drawing) collect() {
	in := map[piece][]byte{}
	show := func(p piece, frame int) {
		if in[p] == nil {
			in[p] = []byte(strings.Repeat("0", len(d.film)))
		}
		in[p][frame] = '1'
	}
	for i, f := range d.film {
		if f.key != "" {
			show(piece{kind: pressed, text: f.key}, i)
		}
		for y, line := range f.lines {
			for _, p := range pieces(y, line) {
				show(p, i)
			}
		}
	}
	layers := map[string][]piece{}
	for p, frames := range in {
		layers[string(frames)] = append(layers[string(frames)], p)
	}
	for frames, all := range layers {
		d.layers = append(d.layers, layer{frames, all})
	}
	slices.SortFunc(d.layers, func(a, b layer) int { return cmp.Compare(b.frames, a.frames) })
}

// picture is the whole file.
func (d *drawing) picture() string {
	var body strings.Builder
	for _, behind := range []bool{true, false} { // a text is drawn over all grounds
		for i, l := range d.layers {
			d.layer(&body, i, l, behind)
		}
	}
	lines := d.film[0].lines
	width, height := len(lines[0])*cellWidth+2*margin, len(lines)*cellHeight+barHeight+2*margin
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%d" role="img"><title>%s</title>`+"\n",
		width, height, html.EscapeString(d.title)) +
		"<style>\n" + d.css() + "</style>\n" +
		fmt.Sprintf(`<rect x=".5" y=".5" width="%d" height="%d" rx="7" fill="%s" stroke="%s"/>`, width-1, height-1, d.ground, d.edge) +
		fmt.Sprintf(`<path d="M1 %dV8q0-7 7-7h%dq7 0 7 7v%dz" fill="%s"/>`, barHeight, width-16, barHeight-8, d.bar) +
		fmt.Sprintf(`<text x="%d" y="19" fill="%s">up42hooks</text>`+"\n", margin, d.text) +
		fmt.Sprintf(`<g transform="translate(%d %d)">`+"\n", margin, barHeight+margin) + body.String() + "</g></svg>\n"
}

// layer draws the grounds of a layer, or what is before them.
func (d *drawing) layer(out *strings.Builder, i int, l layer, behind bool) {
	parts := map[string][]piece{}
	for _, p := range l.pieces {
		if (p.kind == ground) == behind {
			class := d.class(d.rule(p.kind, p.style))
			parts[class] = append(parts[class], p)
		}
	}
	if len(parts) == 0 {
		return
	}
	out.WriteString("<g")
	if strings.Contains(l.frames, "0") {
		fmt.Fprintf(out, ` class="%s"`, short("k", i))
		if l.frames[len(l.frames)-1] == '0' { // a viewer without motion shows the last frame
			out.WriteString(` visibility="hidden"`)
		}
	}
	out.WriteString(">\n")
	for _, class := range slices.Sorted(maps.Keys(parts)) {
		d.part(out, class, parts[class])
	}
	out.WriteString("</g>\n")
}

// part draws the pieces of a layer that have one style.
func (d *drawing) part(out *strings.Builder, class string, all []piece) {
	slices.SortFunc(all, func(a, b piece) int {
		return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x), cmp.Compare(a.kind, b.kind), cmp.Compare(a.text, b.text))
	})
	var words, lines, areas strings.Builder
	for _, p := range all {
		switch p.kind {
		case pressed:
			d.key(out, p.text)
		case word:
			const base = 13 // from the top of a cell to the line that letters stand on
			fmt.Fprintf(&words, `<tspan x="%d" y="%d">%s</tspan>`, p.x*cellWidth, p.y*cellHeight+base, html.EscapeString(p.text))
		case ground:
			fmt.Fprintf(&areas, "M%d %dh%dv%dh-%dz", p.x*cellWidth, p.y*cellHeight, p.wide*cellWidth, cellHeight, p.wide*cellWidth)
		case shape:
			if path, filled := p.outline(); filled {
				areas.WriteString(path)
			} else {
				lines.WriteString(path)
			}
		}
	}
	for _, e := range []struct{ begin, body, end string }{
		{`<path class="` + class + ` a" d="`, areas.String(), "\"/>\n"},
		{`<path class="` + class + ` l" d="`, lines.String(), "\"/>\n"},
		{`<text class="` + class + `">`, words.String(), "</text>\n"},
	} {
		if e.body != "" {
			out.WriteString(e.begin + e.body + e.end)
		}
	}
}

// key draws the key that was pressed, in the bar.
func (d *drawing) key(out *strings.Builder, key string) {
	wide := (utf8.RuneCountInString(key)+2)*cellWidth + 2
	right := len(d.film[0].lines[0]) * cellWidth
	const top = -barHeight - margin + 4
	fmt.Fprintf(out, `<rect x="%d" y="%d" width="%d" height="20" rx="4" fill="%s"/>`, right-wide, top, wide, d.text)
	fmt.Fprintf(out, `<text x="%d" y="%d" fill="%s" font-weight="700">%s</text>`+"\n", right-wide+cellWidth, top+15, d.ground, html.EscapeString(key))
}

func (d *drawing) class(rule string) string {
	c, ok := d.classes[rule]
	if !ok {
		c = short("s", len(d.rules))
		d.classes[rule] = c
		d.rules = append(d.rules, rule)
	}
	return c
}

// css has the styles, and for each layer when it is shown.
func (d *drawing) css() string {
	var out strings.Builder
	fmt.Fprintf(&out, "text{font:%gpx ui-monospace,SFMono-Regular,Menlo,'DejaVu Sans Mono','Liberation Mono','Cascadia Mono',monospace}\n", fontSize)
	out.WriteString(".l{fill:none}.a{stroke:none}\n")
	for i, r := range d.rules {
		fmt.Fprintf(&out, ".%s{%s}\n", short("s", i), r)
	}
	length := d.begins(len(d.film))
	for i, l := range d.layers {
		if !strings.Contains(l.frames, "0") {
			continue
		}
		k := short("k", i)
		fmt.Fprintf(&out, ".%s{animation:%[1]s %.2fs step-end infinite}@keyframes %[1]s{", k, length.Seconds())
		for n := range l.frames {
			if n == 0 || l.frames[n] != l.frames[n-1] {
				const whole = 100
				fmt.Fprintf(&out, "%.4g%%{visibility:%s}", whole*d.begins(n).Seconds()/length.Seconds(), visibility(l.frames[n]))
			}
		}
		out.WriteString("}\n")
	}
	out.WriteString("@media (prefers-reduced-motion:reduce){g{animation:none!important}}\n")
	return out.String()
}

func visibility(shown byte) string {
	if shown == '1' {
		return "visible"
	}
	return "hidden"
}

// begins is when a frame begins.
func (d *drawing) begins(frame int) (t time.Duration) {
	for _, f := range d.film[:frame] {
		t += f.d
	}
	return t
}
