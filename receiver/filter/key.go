package filter

import (
	"slices"

	"github.com/up42/up42-webhooks/receiver"
)

// Key is what a word asks about.
type Key string

// The keys. [Text] has no name: it is a word that stands alone.
const (
	Text    Key = ""
	Status  Key = "status"
	Class   Key = "class"
	Is      Key = "is"
	Final   Key = "final"
	Live    Key = "live"
	Kind    Key = "kind"
	Event   Key = "event"
	Verdict Key = "verdict"
	Reason  Key = "reason"
	ID      Key = "id"
	Webhook Key = "webhook"
	Secret  Key = "secret"
	Name    Key = "name"
	Type    Key = "type"
	Host    Key = "host"
	Seq     Key = "seq"
	Since   Key = "since"
	Until   Key = "until"
)

// Keys are all keys that have a name.
func Keys() []Key {
	return []Key{Status, Class, Is, Final, Live, Kind, Event, Verdict, Reason, ID, Webhook, Secret, Name, Type, Host, Seq, Since, Until}
}

// RowKeys are the keys that mean something to a row.
func RowKeys() []Key {
	return []Key{Status, Class, Is, Final, Live, Kind, Verdict, ID, Name, Type, Host, Seq, Since, Until}
}

// Values are what a key can be asked for: for status and event those that UP42
// documents, for a key that takes anything none.
func (k Key) Values() []string {
	switch k {
	case Status:
		return statuses()
	case Event:
		return receiver.EventNames()
	case Class:
		return classes()
	case Is:
		return append(Class.Values(), "final", "live", "test")
	case Final, Live:
		return []string{"true", "false"}
	case Kind:
		return texts(receiver.Kinds()...)
	case Verdict:
		return texts(receiver.Verdicts()...)
	case Reason:
		return texts(receiver.Reasons()...)
	default:
		return nil
	}
}

func classes() (all []string) {
	for _, c := range receiver.Classes() {
		all = append(all, c.Word())
	}
	return all
}

// statuses are the statuses of all kinds, each once.
func statuses() (all []string) {
	for _, k := range receiver.Kinds() {
		for _, s := range k.Statuses() {
			if !slices.Contains(all, string(s.Name)) {
				all = append(all, string(s.Name))
			}
		}
	}
	return all
}

func texts[S ~string](words ...S) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}
