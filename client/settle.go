package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// settleTimeout bounds how long UP42 is asked what it has done, settleCancelled how much of
	// that comes after the caller gave the call up.
	settleTimeout   = 30 * time.Second
	settleCancelled = 5 * time.Second
)

// settleWaits are the waits before UP42 is asked what it has done, once more each time: the
// call may still be under way there, and a list may show a new webhook late.
var settleWaits = []time.Duration{0, 500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second}

// settle finds out whether UP42 has carried out a change that failed, by reading. look reports
// whether it was done. It is asked again, because what UP42 shows may be old. The result is nil
// if the change was done, else an error that says that it was not, or that this is not known.
func (c *Client) settle(ctx context.Context, ch change, failed error, look func(context.Context) (done bool, err error)) error {
	reading, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(settleCancelled, cancel) })()
	unread := errors.New("there was no time to look")
	for _, wait := range settleWaits {
		if !c.sleep(reading, wait) {
			break
		}
		done, err := look(reading)
		if done {
			return nil
		}
		if unread = err; errors.As(err, new(ambiguous)) {
			break
		}
	}
	if unread != nil {
		return unsure{lostAnswer{failed, ch}, unread}
	}
	return undone{lostAnswer{failed, ch}}
}

// change is a kind of call that changes something at UP42, in the words of its outcome.
type change struct {
	not   string // that it was not done
	maybe string // that this is not known
	look  string // what to look at before it is tried again
}

var (
	creation   = change{"the webhook was not created", "it is not known whether the webhook was created", "look at the list before you try again"}
	alteration = change{"UP42 does not have the new settings of the webhook", "it is not known whether the webhook was changed", "look at the webhook; it is safe to try again"}
	deletion   = change{"the webhook was not deleted", "it is not known whether the webhook was deleted", "look at the list; it is safe to try again"}
	testing    = change{"the webhook was not tested", "it is not known whether UP42 sent the test events", "see which test events came before you try again"}
)

// ambiguous is the error of a list that has several webhooks of which each may be the one that
// was created.
type ambiguous struct{ ids []string }

func (a ambiguous) Error() string {
	return fmt.Sprintf("%d new webhooks are like it: %s", len(a.ids), oneLine(strings.Join(a.ids, ", "), 300))
}

// newWebhook recognizes a webhook that a call may have created: it was not there before, and
// has all settings that were sent, also the secret if UP42 shows it.
type newWebhook struct {
	wanted Webhook
	before []Webhook
}

// in returns the webhook if a list has it. The error is ambiguous if several may be it.
func (n newWebhook) in(now []Webhook) (found Webhook, ok bool, err error) {
	var like []Webhook
	for i := range now {
		known := slices.ContainsFunc(n.before, func(old Webhook) bool { return old.ID == now[i].ID })
		if !known && sameSettings(&now[i], &n.wanted) {
			like = append(like, now[i])
		}
	}
	switch len(like) {
	case 0:
		return found, false, nil
	case 1:
		return like[0], true, nil
	}
	var ids []string
	for _, w := range like {
		ids = append(ids, w.ID)
	}
	return found, false, ambiguous{ids}
}

// sameSettings reports whether a webhook at UP42 has the settings that were sent. A secret that
// UP42 does not show may be any.
func sameSettings(has, sent *Webhook) bool {
	return strings.TrimSpace(has.Name) == strings.TrimSpace(sent.Name) && has.URL == sent.URL && has.Active == sent.Active &&
		(has.SecretUnknown || has.Secret == sent.Secret) &&
		slices.Equal(slices.Sorted(slices.Values(has.Events)), slices.Sorted(slices.Values(sent.Events)))
}

// errSecretHidden is why it is not known whether a secret was changed.
var errSecretHidden = errors.New("UP42 does not show its secret, nor when it was changed")

// changedTo reports whether a webhook has the settings that were sent. sent has the time of the
// last change before.
func changedTo(has, sent *Webhook) (done bool, err error) {
	switch {
	case !sameSettings(has, sent):
		return false, nil
	case !has.SecretUnknown:
		return true, nil
	case has.UpdatedAt.IsZero() || sent.UpdatedAt.IsZero():
		return false, errSecretHidden
	case has.UpdatedAt.After(sent.UpdatedAt):
		return true, nil
	case has.UpdatedAt.Nanosecond() == 0: // UP42 may count in seconds, and this was one of them
		return false, errSecretHidden
	default:
		return false, nil
	}
}

// Created returns the webhook that a call of CreateWebhook has created, although it failed with
// err, if a list of webhooks that was read later has it.
func Created(err error, now []Webhook) (w Webhook, ok bool) {
	var c creationError
	if !errors.As(err, &c) {
		return w, false
	}
	w, ok, _ = c.newWebhook.in(now)
	return w, ok
}

// CreatedAs returns an error like err by which [Created] finds the webhook in lists that show all
// webhooks as show does. It is err itself if [Created] finds nothing by that.
func CreatedAs(err error, show func(Webhook) Webhook) error {
	var c creationError
	if !errors.As(err, &c) {
		return err
	}
	shown := newWebhook{wanted: show(c.wanted)}
	for _, w := range c.before {
		shown.before = append(shown.before, show(w))
	}
	return creationError{err, shown}
}

// creationError is the unsure error of a creation.
type creationError struct {
	error
	newWebhook
}

func (c creationError) Unwrap() error { return c.error }
