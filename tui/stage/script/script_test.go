package script_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/stage/script"
)

func parse(text string) (*script.Script, error) {
	return script.Parse("my.stage", []byte(text), func(string) ([]byte, error) { return nil, errors.New("none") })
}

func TestEachScriptOfTheProgramIsGood(t *testing.T) {
	t.Parallel()
	for _, name := range script.Names() {
		s, err := script.Load(name)
		require.NoError(t, err)
		assert.NotEmpty(t, s.Title, name)
		assert.Less(t, s.Duration(), 15*time.Minute, name)
	}
}

func TestTheTalkHasAllScenes(t *testing.T) {
	t.Parallel()
	talk, err := script.Load("talk")
	require.NoError(t, err)
	files := map[string]bool{}
	for _, c := range talk.Commands {
		files[c.File] = true
	}
	for _, name := range script.Names() {
		assert.True(t, files[name], name)
	}
	assert.InDelta(t, 10, talk.Duration().Minutes(), 1)
}

func TestAScript(t *testing.T) {
	t.Parallel()
	s, err := parse("\ufeff# a comment\r\n\n  title Mine\ncaption One, two.\norder a tasking\nto a created FEASIBILITY_WAITING_UPLOAD\njob j\nto j RUNNING\nwait 1m30s\npress 3 G space shift+tab é\ntype two words\nstorm 1000")
	require.NoError(t, err)
	assert.Equal(t, "Mine", s.Title)
	assert.Equal(t, 1, s.Steps())
	assert.Equal(t, 90*time.Second+script.ReadingTime("One, two."), s.Duration())
	last := s.Commands[len(s.Commands)-1]
	assert.Equal(t, 1000, last.Number)
	assert.Equal(t, "my.stage:12", last.Where())
	assert.Equal(t, []string{"two words"}, s.Commands[len(s.Commands)-2].Args)
}

// The first wrong line is named.
func TestWrongLines(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"captoin Hello":                       `unknown command "captoin": did you mean caption?`,
		"xyz":                                 `unknown command "xyz": there are caption, `,
		"caption":                             "write it as: caption TEXT",
		"CAPTION Hello":                       `unknown command "CAPTION": did you mean caption?`,
		"stop now":                            "write it as: stop",
		"wait":                                "write it as: wait DURATION",
		"wait soon":                           `wait "soon": want a duration`,
		"wait -1s":                            `wait "-1s": want a duration`,
		"wait 2h":                             `up to 1h`,
		"press":                               "write it as: press KEY",
		"press 3 q":                           "the key q would end the program: esc goes back",
		"press p":                             "the key p would pause the script, too: stop waits for the speaker",
		"press entre":                         `unknown key "entre"`,
		"order":                               "write it as: order NAME",
		"order a":                             "there is already an order or a job that is called a",
		"job a":                               "there is already an order or a job that is called a",
		"order b archiv":                      `did you mean archive?`,
		"to b PLACED":                         "there is no order or job b yet",
		"to a":                                "write it as: to NAME STATUS",
		"to a PLACD":                          `unknown status of orders "PLACD": did you mean PLACED?`,
		"to a RUNNING":                        `unknown status of orders "RUNNING"`,
		"to a CREATED NOPE":                   `unknown sub-status of orders "NOPE"`,
		"to j RUNNING x":                      "only orders have a sub-status",
		"storm 0":                             `want a number of events from 1 to 10000`,
		"storm many":                          `want a number of events`,
		"target dies":                         `unknown word "dies": there are fails, works`,
		"forge tamper":                        `did you mean tampered?`,
		"play nothing":                        "none",
		"caption \x1b[2J":                     "the line has a control character",
		"caption " + strings.Repeat("a", 151): "the text has 151 characters, and 150 fit",
	} {
		_, err := parse("caption Good.\norder a\njob j\n" + line + "\nwrong, too")
		fault := (*script.Fault)(nil)
		require.ErrorAs(t, err, &fault, line)
		assert.Equal(t, 4, fault.Line, line)
		assert.ErrorContains(t, err, "my.stage:4: ", line)
		assert.ErrorContains(t, err, want, line)
	}
}

