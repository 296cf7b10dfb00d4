//go:build unix

package main

import (
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
)

// at24 waits until the screen of 80×24 matches, and nothing is missing: a view that is too
// high loses its first lines.
func (term *terminal) at24(pattern string) string {
	term.t.Helper()
	re := regexp.MustCompile(pattern)
	return term.until("shows "+pattern+" in 24 lines, from the title to the footer", func(screen string) bool {
		lines := strings.Split(strings.TrimSuffix(screen, "\n"), "\n")
		return re.MatchString(screen) && len(lines) == 24 && strings.Contains(lines[0], "up42hooks") &&
			strings.Contains(lines[1], "4 Webhooks") && lines[23] != ""
	})
}

// webhookJourney is a dashboard in a terminal, with a simulated UP42 in another
// process.
type webhookJourney struct {
	*terminal
	api *client.Client
	env []string
}

// A user creates, tests, edits, turns off and deletes a webhook by keyboard.
func TestJourneyOfAWebhook(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	up42, settings := clitest.Simulate(t, "--still")
	env := clitest.Home(t)
	mine := []string{env[0], "XDG_STATE_HOME=", "XDG_CONFIG_HOME="}
	for name, value := range settings {
		mine = append(mine, name+"="+value)
	}
	j := webhookJourney{newTerminal(t, 80, 24, mine...), accountOf(t, settings), env}
	j.runs(program + " --listen 127.0.0.1:0")
	j.at24(`● 127\.0\.0\.1:\d+`)

	j.press("4")
	j.at24(`There is no webhook in this workspace yet`)
	w := j.creates()
	j.tests()
	w.Name = "up42hooks2"
	j.edits(w)
	w.Active = false
	j.turnsOff(w)
	j.deletes(w)

	j.quits()
	t.Logf("%d key presses", j.keys)
	assert.Less(t, j.keys, 40)
	up42.Signal(syscall.SIGTERM)
	up42.Finish(t)
}

// accountOf is a client for the account in these settings.
func accountOf(t *testing.T, settings map[string]string) *client.Client {
	t.Helper()
	api, err := client.New(client.Options{
		APIURL: settings["UP42_API_URL"], AuthURL: settings["UP42_AUTH_URL"],
		Credentials: client.Credentials{Username: settings["UP42_USERNAME"], Password: client.Secret(settings["UP42_PASSWORD"])},
	})
	require.NoError(t, err)
	t.Cleanup(api.Close)
	return api
}

// creates creates a webhook with the values that the form proposes.
func (j *webhookJourney) creates() client.Webhook {
	t := j.t
	t.Helper()
	j.press("c")
	j.at24(`(?s)New webhook.*up42hooks.*http://127\.0\.0\.1:\d+/receive-webhooks.*\[x\] job\.status.*\[x\] order\.status`)
	j.press("Enter", "Enter", "Enter", "Enter", "Enter")
	screen := j.at24(`✓ created up42hooks`)
	assert.Regexp(t, `up42hooks +12\S+ .*● on +✓ yes`, screen, "it points here")

	all, err := j.api.Webhooks(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	w := all[0]
	assert.Equal(t, "up42hooks", w.Name)
	assert.Regexp(t, `^http://127\.0\.0\.1:[1-9]\d*/receive-webhooks$`, w.URL)
	assert.ElementsMatch(t, receiver.EventNames(), w.Events)
	assert.True(t, w.Active)
	assert.Len(t, w.Secret.Reveal(), 43, "32 bytes")
	assert.NotContains(t, screen, w.Secret.Reveal())
	return w
}

// tests makes UP42 send its test events, which arrive with a signature.
func (j *webhookJourney) tests() {
	t := j.t
	t.Helper()
	j.press("t")
	n := len(receiver.EventNames())
	screen := j.at24(fmt.Sprintf(`(?s)✓ It works: %d of %[1]d test events passed(.*stored #\d){%[1]d}`, n))
	for _, event := range []string{"job", "order"} {
		assert.Regexp(t, event+`\.status\s+✓ sent → ✓ arrived \d+ ms → ✓ signature → ✓ digest → ✓ stored #\d`, screen)
	}
	stored, stderr, code := clitest.Run(t, j.env, "events", "--json")
	require.Zero(t, code, stderr)
	assert.Equal(t, map[string]int{"verified": n}, count(t, stored, "verdict"))
	assert.Equal(t, map[string]int{"false": n}, count(t, stored, "liveMode"))
	for _, name := range receiver.EventNames() {
		assert.Equal(t, 1, count(t, stored, "event")[name], name)
	}
}

// edits appends to the name. The screen shows the change before it is sent.
func (j *webhookJourney) edits(want client.Webhook) {
	t := j.t
	t.Helper()
	j.press("e")
	j.at24(`Edit up42hooks`)
	j.types(strings.TrimPrefix(want.Name, "up42hooks"))
	j.at24(`(?m)^.{3}` + want.Name)
	j.press("C-s")
	screen := j.at24(`(?s)This is what will change.*Name +up42hooks\s+→ ` + want.Name)
	assert.Equal(t, 1, strings.Count(screen, "→"), "nothing else changes:\n%s", screen)
	assert.Equal(t, "up42hooks", j.webhook(want.ID).Name, "nothing is sent yet")
	j.press("Enter")
	j.at24(`✓ saved ` + want.Name)
	j.is(want)
}

func (j *webhookJourney) turnsOff(want client.Webhook) {
	j.t.Helper()
	j.press("Escape") // out of the test's report, where space scrolls
	j.loses(`It works`)
	j.press("o")
	j.at24(`o again turns off ` + want.Name)
	j.press("o")
	j.at24(`✓ ` + want.Name + ` is off`)
	j.is(want)
}

// deletes deletes the webhook, for which its name is typed.
func (j *webhookJourney) deletes(w client.Webhook) {
	t := j.t
	t.Helper()
	j.press("d")
	j.at24(`Delete ` + w.Name + `\?`)
	j.types(w.Name)
	j.at24(`delete it: ` + w.Name)
	all, err := j.api.Webhooks(t.Context())
	require.NoError(t, err)
	assert.Len(t, all, 1, "not before it is confirmed")
	j.press("Enter")
	j.at24(`✓ deleted ` + w.Name)
	j.at24(`There is no webhook in this workspace yet`)
	all, err = j.api.Webhooks(t.Context())
	require.NoError(t, err)
	assert.Empty(t, all)
}

func (j *webhookJourney) webhook(id string) client.Webhook {
	j.t.Helper()
	w, err := j.api.Webhook(j.t.Context(), id)
	require.NoError(j.t, err)
	return w
}

// is checks that UP42 has a webhook like this.
func (j *webhookJourney) is(want client.Webhook) {
	j.t.Helper()
	got := j.webhook(want.ID)
	assert.False(j.t, got.UpdatedAt.Before(want.UpdatedAt))
	got.UpdatedAt = want.UpdatedAt
	assert.Equal(j.t, want, got)
	assert.Equal(j.t, want.Secret.Reveal(), got.Secret.Reveal())
}
