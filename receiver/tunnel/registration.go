package tunnel

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// ErrGone is the error of UpdateWebhook for a webhook that does not exist.
var ErrGone = errors.New("there is no such webhook")

// API is what a Registration needs of UP42. It makes one call at a time.
type API interface {
	// CreateWebhook returns the id of the new webhook. After an error, the webhook may
	// have been created all the same.
	CreateWebhook(ctx context.Context, w Webhook) (id string, err error)
	// UpdateWebhook replaces a webhook. The error wraps ErrGone if somebody deleted it.
	UpdateWebhook(ctx context.Context, id string, w Webhook) error
	// DeleteWebhook deletes a webhook. It returns nil if the webhook does not exist.
	DeleteWebhook(ctx context.Context, id string) error
	// FindWebhooks returns the ids of all webhooks with exactly this name.
	FindWebhooks(ctx context.Context, name string) (ids []string, err error)
}

// Webhook describes the webhook of a Registration.
type Webhook struct {
	Name, URL, Secret string
	Events            []string
	// Active is false while there is no tunnel.
	Active bool
}

// String leaves the secret out.
func (w Webhook) String() string { return w.Name + " at " + w.URL }

// GoString leaves the secret out.
func (w Webhook) GoString() string { return w.String() }

// RegistrationOptions configure a Registration. All except Name are required.
type RegistrationOptions struct {
	API API
	// Journal is the path of a file in an existing folder. Only one process may use it at
	// a time.
	Journal string
	// Account identifies the account or workspace in the journal: the webhooks of other
	// accounts can't be removed with this API. It is not secret.
	Account string
	// Path is added to the URL of the tunnel. It starts with a slash.
	Path string
	// Secret is the secret of the webhook. The receiver must know it. It is not written
	// to the journal.
	Secret string
	// Events returns the events that the webhook subscribes to. It is called before each
	// change of the webhook.
	Events func(context.Context) ([]string, error)
	// Name is the beginning of the name of the webhook. Empty is "up42hooks tunnel".
	Name string
}

// Registration keeps one UP42 webhook pointed at a tunnel. Call [Registration.RemoveLeftovers]
// at the start, [Registration.Update] for each URL, and [Registration.Remove] at the end. It
// is safe for concurrent use.
type Registration struct {
	o       RegistrationOptions
	journal journal

	mu  sync.Mutex
	own *entry  // the webhook of this run; nil without a webhook
	url string  // where it points; "" if it may not be active
	was Webhook // what it was told to be last
}

// NewRegistration makes a Registration. It does not call the API yet.
func NewRegistration(o RegistrationOptions) *Registration {
	if o.Name == "" {
		o.Name = "up42hooks tunnel"
	}
	return &Registration{o: o, journal: journal{o.Journal}}
}

// ID returns the id of the webhook. It is empty without a webhook.
func (r *Registration) ID() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.own == nil {
		return ""
	}
	return r.own.ID
}

// RemoveLeftovers removes the webhooks that earlier runs left in this account, and returns
// their number. What can't be removed stays in the journal.
func (r *Registration) RemoveLeftovers(ctx context.Context) (removed int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entries, err := r.journal.read()
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if e.Account != r.o.Account || r.own != nil && e.Name == r.own.Name {
			continue
		}
		n, failed := r.remove(ctx, e)
		removed += n
		err = errors.Join(err, failed)
	}
	return removed, err
}

// Update points the webhook at the URL of a tunnel. It creates the webhook first if necessary.
// It can be called again after an error.
func (r *Registration) Update(ctx context.Context, url string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if url == "" || url == r.url {
		return nil
	}
	if err := r.adopt(ctx); err != nil {
		return fmt.Errorf("find the webhook of the tunnel: %w", err)
	}
	events, err := r.o.Events(ctx)
	if err != nil {
		return fmt.Errorf("find the events for the webhook of the tunnel: %w", err)
	}
	w := Webhook{URL: url + r.o.Path, Secret: r.o.Secret, Events: events, Active: true}
	if r.own != nil && r.own.ID != "" {
		w.Name = r.own.Name
		err := r.o.API.UpdateWebhook(ctx, r.own.ID, w)
		if err == nil {
			r.url, r.was = url, w
			return nil
		}
		if !errors.Is(err, ErrGone) {
			return fmt.Errorf("point the webhook of the tunnel at %s: %w", w.URL, err)
		}
		if err := r.forget(*r.own); err != nil {
			return err
		}
	}
	return r.create(ctx, url, w)
}

