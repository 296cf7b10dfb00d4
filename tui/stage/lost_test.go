package stage_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/tui/stage"
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

// wire leads to a simulated UP42. While it loses answers, webhooks are created, but neither the
// answer nor a later list comes back.
type wire struct {
	up42           *simulator.Simulator
	loses, created atomic.Bool
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	switch lost := w.loses.Load() && strings.HasSuffix(r.URL.Path, "/webhooks"); {
	case lost && r.Method == http.MethodPost:
		w.up42.ServeHTTP(httptest.NewRecorder(), r)
		w.created.Store(true)
		answer.WriteHeader(http.StatusBadGateway)
	case lost && w.created.Load():
		answer.WriteHeader(http.StatusForbidden)
	default:
		w.up42.ServeHTTP(answer, r)
	}
	return answer.Result(), nil
}

// A creation whose answer was lost is told of by the next list, in whatever mode.
func TestPresentingTellsOfALostCreation(t *testing.T) {
	const told, name = "UP42 has created ", "nightfall"
	for way, tc := range map[string]struct{ before, after []string }{
		"real, then stand-ins": {nil, []string{"P"}},
		"stand-ins, then real": {[]string{"P"}, []string{"P"}},
		"there and back":       {nil, []string{"P", "P"}},
		"only stand-ins":       {[]string{"P"}, []string{"r"}},
	} {
		t.Run(way, func(t *testing.T) {
			w := &wire{up42: simulator.New(simulator.Options{Seed: 1, Quiet: true})}
			onStage(t, 120, 36, "", func(r *rig) {
				r.Press("4")
				r.Press(tc.before...)
				r.Press("c", "ctrl+u", name)
				w.loses.Store(true)
				r.Press("ctrl+s")
				r.pass(time.Minute) // the client asks what became of it
				r.ShowsWords("it is not known whether the webhook was created")
				r.Press("esc", "esc")
				last := len(tc.after) - 1
				r.Press(tc.after[:last]...)
				w.loses.Store(false)
				r.Screen.Press(tc.after[last]) // before the page reads the list by itself
				r.pass(time.Second)
				r.Shows(told)
				if way == "real, then stand-ins" {
					r.Lacks(name)
				} else {
					r.Shows(told + name)
				}
			}, func(o *stage.Options) {
				api, err := client.New(client.Options{
					APIURL: "https://api.example", AuthURL: "https://auth.example", Transport: w, Now: o.Screen.Now,
					Credentials: client.Credentials{Username: simulator.Username, Password: simulator.Password},
				})
				require.NoError(t, err)
				t.Cleanup(api.Close)
				o.Screen.API = api
				o.Screen.Receiver.WebhookURL = func() string { return "https://hooks.acme.com/up42" }
			})
		})
	}
}

// A webhook that was deleted after all, although the answer was lost and UP42 listed it then, was
// deleted by nobody else.
func TestPresentingKnowsWhatWasTriedToDelete(t *testing.T) {
	onStage(t, 120, 36, "", func(r *rig) {
		up42 := r.stage.Set().Screen.API.(account).UP42
		up42.Fail["delete"] = &client.Error{Call: "delete the webhook", Status: http.StatusBadGateway}
		r.Press("4", "d", "monitor", "enter")
		r.Shows("could not delete monitor", "UP42 answered 502")
		delete(up42.Fail, "delete")
		r.Press("esc", "P", "P")
		up42.Remove(pagetest.Mine.ID)
		r.Press("d", "monitor", "enter")
		r.Shows("deleted monitor; u creates it again")
		assert.NotContains(t, r.View(), "somebody else")
	}, func(o *stage.Options) {
		up42 := pagetest.NewUP42(o.Screen.Now, o.World.(*world).log)
		up42.Have(pagetest.Mine)
		o.Screen.API = account{up42}
	})
}
