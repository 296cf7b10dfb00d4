package mouse_test

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/mouse"
)

// reads is an input that gives one of these at a time.
type reads []string

func (r *reads) Read(p []byte) (int, error) {
	if len(*r) == 0 {
		return 0, io.EOF
	}
	n := copy(p, (*r)[0])
	if (*r)[0] = (*r)[0][n:]; (*r)[0] == "" {
		*r = (*r)[1:]
	}
	return n, nil
}

// all reads as Bubble Tea does, and returns what each read gave.
func all(t *testing.T, in io.Reader) (parts []string) {
	t.Helper()
	var p [256]byte
	for {
		n, err := in.Read(p[:])
		if n > 0 {
			parts = append(parts, string(p[:n]))
		}
		if err != nil {
			require.ErrorIs(t, err, io.EOF)
			return parts
		}
	}
}

func TestInput(t *testing.T) {
	for name, c := range map[string]struct {
		reads []string
		want  string
	}{
		"keys":                   {[]string{"jk", "\x1b[A\x1b", "q"}, "jk\x1b[A\x1bq"},
		"a click":                {[]string{"\x1b[<0;10;5M\x1b[<0;10;5m"}, "\x1b[<0;10;5M\x1b[<0;10;5m"},
		"cut anywhere":           {[]string{"a\x1b[<", "0;1", "0;5", "Mb"}, "a\x1b[<0;10;5Mb"},
		"cut behind its start":   {[]string{"a\x1b[", "<0;10;5Mb"}, "a\x1b[<0;10;5Mb"},
		"cut behind an escape":   {[]string{"a\x1b", "[<0;10", ";5Mb"}, "a\x1b\x1b[<0;10;5Mb"},
		"an arrow that is cut":   {[]string{"a\x1b[", "Ab"}, "a\x1b[Ab"},
		"esc, then a bracket":    {[]string{"\x1b", "[", "j"}, "\x1b[j"},
		"the old kind":           {[]string{"\x1b[M", " !", "\"j"}, "\x1b[M !\"j"},
		"a number is missing":    {[]string{"a\x1b[<0;5Mb"}, "ab"},
		"too many numbers":       {[]string{"a\x1b[<0;1;2;3Mb"}, "ab"},
		"negative":               {[]string{"a\x1b[<0;-5;3Mb"}, "ab"},
		"no numbers":             {[]string{"a\x1b[<;;Mb"}, "ab"},
		"huge":                   {[]string{"a\x1b[<0;123456789;3Mb"}, "ab"},
		"another end":            {[]string{"a\x1b[<0;1;2xb"}, "ab"},
		"another sequence in it": {[]string{"a\x1b[<0;1\x1b[<0;1;2Mb"}, "a\x1b[<0;1;2Mb"},
		"endless":                {[]string{"\x1b[<" + strings.Repeat("1", 29) + "\x1b[<0;1;2M"}, "\x1b[<0;1;2M"},
		"never ended":            {[]string{"a\x1b[<0;1"}, "a"},
		"pasted":                 {[]string{"\x1b[200~1;2M\x1b[201~"}, "\x1b[200~1;2M\x1b[201~"},
	} {
		t.Run(name, func(t *testing.T) {
			in := reads(c.reads)
			assert.Equal(t, c.want, strings.Join(all(t, mouse.NewInput(&in)), ""))
		})
	}
}

// Bubble Tea takes what is cut at the end of a read for keys.
func TestNoReadEndsWithinASequence(t *testing.T) {
	for _, seq := range []string{"\x1b[<64;100;22M", "\x1b[B"} {
		for before := range 20 {
			storm := strings.Repeat("x", before) + strings.Repeat(seq, 200)
			in := reads{storm}
			parts := all(t, mouse.NewInput(&in))
			assert.Equal(t, storm, strings.Join(parts, ""))
			for _, p := range parts {
				assert.True(t, strings.HasSuffix(p, seq[len(seq)-1:]), "%q", p)
			}
		}
	}
}

func FuzzInput(f *testing.F) {
	f.Add("\x1b[<0;1;2M", 3)
	f.Add("a\x1b[<0;1\x1b[M 12", 1)
	f.Fuzz(func(t *testing.T, s string, size int) {
		var in reads
		for size = max(1, min(size, 300)); s != ""; s = s[min(size, len(s)):] {
			in = append(in, s[:min(size, len(s))])
		}
		all(t, mouse.NewInput(&in))
	})
}
