package client_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

func TestUnsure(t *testing.T) {
	page := map[string]string{"Content-Type": "text/html"}
	hangUp := answer{do: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }}
	half := answer{do: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.WriteHeader(http.StatusCreated)
	}}
	for name, tc := range map[string]struct {
		answer
		unsure bool
	}{
		"no answer":         {hangUp, true},
		"half an answer":    {half, true},
		"cut off":           {answer{status: 201, body: `{"data":{"id":`}, true},
		"nothing":           {answer{status: 201}, true},
		"nothing in it":     {ok("null"), true},
		"a page":            {answer{status: 200, header: page, body: "<html>"}, true},
		"a failure":         {answer{status: 500, body: `{"error":{"message":"sorry"}}`}, true},
		"a gateway's":       {answer{status: 502, header: page, body: "<html>"}, true},
		"waited too long":   {answer{status: 408}, true},
		"done, see there":   {answer{status: 303, header: map[string]string{"Location": "/elsewhere"}}, true},
		"sent to a login":   {answer{status: 302, header: map[string]string{"Location": "https://login.example"}}, true},
		"sent nowhere":      {answer{status: 302}, true},
		"half of it":        {ok(`{"id":"x"}`), true},
		"refused":           {answer{status: 422, body: `{"error":{"message":"no"}}`}, false},
		"refused inside":    {answer{status: 200, body: `{"data":null,"error":{"code":422,"message":"no"}}`}, false},
		"not accepted":      {answer{status: 401}, false},
		"put off for long":  {answer{status: 429, header: map[string]string{"Retry-After": "300"}}, false},
		"a page, not found": {answer{status: 404, header: page, body: "<html>"}, false},
		"sent on":           {answer{status: 307, header: map[string]string{"Location": "/elsewhere"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			same := []answer{tc.answer}
			u := newUP42(t, map[string][]answer{
				"GET " + hooks: {ok("[]"), {status: 403}}, "POST " + hooks: same, "POST " + hooks + "/a/tests": same, "GET " + hooks + "/a": {{status: 403}},
			})
			c := u.client(inWorkspace, inNoTime)
			_, err := c.CreateWebhook(t.Context(), client.Webhook{})
			require.Error(t, err)
			assert.Equal(t, tc.unsure, client.Unsure(err), "%v", err)
			const lookFirst = "look at the list before you try again"
			assert.Equal(t, tc.unsure, client.Advice(err) == lookFirst, client.Advice(err))

			_, err = c.TestWebhook(t.Context(), "a")
			require.Error(t, err)
			assert.Equal(t, tc.unsure, client.Unsure(err), "%v", err)
			if tc.unsure {
				assert.Contains(t, err.Error(), "it is not known whether UP42 sent the test events")
				assert.Contains(t, client.Advice(err), "see which test events came before you try again")
				assert.Len(t, u.of("POST", hooks), 1)
			}
			_, err = c.Webhook(t.Context(), "a")
			assert.False(t, client.Unsure(err), "to read changes nothing")
		})
	}
}

func TestACallThatWasNotSentIsNotDone(t *testing.T) {
	u := newUP42(t, nil)
	c := u.client(inWorkspace, func(o *client.Options) { o.Credentials = client.Credentials{Token: "t"} })
	u.Close()
	_, err := c.CreateWebhook(t.Context(), client.Webhook{})
	require.Error(t, err)
	assert.False(t, client.Unsure(err), "%v", err)
	assert.Contains(t, client.Advice(err), "check the network")

	u = newUP42(t, nil)
	u.refuse = func(string) *answer { return &answer{status: 403} }
	_, err = u.client(inWorkspace).CreateWebhook(t.Context(), client.Webhook{})
	require.Error(t, err)
	assert.False(t, client.Unsure(err), "it was not even signed in: %v", err)
}

func TestACancelledCallIsSettled(t *testing.T) {
	ctx, giveUp := context.WithCancel(t.Context())
	u := newUP42(t, map[string][]answer{"GET " + hooks: {ok("[]")}, "POST " + hooks: {{do: func(_ http.ResponseWriter, r *http.Request) {
		giveUp()
		<-r.Context().Done()
	}}}})
	_, err := u.client(inWorkspace, inNoTime).CreateWebhook(ctx, client.Webhook{})
	require.ErrorIs(t, err, context.Canceled)
	assert.True(t, client.NotDone(err), "%v", err)
	_, err = u.client(inWorkspace, inNoTime).CreateWebhook(ctx, client.Webhook{})
	require.ErrorIs(t, err, context.Canceled)
	assert.False(t, client.MayBeDone(err), "it was given up before: %v", err)
	assert.Len(t, u.of("POST", hooks), 1)
}
