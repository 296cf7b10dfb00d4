package filter_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver/filter"
)

// plainMatch is a simple implementation of filters that consist of text.
func plainMatch(expr, text string) bool {
	text = strings.ToLower(text)
	for _, w := range strings.Fields(strings.ToLower(expr)) {
		rest, not := strings.CutPrefix(w, "-")
		if not && rest != "" && strings.Contains(text, rest) || !not && !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func TestTextMatchesLikeASimpleImplementation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		alphabet := []rune("aAbBzZ-_.1 K\u212aŽžİ\xc3\t")
		word := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 6, -1)
		expr := word.Draw(t, "expression")
		words := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("aAbBzZ-_.1K\u212aŽžİ\xc3")), 0, 8, -1), 1, 4).Draw(t, "words")
		f, _ := filter.ParseTyping(expr)
		got := f.Match(&filter.Subject{Words: words}, now)
		assert.Equal(t, plainMatch(expr, strings.Join(words, " ")), got)
	})
}

func FuzzParse(f *testing.F) {
	for expr := range events {
		f.Add(expr)
	}
	for _, expr := range []string{`name:"a\"b\\",c -"x`, "kind:\xff", "is:\u00a0a", `a"b c"`, "-:x", "--x", `-"-x"`, `""`, "seq:9223372036854775807"} {
		f.Add(expr)
	}
	subjects := []*filter.Subject{
		{}, {Status: "FAILED", Event: "order.status", ID: "x", Name: "a b", Webhook: "7", Words: []string{"final", "-x", "a,b"}, At: now},
	}
	f.Fuzz(func(t *testing.T, expr string) {
		lenient, typing := filter.ParseTyping(expr)
		strict, err := filter.Parse(expr)
		require.Equal(t, err == nil, typing == nil, "Parse and ParseTyping agree on whether there is a mistake")
		check := []*filter.Filter{lenient}
		if err == nil {
			check = append(check, strict)
			strict.Doubts()
		} else {
			pointsInto(t, expr, err)
		}
		for _, f := range check {
			again, err := filter.Parse(f.String())
			require.NoError(t, err, "%q", f.String())
			require.Equal(t, f.String(), again.String())
			for _, s := range subjects {
				require.Equal(t, f.Match(s, now), again.Match(s, now))
			}
		}
	})
}

func pointsInto(t *testing.T, expr string, err error) {
	t.Helper()
	var e *filter.Error
	require.True(t, errors.As(err, &e))
	require.Equal(t, expr, e.Expr)
	require.True(t, 0 <= e.Pos && e.Pos <= e.End && e.End <= len(expr))
	require.NotContains(t, e.Error(), "\n")
	require.Equal(t, 1, strings.Count(e.Caret(), "\n"))
}

func FuzzFlags(f *testing.F) {
	f.Add("a", "b c")
	f.Add(`"`, `\`)
	f.Add("//", "a b:") // event:// would be the start of a URL
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, made := range []*filter.Filter{filter.Events(a, b), filter.Statuses(a, b)} {
			again, err := filter.Parse(made.String())
			require.NoError(t, err)
			require.Equal(t, made.String(), again.String())
		}
	})
}

func subjects(n int) []filter.Subject {
	out := make([]filter.Subject, n)
	for i := range out {
		id := fmt.Sprintf("%08d-3c2e-4d7b-9a1f-000000000000", i)
		out[i] = filter.Subject{
			Kind: "order", Status: "BEING_FULFILLED", ID: id, Name: "Kiruna 2026", Type: "ARCHIVE", Host: "oneatlas", Trust: 3, Live: true,
			At: now.Add(-time.Duration(i) * time.Second), Words: []string{id, "Kiruna 2026", "ARCHIVE", "oneatlas", "BEING_FULFILLED", "in progress"},
		}
	}
	return out
}

// BenchmarkMatch measures what a key press costs that changes the filter of 100,000 rows.
func BenchmarkMatch(b *testing.B) {
	all := subjects(100_000)
	for _, expr := range []string{"kiruna", "nowhere -test", "status:FULFILLED kind:order", "is:progress since:10m id:0000", "name:nowhere"} {
		b.Run(expr, func(b *testing.B) {
			f, err := filter.Parse(expr)
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				for i := range all {
					f.Match(&all[i], now)
				}
			}
		})
	}
}

func BenchmarkEvent(b *testing.B) {
	f, err := filter.Parse("is:failed kind:order since:10m verified")
	require.NoError(b, err)
	e := order()
	b.ReportAllocs()
	for b.Loop() {
		f.Event(e, now)
	}
}