// Pause makes the webhook inactive, because its URL leads nowhere. Update makes it active
// again. Without a webhook it does nothing. It can be called again after an error.
func (r *Registration) Pause(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.own == nil || !r.was.Active {
		return nil
	}
	if err := r.adopt(ctx); err != nil {
		return fmt.Errorf("find the webhook of the tunnel: %w", err)
	}
	if r.own.ID == "" {
		return nil
	}
	r.url = ""
	w := r.was
	w.Active = false
	switch err := r.o.API.UpdateWebhook(ctx, r.own.ID, w); {
	case errors.Is(err, ErrGone):
		return r.forget(*r.own)
	case err != nil:
		return fmt.Errorf("make the webhook of the tunnel inactive: %w", err)
	}
	r.was = w
	return nil
}

// create writes a webhook to the journal and creates it.
func (r *Registration) create(ctx context.Context, url string, w Webhook) error {
	if r.own == nil {
		e := entry{Account: r.o.Account, Name: r.o.Name + " " + uniqueToken()}
		if err := r.save(e); err != nil {
			return err
		}
		r.own = &e
	}
	w.Name = r.own.Name
	r.was = w
	id, err := r.o.API.CreateWebhook(ctx, w)
	if err != nil {
		return fmt.Errorf("create a webhook for %s: %w", w.URL, err)
	}
	r.own.ID, r.url = id, url
	// If this fails, the journal still has the name, by which the webhook can be found.
	return r.save(*r.own)
}

// adopt looks for the webhook by its name, if its id is not known: an earlier call may have
// created it although its answer was lost.
func (r *Registration) adopt(ctx context.Context) error {
	if r.own == nil || r.own.ID != "" {
		return nil
	}
	ids, err := r.o.API.FindWebhooks(ctx, r.own.Name)
	if err != nil || len(ids) == 0 {
		return err
	}
	r.own.ID = ids[0]
	return r.save(*r.own)
}

// Remove removes the webhook, if there is one. After an error it stays in the journal, for
// the next RemoveLeftovers.
func (r *Registration) Remove(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.own == nil {
		return nil
	}
	_, err := r.remove(ctx, *r.own)
	return err
}

// remove removes the webhooks of an entry from UP42, and then the entry. It also looks for
// them by name, because a call that failed may have created one.
func (r *Registration) remove(ctx context.Context, e entry) (removed int, err error) {
	ids, err := r.o.API.FindWebhooks(ctx, e.Name)
	if err != nil {
		return 0, fmt.Errorf("find the webhook %q to remove it: %w", e.Name, err)
	}
	removed = len(ids)
	if e.ID != "" && !slices.Contains(ids, e.ID) { // it is gone or renamed
		ids = append(ids, e.ID)
	}
	for i, id := range ids {
		if err := r.o.API.DeleteWebhook(ctx, id); err != nil {
			return min(i, removed), fmt.Errorf("remove the webhook %q: %w", e.Name, err)
		}
	}
	return removed, r.forget(e)
}

// save adds an entry to the journal, or replaces it there.
func (r *Registration) save(e entry) error {
	entries, err := r.journal.read()
	if err != nil {
		return err
	}
	return r.journal.write(append(without(entries, e), e))
}

// forget removes an entry from the journal.
func (r *Registration) forget(e entry) error {
	entries, err := r.journal.read()
	if err != nil {
		return err
	}
	if err := r.journal.write(without(entries, e)); err != nil {
		return err
	}
	if r.own != nil && r.own.Name == e.Name {
		r.own, r.url = nil, ""
	}
	return nil
}

func without(entries []entry, e entry) []entry {
	return slices.DeleteFunc(entries, func(o entry) bool { return o.Account == e.Account && o.Name == e.Name })
}

// uniqueToken makes a name unique.
func uniqueToken() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}
