package filter

import (
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// holds says whether a subject has one of the term's values, or has none where
// it must not.
func (t *term) holds(s *Subject, now time.Time) bool {
	for i := range t.values {
		if t.values[i].holds(s, now) {
			return !t.not
		}
	}
	return t.not
}

func (v *value) holds(s *Subject, now time.Time) bool {
	switch v.key {
	case Text:
		return v.inWords(s.Words)
	case Status:
		return s.Status != "" && v.equals(s.Status.Canonical())
	case Class:
		return s.Status != "" && s.Class == v.class
	case Final:
		return s.Final == v.yes
	case Live:
		return s.Live == v.yes
	case Kind:
		return string(s.Kind) == v.want
	case Event:
		return s.Event != "" && v.equals(strings.ToLower(s.Event))
	case Verdict:
		return v.verdict(s)
	case Reason:
		return s.Reason != "" && v.equals(string(s.Reason))
	case ID:
		if whole, ok := strings.CutPrefix(v.want, exactly); ok {
			return strings.EqualFold(s.ID, whole)
		}
		return prefixFold(s.ID, v.want)
	case Webhook:
		return prefixFold(s.Webhook, v.want) || containsFold(s.WebhookName, v.want)
	case Secret:
		return string(s.Secret) == v.want
	case Name:
		return containsFold(s.Name, v.want)
	case Type:
		return containsFold(s.Type, v.want)
	case Host:
		return containsFold(s.Host, v.want)
	case Seq:
		return v.lo <= s.Seq && s.Seq <= v.hi
	case Since:
		return !s.At.IsZero() && !s.At.Before(v.moment(now))
	case Until:
		return !s.At.IsZero() && !s.At.After(v.moment(now))
	default:
		return false
	}
}

func (v *value) equals(s string) bool {
	if v.like {
		return matches(v.want, s)
	}
	return s == v.want
}

func (v *value) inWords(words []string) bool {
	for _, w := range words {
		if containsFold(w, v.want) {
			return true
		}
	}
	return false
}

// verdict compares a row by its trust: verified and trusted are worth the same.
func (v *value) verdict(s *Subject) bool {
	if s.Verdict != "" {
		return string(s.Verdict) == v.want
	}
	return s.Trust != receiver.NoTrust && s.Trust == v.trust
}
