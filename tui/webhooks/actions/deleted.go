package actions

import (
	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// deleted are the webhooks that were deleted since the start, and can be created
// again. Calls may have been carried out although they failed or were given up:
// the next list shows which.
type deleted struct {
	say  note.Say
	keys *keymap.Map
	all  []client.Webhook // the last one was deleted last
	// undone: at least one of them was created again.
	undone bool
	// perhapsDeleted are webhooks that UP42 may have deleted, by their ids.
	perhapsDeleted map[string]client.Webhook
	// creating is a webhook that is being created again. May be nil.
	creating *client.Webhook
	// tried are the ids of webhooks that this page perhaps deleted: if one of them is gone
	// later, nobody else has done it.
	tried map[string]bool
	// perhapsCreated is a webhook that UP42 may have created again. May be nil.
	perhapsCreated *client.Webhook
}

// add notes that a webhook was deleted. It can't be created again if its secret is
// not known.
func (d *deleted) add(w client.Webhook) {
	if !w.SecretUnknown {
		d.all = append(d.all, w)
	}
}

// perhaps notes that UP42 may have deleted a webhook.
func (d *deleted) perhaps(w client.Webhook) {
	d.perhapsDeleted[w.ID], d.tried[w.ID] = w, true
}

// again reports whether a deleted webhook can be created again.
func (d *deleted) again(w client.Webhook) string {
	undo := keys.First(d.keys.Undo)
	if w.SecretUnknown {
		return undo + " can't create it again: its secret is not known"
	}
	return undo + " creates it again"
}

// take removes the webhook that was deleted last. It returns false, and says why,
// if none is left, or if it may exist again.
func (d *deleted) take() (w client.Webhook, ok bool) {
	last := len(d.all) - 1
	switch {
	case d.creating != nil:
		d.say.Hint("it is not known yet whether " + webhook.Name(*d.creating) + " exists again")
	case d.perhapsCreated != nil:
		d.say.Hint("it is not known yet whether " + webhook.Name(*d.perhapsCreated) + " exists again: " + keys.First(d.keys.Refresh) + " reads the list")
	case last < 0 && d.undone:
		d.say.Hint("nothing left to undo")
	case last < 0:
		d.say.Hint("nothing to undo: no webhook was deleted since the start")
	default:
		w, d.all = d.all[last], d.all[:last]
		return w, true
	}
	return client.Webhook{}, false
}

// check compares what may have happened with the list that UP42 gave.
func (d *deleted) check(now []client.Webhook) {
	ids := map[string]bool{}
	for _, w := range now {
		ids[w.ID] = true
	}
	for id, w := range d.perhapsDeleted {
		if !ids[id] {
			d.add(w)
			d.say.Info("UP42 has deleted " + webhook.Name(w) + " after all; " + d.again(w))
		}
	}
	clear(d.perhapsDeleted)

	w := d.perhapsCreated
	d.perhapsCreated = nil
	if w == nil {
		return
	}
	for _, n := range now {
		if n.Name == w.Name && n.URL == w.URL && (n.SecretUnknown || n.Secret == w.Secret) {
			d.undone = true
			return
		}
	}
	d.add(*w)
}
