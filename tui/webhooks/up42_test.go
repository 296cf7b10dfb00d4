package webhooks_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// up42 is a fake UP42 with webhooks in memory. Its calls take no time unless they
// are held.
type up42 struct {
	now func() time.Time
	log *receivertest.Log

	mu       sync.Mutex
	webhooks []client.Webhook
	types    []client.EventType
	made     int
	calls    []string
	// fail has the errors of calls, by their names.
	fail map[string]error
	// held are the calls that wait until they are released or given up.
	held map[string]chan struct{}
	// deliver changes a test event before it arrives. May be nil.
	deliver func(e *receiver.Event)
	// undelivered is UP42's message about test events that it can't deliver. If it
	// is empty, they are delivered.
	undelivered string
}

// unreachable is the error of a client if nothing answers.
func unreachable(cause syscall.Errno) error {
	return fmt.Errorf("call: %w", &net.OpError{
		Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}, Err: os.NewSyscallError("connect", cause),
	})
}

func newUP42(now func() time.Time, log *receivertest.Log) *up42 {
	return &up42{now: now, log: log, fail: map[string]error{}, held: map[string]chan struct{}{}, types: []client.EventType{
		{Name: "job.status", Title: "Job status"}, {Name: "order.status", Title: "Order status"},
	}}
}

// mine and other are webhooks of the workspace. mine leads to this receiver.
var (
	mine = client.Webhook{
		ID: "0b1f6bb4-1111-4a0e-8c53-a3dbe3b5d7a1", Name: "monitor", URL: publicURL, Events: []string{"job.status", "order.status"},
		Active: true, Secret: "the-first-secret", CreatedAt: noon.Add(-48 * time.Hour), UpdatedAt: noon.Add(-3 * time.Hour),
	}
	other = client.Webhook{
		ID: "0b1f6bb4-2222-4a0e-8c53-a3dbe3b5d7a1", Name: "staging orders", URL: "https://staging.example.com/up42/hooks/orders?tenant=7", Events: []string{"order.status"},
		CreatedAt: noon.Add(-24 * time.Hour), UpdatedAt: noon.Add(-24 * time.Hour),
	}
)

// having sets the webhooks.
func (u *up42) having(all ...client.Webhook) { u.webhooks = slices.Clone(all) }

func (u *up42) secrets() (all []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, w := range u.webhooks {
		if w.Secret != "" {
			all = append(all, w.Secret.Reveal())
		}
	}
	return all
}

// hold makes a call wait until release is called.
func (u *up42) hold(call string) (release func()) {
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

func (u *up42) begin(ctx context.Context, call string) error {
	u.mu.Lock()
	u.calls = append(u.calls, call)
	held, err := u.held[call], u.fail[call]
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

func (u *up42) at(id string) (int, error) {
	at := slices.IndexFunc(u.webhooks, func(w client.Webhook) bool { return w.ID == id })
	if at < 0 {
		return 0, &client.Error{Call: "read the webhook", Status: http.StatusNotFound, Message: "no such webhook"}
	}
	return at, nil
}

func (u *up42) Webhooks(ctx context.Context) ([]client.Webhook, error) {
	if err := u.begin(ctx, "list"); err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.webhooks), nil
}

func (u *up42) Webhook(ctx context.Context, id string) (client.Webhook, error) {
	if err := u.begin(ctx, "get"); err != nil {
		return client.Webhook{}, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	at, err := u.at(id)
	if err != nil {
		return client.Webhook{}, err
	}
	return u.webhooks[at], nil
}

func (u *up42) CreateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error) {
	if err := u.begin(ctx, "create"); err != nil {
		return client.Webhook{}, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.made++
	w.ID, w.CreatedAt, w.UpdatedAt = fmt.Sprintf("00000000-0000-4000-8000-%012d", u.made), u.now(), u.now()
	u.webhooks = append(u.webhooks, w)
	return w, nil
}

func (u *up42) UpdateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error) {
	if err := u.begin(ctx, "update"); err != nil {
		return client.Webhook{}, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	at, err := u.at(w.ID)
	if err != nil {
		return client.Webhook{}, err
	}
	w.UpdatedAt = u.now()
	u.webhooks[at] = w
	return w, nil
}

func (u *up42) DeleteWebhook(ctx context.Context, id string) error {
	if err := u.begin(ctx, "delete"); err != nil {
		return err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	at, err := u.at(id)
	if err != nil {
		return err
	}
	u.webhooks = slices.Delete(u.webhooks, at, at+1)
	return nil
}

func (u *up42) EventTypes(ctx context.Context) ([]client.EventType, error) {
	if err := u.begin(ctx, "types"); err != nil {
		return nil, err
	}
	return u.types, nil
}

// TestWebhook delivers into the log as the receiver would.
func (u *up42) TestWebhook(ctx context.Context, id string) (client.TestReport, error) {
	if err := u.begin(ctx, "test"); err != nil {
		return client.TestReport{}, err
	}
	w, err := u.Webhook(ctx, id)
	if err != nil {
		return client.TestReport{}, err
	}
	report := client.TestReport{StartedAt: u.now(), HasTests: true, Run: len(w.Events), Succeeded: len(w.Events)}
	for i, name := range w.Events {
		if u.undelivered != "" {
			report.Succeeded, report.Failed = 0, len(w.Events)
			report.Tests = append(report.Tests, client.Test{StartedAt: u.now(), EventName: name, MessageID: fmt.Sprintf("message-%d", i), Message: u.undelivered})
			continue
		}
		e := receivertest.Event(name, "", "", receivertest.At(u.now().Add(time.Duration(40+i)*time.Millisecond)), receivertest.Test, func(e *receiver.Event) {
			e.Secret, e.Webhook, e.MessageID = receiver.SecretRef(w.ID), w.ID, fmt.Sprintf("message-%d", i)
			e.Proof = receiver.Proof{Label: "up42-sig", Components: []string{"date", "digest"}, Digest: "sha-256", BodyCovered: true}
		})
		report.Tests = append(report.Tests, client.Test{StartedAt: u.now(), EventName: name, Success: true, MessageID: e.MessageID, Message: "Test request was successful!"})
		if u.deliver != nil {
			u.deliver(e)
		}
		u.log.Add(e)
	}
	return report, nil
}

func (u *up42) get(id string) client.Webhook {
	u.mu.Lock()
	defer u.mu.Unlock()
	at, err := u.at(id)
	if err != nil {
		return client.Webhook{}
	}
	return u.webhooks[at]
}

// change changes a webhook as somebody else would.
func (u *up42) change(id string, change func(*client.Webhook)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if at, err := u.at(id); err == nil {
		change(&u.webhooks[at])
	}
}

func (u *up42) remove(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.webhooks = slices.DeleteFunc(u.webhooks, func(w client.Webhook) bool { return w.ID == id })
}

// asked returns how often a call was made.
func (u *up42) asked(call string) (n int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, c := range u.calls {
		if c == call {
			n++
		}
	}
	return n
}
