package script_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/stage/script"
)

// FuzzParse checks that a script is good, or that its error names the file.
func FuzzParse(f *testing.F) {
	f.Add("title Mine\ncaption One, two.\norder a tasking\nto a created FEASIBILITY_WAITING_UPLOAD\njob j\nto j RUNNING\nwait 1m30s\npress 3 G\ntype two words\nstorm 1000")
	f.Add("play other\nwait -1s\n\x00\n\u202e")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parse(text)
		if err != nil {
			assert.ErrorContains(t, err, "my.stage")
			return
		}
		assert.GreaterOrEqual(t, int64(s.Duration()), int64(0))
		assert.LessOrEqual(t, s.Steps(), len(s.Commands))
		for _, c := range s.Commands {
			assert.NotEmpty(t, c.Where())
			if c.Verb == script.Press {
				for _, name := range c.Args {
					_, ok := script.KeyOf(name)
					assert.True(t, ok, name)
				}
			}
		}
	})
}
