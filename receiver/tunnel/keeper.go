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

// ErrGone is the error of UpdateWebhook where there is no such webhook.
var ErrGone = errors.New("there is no such webhook")

// API is what a Keeper needs of UP42. It is only called one call after the other.
type API interface {
	// CreateWebhook returns the new webhook's id. An error does not say that the
	// webhook was not created.
	CreateWebhook(ctx context.Context, w Webhook) (id string, err error)
	// UpdateWebhook replaces a webhook. Its error wraps ErrGone where somebody
	// else deleted it.
	UpdateWebhook(ctx context.Context, id string, w Webhook) error
	// DeleteWebhook deletes a webhook. That it is not there is no error.
	DeleteWebhook(ctx context.Context, id string) error
	// FindWebhooks returns the ids of those of that very name.
	FindWebhooks(ctx context.Context, name string) (ids []string, err error)
}

// Webhook is what a Keeper says of its webhook. It is always active.
type Webhook struct {
	Name, URL, Secret string
	Events            []string
}

// String leaves the secret out.
func (w Webhook) String() string { return w.Name + " at " + w.URL }

// GoString leaves the secret out.
func (w Webhook) GoString() string { return w.String() }

// KeeperOptions configure a Keeper. All but Name must be there.
type KeeperOptions struct {
	API API
	// Journal is a file beside the store; its folder must be there. It belongs to
	// one process at a time, as the store does.
	Journal string
	// Account tells webhooks of one account or workspace from those of another:
	// only the former can be removed. It is no secret.
	Account string
	// Path is what the webhook's URL has behind that of the tunnel, from a slash
	// on.
	Path string
	// Secret is the webhook's; the receiver must know it. It is not journalled.
	Secret string
	// Events are what the webhook subscribes to.
	Events []string
	// Name is the beginning of the webhook's name; "": "up42hooks tunnel".
	Name string
}

// Keeper keeps one UP42 webhook pointed at a tunnel: [Keeper.Sweep] at the
// start, [Keeper.Point] each time that there is a URL, [Keeper.Remove] at the
// end. It is safe for concurrent use.
type Keeper struct {
	o       KeeperOptions
	journal journal

	mu  sync.Mutex
	own *entry // this run's
	url string // where it points
}

// NewKeeper makes a Keeper. It does nothing yet.
func NewKeeper(o KeeperOptions) *Keeper {
	if o.Name == "" {
		o.Name = "up42hooks tunnel"
	}
	return &Keeper{o: o, journal: journal{o.Journal}}
}

// ID is the webhook's id, "" where there is none.
func (k *Keeper) ID() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.own == nil {
		return ""
	}
	return k.own.ID
}

// Sweep removes what earlier runs left over in this account, and says how many
// webhooks that were. What can't be removed stays in the journal.
func (k *Keeper) Sweep(ctx context.Context) (removed int, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	entries, err := k.journal.read()
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if e.Account != k.o.Account || k.own != nil && e.Name == k.own.Name {
			continue
		}
		n, failed := k.remove(ctx, e)
		removed += n
		err = errors.Join(err, failed)
	}
	return removed, err
}

// Point has the webhook lead to a tunnel's URL, and creates it where there is
// none. After an error it can be called again.
func (k *Keeper) Point(ctx context.Context, url string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if url == "" || url == k.url {
		return nil
	}
	if k.own != nil && k.own.ID == "" {
		// Whether it was created is not known.
		if err := k.adopt(ctx); err != nil {
			return fmt.Errorf("look for the tunnel's webhook: %w", err)
		}
	}
	w := Webhook{URL: url + k.o.Path, Secret: k.o.Secret, Events: k.o.Events}
	if k.own != nil && k.own.ID != "" {
		w.Name = k.own.Name
		err := k.o.API.UpdateWebhook(ctx, k.own.ID, w)
		if err == nil {
			k.url = url
			return nil
		}
		if !errors.Is(err, ErrGone) {
			return fmt.Errorf("point the tunnel's webhook at %s: %w", w.URL, err)
		}
		if err := k.forget(*k.own); err != nil {
			return err
		}
	}
	return k.create(ctx, url, w)
}

// create journals a webhook and creates it.
func (k *Keeper) create(ctx context.Context, url string, w Webhook) error {
	if k.own == nil {
		e := entry{Account: k.o.Account, Name: k.o.Name + " " + token()}
		if err := k.note(e); err != nil {
			return err
		}
		k.own = &e
	}
	w.Name = k.own.Name
	id, err := k.o.API.CreateWebhook(ctx, w)
	if err != nil {
		return fmt.Errorf("create a webhook for %s: %w", w.URL, err)
	}
	k.own.ID, k.url = id, url
	// Its name is noted: it can be found by that.
	return k.note(*k.own)
}

// adopt finds out which webhook is ours, if any.
func (k *Keeper) adopt(ctx context.Context) error {
	ids, err := k.o.API.FindWebhooks(ctx, k.own.Name)
	if err != nil || len(ids) == 0 {
		return err
	}
	k.own.ID = ids[0]
	return k.note(*k.own)
}

// Remove removes the webhook, if there is one. What can't be removed stays in
// the journal, for the next Sweep.
func (k *Keeper) Remove(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.own == nil {
		return nil
	}
	_, err := k.remove(ctx, *k.own)
	return err
}

// remove removes an entry's webhooks from UP42 and then the entry. It looks for
// them by their name as well: a call that failed may have created one.
func (k *Keeper) remove(ctx context.Context, e entry) (removed int, err error) {
	ids, err := k.o.API.FindWebhooks(ctx, e.Name)
	if err != nil {
		return 0, fmt.Errorf("look for the webhook %q, to remove it: %w", e.Name, err)
	}
	removed = len(ids)
	if e.ID != "" && !slices.Contains(ids, e.ID) { // gone, or renamed
		ids = append(ids, e.ID)
	}
	for i, id := range ids {
		if err := k.o.API.DeleteWebhook(ctx, id); err != nil {
			return min(i, removed), fmt.Errorf("remove the webhook %q: %w", e.Name, err)
		}
	}
	return removed, k.forget(e)
}

// note puts an entry into the journal, in the place of what it says of it.
func (k *Keeper) note(e entry) error {
	entries, err := k.journal.read()
	if err != nil {
		return err
	}
	return k.journal.write(append(without(entries, e), e))
}

// forget takes an entry out of the journal.
func (k *Keeper) forget(e entry) error {
	entries, err := k.journal.read()
	if err != nil {
		return err
	}
	if err := k.journal.write(without(entries, e)); err != nil {
		return err
	}
	if k.own != nil && k.own.Name == e.Name {
		k.own, k.url = nil, ""
	}
	return nil
}

func without(entries []entry, e entry) []entry {
	return slices.DeleteFunc(entries, func(o entry) bool { return o.Account == e.Account && o.Name == e.Name })
}

// token makes a name nobody else's.
func token() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // which never fails
	return hex.EncodeToString(b[:])
}
