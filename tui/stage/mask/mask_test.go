package mask_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/fault"
	"github.com/up42/up42-webhooks/tui/stage/mask"
)

const id = "92ceac2c-9a3e-4c0e-8a52-1b1f3d0f7a11"

// The same text has the same stand-in, also in another run with the same key.
func TestStandInsAreStable(t *testing.T) {
	t.Parallel()
	s, again, other := mask.New([]byte("a")), mask.New([]byte("a")), mask.New([]byte("b"))
	for _, stand := range []func(*mask.StandIns, string) string{
		(*mask.StandIns).ID, (*mask.StandIns).Name, (*mask.StandIns).URL,
		func(s *mask.StandIns, text string) string { return s.Secret(client.Secret(text)).Reveal() },
	} {
		fake := stand(s, id)
		assert.NotEqual(t, id, fake)
		assert.Equal(t, fake, stand(s, id))
		assert.Equal(t, fake, stand(again, id))
		assert.NotEqual(t, fake, stand(other, id))
		assert.Equal(t, id, s.Real(fake))
		assert.Empty(t, stand(s, ""))
	}
	assert.Regexp(t, `^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`, s.ID(id))
	assert.Regexp(t, `^id-[0-9a-f]{10}$`, s.ID("my-order"))
	assert.Regexp(t, `^[A-Z][a-z]+ [A-Z][a-z]+ \d\d$`, s.Name("Project Nightfall"))
	assert.Regexp(t, `^https://[a-z-]+\.example/[0-9a-f]{6}$`, s.URL("https://hooks.acme.com/x?token=1"))
	assert.Equal(t, "unknown", s.Real("unknown"))
}

func TestBodies(t *testing.T) {
	t.Parallel()
	s := mask.New([]byte("a"))
	got := string(s.JSON([]byte(`{"event":"order.status","liveMode":true,"messageId":"m1","timestamp":"2026-03-14T12:00:00Z",
		"body":{"orderId":"` + id + `","status":"PLACED","price":1.50,"mail":"anna@acme.com","at":"2026-01-02T03:04:05Z",
		"links":["https://acme.com/a",null],"displayName":"Project Nightfall","x":{"y":"geheim"}}}`)))
	var m struct {
		Event, MessageID, Timestamp string
		Body                        map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(got), &m))
	assert.Equal(t, "order.status", m.Event)
	assert.Equal(t, "2026-03-14T12:00:00Z", m.Timestamp)
	assert.Equal(t, "PLACED", m.Body["status"])
	assert.Contains(t, got, `"price":1.50`)
	assert.Contains(t, got, "2026-01-02T03:04:05Z")
	assert.Equal(t, s.ID(id), m.Body["orderId"], "the row and the body have the same stand-in")
	for _, real := range []string{id, "anna", "acme", "Nightfall", "geheim", `"m1"`} {
		assert.NotContains(t, got, real)
	}
	for _, broken := range []string{"geheim", `{"a":"geheim"`, `{"a":1} geheim`, `{"a":geheim}`, "\x00\xff"} {
		assert.JSONEq(t, `"(hidden: the body is not JSON)"`, string(s.JSON([]byte(broken))), broken)
	}
	assert.Empty(t, s.JSON(nil))
}

// A log says the same with stand-ins, and is asked with them.
func TestALog(t *testing.T) {
	t.Parallel()
	s := mask.New([]byte("a"))
	e := receivertest.Order(id, "PLACED", receivertest.Named("Project Nightfall"))
	e.Headers = []receiver.Header{{Name: "Host", Value: "hooks.acme.com"}, {Name: "Date", Value: "today"}, {Name: "x-real-ip", Value: "10.1.2.3"}}
	e.Proof.Remote, e.Proof.Path, e.Webhook = "10.1.2.3:5", "/geheim", "webhook-1"
	e.Secret = "webhook-1"
	log := s.Options(tui.Options{Log: receivertest.NewLog(e)}).Log
	ctx := t.Context()
	all, err := log.Events(ctx, receiver.EventQuery{})
	require.NoError(t, err)
	require.Len(t, all, 1)
	shown, err := json.Marshal(all[0])
	require.NoError(t, err)
	text := string(shown) + string(all[0].Raw) + all[0].Proof.Remote + all[0].Proof.Path
	for _, h := range all[0].Headers {
		text += h.Value
	}
	for _, real := range []string{id, "Nightfall", "acme", "10.1.2.3", "geheim", "webhook-1"} {
		assert.NotContains(t, text, real)
	}
	assert.Contains(t, text, "today")
	assert.Equal(t, id, e.ID, "the event itself is not changed")

	fake, _ := all[0].Key()
	row, ok, err := log.Row(ctx, fake)
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, []string{fake.ID, all[0].DisplayName}, []string{row.ID, row.Name})
	found := 0
	match := func(e *receiver.Event) bool { return e.ID == fake.ID }
	for part, err := range receiver.Find(ctx, log, receiver.Search{Match: match, IDs: []string{fake.ID}}) {
		require.NoError(t, err)
		found += len(part.Events)
	}
	assert.Equal(t, 1, found)
}

