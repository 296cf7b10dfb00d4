package doctor

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/roundtrip"
)

// A signature that does not match may have two causes: the running receiver has other secrets, or
// something has changed the test event on its way.
func TestATestEventThatWasChangedOnItsWay(t *testing.T) {
	e := examination{config: &config.Config{}, holder: &store.Holder{PID: 7}}
	r := roundtrip.Result{
		Webhook: client.Webhook{Name: "mine", Secret: "hush"},
		Events: []roundtrip.Event{{
			Name: "order.status", Sent: true, Arrived: true, Verdict: receiver.Rejected, Reason: signature.SignatureMismatch,
			Cause: "all of it", Altered: "The Host header was changed.",
		}},
	}
	all := e.aboutTest(&r)
	require.Len(t, all, 1)
	assert.Contains(t, all[0].Todo, "process 7, which receives now, probably does not")
	assert.Contains(t, all[0].Todo, "configuration file. The Host header was changed.")
	r.Webhook.Secret = ""
	assert.Equal(t, "all of it", e.aboutTest(&r)[0].Todo)
}
