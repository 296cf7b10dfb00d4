package pagetest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// UP42 is a fake UP42 with webhooks in memory. Its calls take no time unless they
// are held.
type UP42 struct {
	now func() time.Time
	log *receivertest.Log

	mu    sync.Mutex
	All   []client.Webhook
	Types []client.EventType
	made  int
	Calls []string // the calls that were made
	// Fail has the errors of calls, by their names.
	Fail map[string]error
	// held are the calls that wait until they are released or given up.
	held map[string]chan struct{}
	// Hidden leaves the secrets out of all answers.
	Hidden bool
	// Deliver changes a test event before it arrives. May be nil.
	Deliver func(e *receiver.Event)
	// Undelivered is UP42's message about test events that it can't deliver. If it
	// is empty, they are delivered.
	Undelivered string
}

// NewUP42 makes one without webhooks. Its test events come into a log.
func NewUP42(now func() time.Time, log *receivertest.Log) *UP42 {
	return &UP42{now: now, log: log, Fail: map[string]error{}, held: map[string]chan struct{}{}, Types: []client.EventType{
		{Name: "job.status", Title: "Job status"}, {Name: "order.status", Title: "Order status"},
	}}
}

// Have sets the webhooks.
func (u *UP42) Have(all ...client.Webhook) { u.All = slices.Clone(all) }

func (u *UP42) secrets() (all []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, w := range u.All {
		if w.Secret != "" {
			all = append(all, w.Secret.Reveal())
		}
	}
	return all
}

// Hold makes a call wait until release is called.
func (u *UP42) Hold(call string) (release func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	c := make(chan struct{})
	u.held[call] = c
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.held, call)
		close(c)
	}
}

func (u *UP42) begin(ctx context.Context, call string) error {
	u.mu.Lock()
	u.Calls = append(u.Calls, call)
	held, err := u.held[call], u.Fail[call]
	u.mu.Unlock()
	if held != nil {
		select {
		case <-held:
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", call, ctx.Err())
		}
	}
	return err
}

// answer is a webhook as UP42 answers it.
func (u *UP42) answer(w client.Webhook) client.Webhook {
	if u.Hidden {
		w.Secret, w.SecretUnknown = "", true
	}
	return w
}

func (u *UP42) at(id string) (int, error) {
	at := slices.IndexFunc(u.All, func(w client.Webhook) bool { return w.ID == id })
	if at < 0 {
		return 0, &client.Error{Call: "read the webhook", Status: http.StatusNotFound, Message: "no such webhook"}
	}
	return at, nil
}

func (u *UP42) Webhooks(ctx context.Context) ([]client.Webhook, error) {
	if err := u.begin(ctx, "list"); err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	all := slices.Clone(u.All)
	for i := range all {
		all[i] = u.answer(all[i])
	}
	return all, nil
}

func (u *UP42) Webhook(ctx context.Context, id string) (client.Webhook, error) {
	if err := u.begin(ctx, "get"); err != nil {
		return client.Webhook{}, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	at, err := u.at(id)
	if err != nil {
		return client.Webhook{}, err
	}
	return u.answer(u.All[at]), nil
}

func (u *UP42) CreateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error) {
	if err := u.begin(ctx, "create"); err != nil {
		return client.Webhook{}, err
	}
	if w.SecretUnknown {
		return client.Webhook{}, client.ErrSecretUnknown
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.made++
	w.ID, w.CreatedAt, w.UpdatedAt = fmt.Sprintf("00000000-0000-4000-8000-%012d", u.made), u.now(), u.now()
	u.All = append(u.All, w)
	return u.answer(w), nil
}

func (u *UP42) UpdateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error) {
	if err := u.begin(ctx, "update"); err != nil {
		return client.Webhook{}, err
	}
	if w.SecretUnknown {
		return client.Webhook{}, client.ErrSecretUnknown
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	at, err := u.at(w.ID)
	if err != nil {
		return client.Webhook{}, err
	}
	w.UpdatedAt = u.now()
	u.All[at] = w
	return u.answer(w), nil
}

func (u *UP42) DeleteWebhook(ctx context.Context, id string) error {
	if err := u.begin(ctx, "delete"); err != nil {
		return err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	at, err := u.at(id)
	if err != nil {
		return err
	}
	u.All = slices.Delete(u.All, at, at+1)
	return nil
}

func (u *UP42) EventTypes(ctx context.Context) ([]client.EventType, error) {
	if err := u.begin(ctx, "types"); err != nil {
		return nil, err
	}
	if len(u.Types) == 0 {
		return nil, client.ErrNoEvents
	}
	return u.Types, nil
}

// TestWebhook delivers into the log as the receiver would.
func (u *UP42) TestWebhook(ctx context.Context, id string) (client.TestReport, error) {
	if err := u.begin(ctx, "test"); err != nil {
		return client.TestReport{}, err
	}
	w, err := u.Webhook(ctx, id)
	if err != nil {
		return client.TestReport{}, err
	}
	report := client.TestReport{StartedAt: u.now(), HasTests: true, Run: len(w.Events), Succeeded: len(w.Events)}
	for i, name := range w.Events {
		if u.Undelivered != "" {
			report.Succeeded, report.Failed = 0, len(w.Events)
			report.Tests = append(report.Tests, client.Test{StartedAt: u.now(), EventName: name, MessageID: fmt.Sprintf("message-%d", i), Message: u.Undelivered})
			continue
		}
		e := receivertest.Event(name, "", "", receivertest.At(u.now().Add(time.Duration(40+i)*time.Millisecond)), receivertest.Test, func(e *receiver.Event) {
			e.Secret, e.Webhook, e.MessageID = receiver.SecretRef(w.ID), w.ID, fmt.Sprintf("message-%d", i)
			e.Proof = receiver.Proof{Label: "up42-sig", Components: []string{"date", "digest"}, Digest: "sha-256", BodyCovered: true}
		})
		report.Tests = append(report.Tests, client.Test{StartedAt: u.now(), EventName: name, Success: true, MessageID: e.MessageID, Message: "Test request was successful!"})
		if u.Deliver != nil {
			u.Deliver(e)
		}
		u.log.Add(e)
	}
	return report, nil
}

func (u *UP42) Get(id string) client.Webhook {
	u.mu.Lock()
	defer u.mu.Unlock()
	at, err := u.at(id)
	if err != nil {
		return client.Webhook{}
	}
	return u.All[at]
}

// Change changes a webhook as somebody else would.
func (u *UP42) Change(id string, change func(*client.Webhook)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if at, err := u.at(id); err == nil {
		change(&u.All[at])
	}
}

func (u *UP42) Remove(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.All = slices.DeleteFunc(u.All, func(w client.Webhook) bool { return w.ID == id })
}

// Asked returns how often a call was made.
func (u *UP42) Asked(call string) (n int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, c := range u.Calls {
		if c == call {
			n++
		}
	}
	return n
}