// up42 is an account with one webhook.
type up42 struct {
	tui.API
	hook client.Webhook
	sent []client.Webhook
	gone []string
}

func (u *up42) Webhooks(context.Context) ([]client.Webhook, error) {
	return []client.Webhook{u.hook}, nil
}

func (u *up42) Webhook(_ context.Context, id string) (client.Webhook, error) {
	if id != u.hook.ID {
		return client.Webhook{}, assert.AnError
	}
	return u.hook, nil
}

func (u *up42) UpdateWebhook(_ context.Context, w client.Webhook) (client.Webhook, error) {
	u.sent = append(u.sent, w)
	return w, nil
}

func (u *up42) CreateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error) {
	w.ID = "new"
	return u.UpdateWebhook(ctx, w)
}

func (u *up42) DeleteWebhook(_ context.Context, id string) error {
	u.gone = append(u.gone, id)
	return nil
}

// What is sent to UP42 is real.
func TestTheAPI(t *testing.T) {
	t.Parallel()
	hook := client.Webhook{ID: "w1", Name: "Nightfall", URL: "https://hooks.acme.com/x", Secret: "geheim geheim", Events: []string{"order.status"}}
	u := &up42{hook: hook}
	var listed []client.Webhook
	s := mask.New([]byte("a"))
	o := s.Options(tui.Options{
		API: u, Listed: func(all []client.Webhook) { listed = all },
		Receiver:   tui.Receiver{Address: "127.0.0.1:9888", WebhookURL: func() string { return hook.URL }},
		PointsHere: func(url string) bool { return url == hook.URL },
	})
	ctx := t.Context()
	all, err := o.API.Webhooks(ctx)
	require.NoError(t, err)
	shown := all[0]
	assert.NotEqual(t, []string{hook.ID, hook.Name, hook.URL, hook.Secret.Reveal()}, []string{shown.ID, shown.Name, shown.URL, shown.Secret.Reveal()})
	assert.True(t, o.PointsHere(shown.URL))
	o.Listed(all)
	assert.Equal(t, []client.Webhook{hook}, listed, "the receiver needs the real secrets")

	shown.Active = true
	_, err = o.API.UpdateWebhook(ctx, shown)
	require.NoError(t, err)
	want := hook
	want.Active = true
	assert.Equal(t, want, u.sent[0], "what the user has not changed stays real")
	shown.Name = "Another"
	_, err = o.API.UpdateWebhook(ctx, shown)
	require.NoError(t, err)
	assert.Equal(t, "Another", u.sent[1].Name)
	_, err = o.API.CreateWebhook(ctx, client.Webhook{Name: "New", URL: o.Receiver.WebhookURL(), Secret: "made here"})
	require.NoError(t, err)
	assert.Equal(t, client.Webhook{ID: "new", Name: "New", URL: hook.URL, Secret: "made here"}, u.sent[2])
	require.NoError(t, o.API.DeleteWebhook(ctx, shown.ID))
	assert.Equal(t, []string{"w1"}, u.gone)
	one, err := o.API.Webhook(ctx, shown.ID)
	require.NoError(t, err)
	assert.Equal(t, shown.URL, one.URL)
}

// refusing is an account that refuses all calls, in words that name what is real.
type refusing struct {
	tui.API
	err error
}

func (r refusing) Webhooks(context.Context) ([]client.Webhook, error) { return nil, r.err }

func (r refusing) DeleteWebhook(context.Context, string) error { return r.err }

func (r refusing) Order(context.Context, string) (client.Order, error) { return client.Order{}, r.err }

func (r refusing) EventTypes(context.Context) ([]client.EventType, error) { return nil, r.err }

// Errors say what kind they are, and what to do, but nothing of what UP42 or the network says.
func TestErrorsOfTheAPI(t *testing.T) {
	t.Parallel()
	for words, err := range map[string]error{
		"UP42 answered 400: Bad Request; change what UP42 complains of, then try again": &client.Error{Status: 400, Message: "no webhook " + real, RequestID: real},
		"UP42 can't be found; check the network and the name of the host":               &net.DNSError{Name: real, IsNotFound: true},
		"the call failed; check the network, then try again":                            errors.New("get https://" + real),
		"UP42 did not answer in time; try again":                                        fmt.Errorf("%s: %w", real, context.DeadlineExceeded),
	} {
		api := mask.New([]byte("a")).Options(tui.Options{API: refusing{err: err}}).API
		_, listed := api.Webhooks(t.Context())
		_, asked := api.Order(t.Context(), "x")
		_, types := api.EventTypes(t.Context())
		for _, got := range []error{listed, asked, types, api.DeleteWebhook(t.Context(), "x")} {
			assert.NotContains(t, got.Error(), real)
			assert.Equal(t, words, fault.Of(got).Line())
			assert.ErrorIs(t, got, err, "what depends on its kind works as ever")
		}
	}
}