// All wrong lines are named, up to ten. A line that is wrong only because another one is, is not.
func TestAllWrongLines(t *testing.T) {
	t.Parallel()
	_, err := parse("caption Good.\nordre a\nto a PLACED\norder b archiv\nto b PLACED\nto c PLACED\nwait")
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 4)
	for i, want := range []string{`my.stage:2: unknown command "ordre": did you mean order?`, "my.stage:4: unknown kind", "my.stage:6: there is no order or job c yet", "my.stage:7: write it as: wait DURATION"} {
		assert.Contains(t, lines[i], want)
	}
	_, err = parse("caption Good.\n" + strings.Repeat("wait\n", 11))
	require.Error(t, err)
	lines = strings.Split(err.Error(), "\n")
	require.Len(t, lines, 11)
	assert.Contains(t, lines[9], "my.stage:11: ")
	assert.Equal(t, "my.stage: there are more mistakes than these 10", lines[10])
	_, err = parse("caption Good.\n" + strings.Repeat("wait\n", 10))
	assert.Equal(t, 10, strings.Count(err.Error(), "write it as"))
	assert.NotContains(t, err.Error(), "more mistakes")
	_, err = parse("caption a\n" + strings.Repeat("stop\n", 10_005))
	assert.EqualError(t, err, "my.stage:10001: the script has more than 10000 commands")
}

// A scene that is not found, too long or no text may make any order.
func TestAfterAWrongSceneAllOrdersMayBeThere(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"play orders-lfe":   `unknown scene`,
		"paly orders-life":  `unknown command "paly": did you mean play?`,
		"play orders life":  "write it as: play NAME",
		"play binary-scene": "binary-scene: the file is not UTF-8",
	} {
		_, err := script.Parse("my.stage", []byte("caption A\nto b PLACED\n"+line+"\nto alps FULFILLED\n"), func(name string) ([]byte, error) {
			if name == "binary-scene" {
				return []byte{0xff}, nil
			}
			return nil, errors.New("unknown scene")
		})
		require.Error(t, err)
		lines := strings.Split(err.Error(), "\n")
		require.Len(t, lines, 2, "%v", err)
		assert.Contains(t, lines[0], "my.stage:2: there is no order or job b yet", "what comes before it is wrong")
		assert.Contains(t, lines[1], want)
	}
}

func TestWrongFiles(t *testing.T) {
	t.Parallel()
	_, err := parse("order a")
	assert.EqualError(t, err, "my.stage: the script has no caption: each step begins with one")
	_, err = parse("caption \xff")
	assert.ErrorContains(t, err, "not UTF-8")
	_, err = parse(strings.Repeat("#", 2<<20))
	assert.ErrorContains(t, err, "too large")
	_, err = parse("caption a\n" + strings.Repeat("stop\n", 10_000))
	assert.ErrorContains(t, err, "more than 10000 commands")
	itself := func(string) ([]byte, error) { return []byte("play itself"), nil }
	_, err = script.Parse("itself", []byte("play itself"), itself)
	assert.ErrorContains(t, err, "does one play itself?")
}

// A file may play a scene. A wrong line in it is named with its own file.
func TestLoad(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mine.stage")
	require.NoError(t, os.WriteFile(file, []byte("title Mine\nplay first-delivery\norder second"), 0o600))
	s, err := script.Load(file)
	require.NoError(t, err)
	assert.Equal(t, "Mine", s.Title)
	assert.Positive(t, s.Steps())
	require.NoError(t, os.WriteFile(file, []byte("play first-delivery\norder first"), 0o600))
	_, err = script.Load(file)
	assert.ErrorContains(t, err, "mine.stage:2: there is already an order")
	_, err = script.Load("frist-delivery")
	assert.EqualError(t, err, `unknown script "frist-delivery": did you mean first-delivery?; nor is there such a file`)
	missing := filepath.Join(t.TempDir(), "none")
	_, err = script.Load(missing)
	assert.ErrorIs(t, err, os.ErrNotExist)
	assert.Equal(t, 1, strings.Count(err.Error(), missing))
	assert.NotContains(t, err.Error(), "open ", "it says only once what it does")
}
