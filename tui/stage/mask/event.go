package mask

import (
	"net/textproto"
	"slices"
	"strconv"

	"github.com/up42/up42-webhooks/receiver"
)

// openHeaders are the headers that say nothing about anybody.
var openHeaders = []string{
	"Accept", "Accept-Encoding", "Connection", "Content-Digest", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Digest",
	"Signature", "Signature-Input", "User-Agent",
}

// Event returns a copy of an event with stand-ins.
func (s *StandIns) Event(e *receiver.Event) *receiver.Event {
	if e == nil {
		return nil
	}
	s.ID(e.ID) // the screen asks with it
	s.ID(e.Webhook)
	return s.event(e)
}

// event does not remember what the stand-ins are for.
func (s *StandIns) event(e *receiver.Event) *receiver.Event {
	out := *e
	out.ID, out.TaskID, out.MessageID, out.Webhook = s.id(e.ID), s.id(e.TaskID), s.id(e.MessageID), s.id(e.Webhook)
	out.DisplayName, out.TaskName = s.name(e.DisplayName), s.name(e.TaskName)
	out.Secret, out.Origin = s.secretRef(e.Secret), s.name(e.Origin)
	out.Raw, out.Body = s.JSON(e.Raw), s.JSON(e.Body)
	out.Headers = s.headers(e.Headers)
	out.Proof.Path = s.path(e.Proof.Path)
	if e.Proof.Remote != "" {
		out.Proof.Remote = "192.0.2.1:443"
	}
	return &out
}

// secretRef keeps an index. A name is that of a webhook.
func (s *StandIns) secretRef(r receiver.SecretRef) receiver.SecretRef {
	if _, err := strconv.Atoi(string(r)); err == nil {
		return r
	}
	return receiver.SecretRef(s.id(string(r)))
}

// path hides a path that may be a secret of its own.
func (s *StandIns) path(path string) string {
	const usual = "/receive-webhooks"
	if path == "" || path == usual {
		return path
	}
	return "/hidden"
}

func (s *StandIns) headers(headers []receiver.Header) []receiver.Header {
	out := slices.Clone(headers)
	for i, h := range out {
		if !slices.Contains(openHeaders, textproto.CanonicalMIMEHeaderKey(h.Name)) {
			out[i].Value = s.any(h.Value)
		}
	}
	return out
}

func (s *StandIns) events(all []*receiver.Event) []*receiver.Event {
	out := make([]*receiver.Event, len(all))
	for i, e := range all {
		out[i] = s.Event(e)
	}
	return out
}

// row returns a copy of a row with stand-ins.
func (s *StandIns) row(r receiver.Row) receiver.Row {
	r.ID, r.Name = s.ID(r.ID), s.name(r.Name)
	r.Tasks = slices.Clone(r.Tasks)
	for i := range r.Tasks {
		r.Tasks[i].ID, r.Tasks[i].Name = s.id(r.Tasks[i].ID), s.name(r.Tasks[i].Name)
	}
	return r
}
