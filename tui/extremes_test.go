package tui_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/theme"
)

// longText has 10,000 characters of a kind.
func longText(of string) string { return strings.Repeat(of, 10_000/utf8.RuneCountInString(of)) }

// strangeTexts are names that are long, or that terminals draw in other ways than others.
var strangeTexts = map[string]string{
	"no space": longText("x"), "mixed": longText("Kiruna نهر النيل 東京湾 👩‍👩‍👧‍👦🛰️ é̂̃ \x1b[2J\u202e\x00"),
}

// strangelyNamed has an order, a job and a rejected delivery in which all texts are one text.
func strangelyNamed(text string) *memory {
	quoted, _ := json.Marshal(text)
	l := newMemory()
	for _, kind := range []string{"order", "job"} {
		e := told(kind+".status", fmt.Sprintf(`"%sId":%s,"displayName":%[2]s,"jobName":%[2]s,"orderType":%[2]s,"processId":%[2]s,"dataHostName":%[2]s,"status":%[2]s`, kind, quoted), noon.Add(-time.Minute), noon.Format(time.RFC3339))
		l.Add(e)
	}
	l.Reject(with(told("order.status", `"orderId":`+string(quoted)+`,"status":`+string(quoted), noon, noon.Format(time.RFC3339)), rejected("signature-mismatch")))
	return l
}

// strangeAccount has what is named so at UP42, too.
func strangeAccount(text string) *upstream {
	w := client.Webhook{ID: text, Name: text, URL: "https://example.com/" + text, Events: []string{text, "order.status"}, Secret: client.Secret(text)}
	return &upstream{orders: []client.Order{{ID: text, Name: text, Type: text, Status: text, CreatedAt: noon, UpdatedAt: noon}}, webhooks: []client.Webhook{w}}
}

// strangeTours open what shows texts from outside.
var strangeTours = [][]string{
	{"0"},
	{"1"},
	{"2"},
	{"3"},
	{"4"},
	{"5"},
	{"0", "G"},
	{"1", "enter", "G"},
	{"2", "enter", "enter", "G"},
	{"3", "enter", "c"},
	{"3", "enter", "w"},
	{"4", "enter"},
	{"4", "e"},
	{"4", "d"},
	{"5", "enter"},
	{"2", "/", "name:"},
	{"3", "/", "status:"},
	{"2", "e"},
	{"2", "space", "y"},
	{":", "a"},
	{"?"},
	{"3", "f"},
	{"3", "F"},
}

func TestNamesOfTenThousandCharacters(t *testing.T) {
	for name, text := range strangeTexts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			within(t, 80, 24, func() *memory { return strangelyNamed(text) }, func(s *screen) {
				s.advance(6 * time.Second)
				tours := strangeTours
				if name == "no space" { // it costs time, and finds less
					tours = tours[:8]
				}
				for _, keys := range tours {
					s.resize(80, 24)
					s.Press(keys...)
					for _, size := range [][2]int{{80, 24}, {1, 1}, {200, 60}} {
						s.resize(size[0], size[1])
						v := s.View() // as large as the terminal
						assert.False(t, strings.ContainsAny(v, "\x00\u202e"), "%v", keys)
					}
					s.Press("esc", "esc", "esc", "esc")
				}
				s.resize(80, 24)
				s.Press("2")
				s.Shows("STATUS")
			}, asking(strangeAccount(text)), forwards(&fakeForwarder{
				targets:  []forwarding.Target{{Name: text, Failing: noon, Err: text}},
				failures: []receiver.Failure{{Reader: text, Seq: 1, Reason: text, At: noon, Tries: 2}},
			}))
		})
	}
}

func TestTenThousandWebhooks(t *testing.T) {
	u := &upstream{}
	const many = 10_000
	for i := range many {
		u.webhooks = append(u.webhooks, client.Webhook{
			ID: fmt.Sprintf("0c5d2e1a-04ab-4d68-9f2e-%012x", i), Name: fmt.Sprintf("webhook %05d", i), URL: fmt.Sprintf("https://h%05d.example.com/x", i),
			Events: []string{"order.status"}, Active: i%2 == 0, CreatedAt: noon, UpdatedAt: noon,
		})
	}
	within(t, 120, 30, aDay, func(s *screen) {
		s.advance(time.Second)
		s.Press("4")
		s.Shows("4 Webhooks 10,000", "▌ webhook 00000", " 1/10,000 ──")
		s.Press("G")
		s.Shows("▌ webhook 09999", " 10,000/10,000 ──")
		s.Press("S")
		s.Shows("▌ webhook 09999", " 1/10,000 ──")
		s.Press("/", "h042", "enter")
		s.Shows("(100 of 10,000)", "webhook 04299", "webhook 04280")
		s.Press("g", "space", "G", "V")
		s.Shows("100 marked")
		s.Press("esc", "esc", "enter")
		s.Shows("Webhook webhook 042")
		s.Press("esc", ":", "webhooks create", "esc", "esc", "2")
		s.Shows("STATUS")
	}, asking(u))
}

// In a locale without UTF-8 all that the screen draws itself is ASCII.
func TestAllIsASCIIInTheLocaleC(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {160, 40}} {
		within(t, size[0], size[1], aDay, func(s *screen) {
			for _, keys := range append(strangeTours, []string{"2", "/", "stats:x"}, []string{"2", "/", "is:"}, []string{"t"}, []string{"2", "p"}, []string{"2", "v"}) {
				s.Press(keys...)
				for i, l := range strings.Split(s.View(), "\n") {
					for _, r := range strings.ReplaceAll(l, "…", "") { // see text.ASCII
						assert.Less(t, r, rune(utf8.RuneSelf), "%v, line %d: %s", keys, i+1, l)
					}
				}
				s.Press("esc", "esc", "esc", "esc")
			}
		}, func(o *tui.Options) {
			o.Theme, o.ASCII = theme.New(theme.Options{Profile: termenv.Ascii, ASCII: true}), true
		}, asking(anAccount()), forwards(well()))
	}
}
