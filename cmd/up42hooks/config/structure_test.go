package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWhatIsWrongInAStructureIsToldWithItsLine(t *testing.T) {
	for file, want := range map[string]string{
		"filters: final":                              "config.yaml:1: want lines",
		"filters:\n  F9: final":                       `config.yaml:2: unknown setting "F9"`,
		"filters:\n  F1: final\n  F1: final":          "F1 is set twice",
		"filters:\n  F1:":                             "config.yaml:2: want one value",
		"filters:\n  F1: final\n  F2: \"stats:OK\"\n": `config.yaml:3: filters: F2: filter: "stats": no such key; in quotes it is text; did you mean "status"?`,
	} {
		_, _, err := load(t, file, nil)
		assert.ErrorContains(t, err, want, file)
	}
}
