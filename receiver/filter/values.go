package filter

import "github.com/up42/up42-webhooks/receiver"

// Values calls found with each value that a subject has of the keys whose values can be
// listed: not of ids, numbers and times, of which there are as many as subjects.
func (s *Subject) Values(found func(k Key, value string)) {
	for _, v := range [...]struct {
		key   Key
		value string
	}{
		{Status, string(s.Status)},
		{Kind, string(s.Kind)},
		{Event, s.Event},
		{Reason, string(s.Reason)},
		{Secret, string(s.Secret)},
		{Name, s.Name},
		{Type, s.Type},
		{Host, s.Host},
		{Webhook, s.WebhookName},
	} {
		if v.value != "" {
			found(v.key, v.value)
		}
	}
	if s.SubStatus != "" && s.SubStatus != s.Status {
		found(Status, string(s.SubStatus))
	}
	if s.WebhookName == "" && s.Webhook != "" {
		found(Webhook, s.Webhook)
	}
	s.states(found)
	s.verdicts(found)
}

// states calls found with the values of is, class, final and live.
func (s *Subject) states(found func(k Key, value string)) {
	if s.Status != "" || s.Trust != receiver.NoTrust {
		found(Class, s.Class.Word())
		found(Is, s.Class.Word())
	}
	found(Final, word(s.Final))
	found(Live, word(s.Live))
	if s.Final {
		found(Is, string(Final))
	}
	if s.Live {
		found(Is, string(Live))
	} else {
		found(Is, "test")
	}
}

// verdicts calls found with the verdict of a delivery, or with those that the trust of a row
// may come from.
func (s *Subject) verdicts(found func(k Key, value string)) {
	switch s.Verdict {
	case "":
	case receiver.Unknown: // no filter can ask for it
		return
	default:
		found(Verdict, string(s.Verdict))
		return
	}
	for _, v := range receiver.Verdicts() {
		if s.Trust != receiver.NoTrust && v.Trust() == s.Trust {
			found(Verdict, string(v))
		}
	}
}

func word(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// EventValues is [Subject.Values] for a delivery, whose webhook may have a name.
func EventValues(e *receiver.Event, webhookName string, found func(k Key, value string)) {
	s := Subject{
		Kind: e.Kind, Status: e.Status, SubStatus: e.SubStatus, Class: e.Class(), Final: e.Final, Live: e.LiveMode,
		Event: e.Name, Verdict: e.Verdict, Reason: e.Reason, Webhook: e.Webhook, WebhookName: webhookName, Secret: e.Secret,
		Name: e.DisplayName, Type: e.Type, Host: e.Host,
	}
	s.Values(found)
}

// RowValues is [Subject.Values] for a row.
func RowValues(r *receiver.Row, found func(k Key, value string)) {
	s := Subject{
		Kind: r.Kind, Status: r.Status, SubStatus: r.SubStatus, Class: r.Class(), Final: r.Final, Live: !r.Test, Trust: r.Trust,
		Name: r.Name, Type: r.Type, Host: r.Host,
	}
	s.Values(found)
}
