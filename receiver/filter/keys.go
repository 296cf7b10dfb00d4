package filter

import (
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Key names the property that a word of an expression asks about.
type Key string

// The keys. [Text] is the key of a word without a key.
const (
	Text    Key = ""
	Status  Key = "status"
	Is      Key = "is"
	Class   Key = "class"
	Final   Key = "final"
	Live    Key = "live"
	Kind    Key = "kind"
	Event   Key = "event"
	Verdict Key = "verdict"
	Reason  Key = "reason"
	ID      Key = "id"
	Task    Key = "task"
	Webhook Key = "webhook"
	Secret  Key = "secret"
	Name    Key = "name"
	Type    Key = "type"
	Host    Key = "host"
	Seq     Key = "seq"
	Since   Key = "since"
	Until   Key = "until"
)

// keyInfo is all that the package, completion and help know of a key, except how it
// matches: see [value.matches].
type keyInfo struct {
	key Key
	in  scope
	// values are those that completion proposes, and that a mistyped one is compared
	// with. Nil if the key takes any text.
	values []string
	// open keys also take other values than values: UP42 may add some.
	open bool
	// read reads a value. It may return [errValue].
	read func(v *value, known []string) error
	// short fits the help on the screen: at most 24 cells.
	short string
	// long is for documents.
	long string
}

// scope says which lists a key can filter.
type scope uint8

const (
	inEvents scope = 1 << iota
	inRows
	inUndelivered

	everywhere = inEvents | inRows | inUndelivered
)

// keyInfos is the table of keys. Those that are used most come first: a short list on the screen has
// no room for all.
//
// To add a key, add its constant and its line here, its case in [value.matches], and its
// line in cmd/up42hooks/README.md. If it asks about something new, also add a field to
// [Subject], and fill it in subject.go and in the page of tui that knows it (tui/feed,
// tui/status or tui/undelivered).
var keyInfos = [...]keyInfo{
	{
		Status, everywhere, statuses(), true, readStatus, "FAILED, PLACED or *FULF*",
		"the status or the sub-status; upper and lower case, _ and space count alike; * stands for anything",
	},
	{
		Is, everywhere, append(classes(), "final", "live", "test"), false, readIs, "failed, waiting, final",
		list(append(classes(), "final", "live", "test")) + "; final alone is short for is:final",
	},
	{
		Verdict, everywhere, texts(receiver.Verdicts()...), false, readVerdict, "verified, rejected",
		"verified, trusted, partial, unsigned or rejected",
	},
	{
		Reason, inEvents, texts(receiver.Reasons()...), false, readReason, "why it was rejected",
		"the reason of a rejection; * stands for anything",
	},
	{Host, everywhere, nil, true, readText, "a part of its data host", "a part of its data host"},
	{Name, everywhere, nil, true, readText, "a part of its name", "a part of the order's or job's name"},
	{ID, everywhere, nil, true, readText, "how it begins", "the beginning of the id; id:=X matches X only"},
	{Type, everywhere, nil, true, readText, "a part of its type", "a part of its type"},
	{
		Since, everywhere, nil, true, readMoment, "10m, 2d or 2026-01-31",
		"this long ago or later: 10m, 2d, 1h30m; or since today, yesterday, 2026-01-31 or 2026-01-31T12:00:00Z (in UTC)",
	},
	{Until, everywhere, nil, true, readMoment, "this long ago or earlier", "this long ago or earlier, or until a time"},
	{
		Event, inEvents | inUndelivered, receiver.EventNames(), true, readPattern, "the event's name",
		"the event's name, such as order.status; * stands for anything",
	},
	{Live, everywhere, booleans(), false, readBool, "true; false for a test", "true or false; a test event is not live"},
	{Kind, everywhere, texts(receiver.Kinds()...), false, readChoice, strings.Join(texts(receiver.Kinds()...), ", "), strings.Join(texts(receiver.Kinds()...), " or ")},
	{Class, everywhere, classes(), false, readClass, "a class, such as failed", list(classes())},
	{Final, everywhere, booleans(), false, readBool, "true if it is over", "true or false"},
	{Task, inEvents | inUndelivered, nil, true, readPattern, "how its task's id begins", "the beginning of the id of the job's task that the event is about; task:* is any task"},
	{Webhook, inEvents, nil, true, readText, "its id or name", "the beginning of the webhook's id, or a part of its name"},
	{Secret, inEvents, nil, true, readExact, "which one matched", "the index or the name of the secret that matched"},
	{Seq, everywhere, nil, true, readSeq, ">100 or 100..200", "the sequence number: 100, >100, >=100, <100, <=100 or 100..200"},
}

// statuses returns the statuses of all kinds, each once.
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

func classes() (all []string) {
	for _, c := range receiver.Classes() {
		all = append(all, c.Word())
	}
	return all
}

// list lists words in a sentence: "a, b or c".
func list(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func booleans() []string { return []string{"true", "false"} }

// matches reports whether a subject has this value. It is a switch and not a function
// of the table: a function value would move every Subject to the heap, and a filter is
// applied to 100,000 rows for each key that is pressed (BenchmarkMatch).
func (v *value) matches(s *Subject, now time.Time) bool {
	switch v.key {
	case Text:
		return v.isIn(s.Words)
	case Status:
		return s.Status != "" && v.equals(s.Status.Canonical()) || s.SubStatus != "" && v.equals(s.SubStatus.Canonical())
	case Class:
		return (s.Status != "" || s.Trust != receiver.NoTrust) && s.Class == v.class
	case Final:
		return s.Final == v.yes
	case Live:
		return s.Live == v.yes
	case Kind:
		return string(s.Kind) == v.want
	case Event:
		return s.Event != "" && v.equals(strings.ToLower(s.Event))
	case Verdict:
		return v.equalsVerdict(s)
	case Reason:
		return s.Reason != "" && v.equals(string(s.Reason))
	case Seq:
		return v.low <= s.Seq && s.Seq <= v.high
	case Since:
		return !s.At.IsZero() && !s.At.Before(v.moment(now))
	case Until:
		return !s.At.IsZero() && !s.At.After(v.moment(now))
	default:
		return v.names(s)
	}
}

// names is matches for the keys of ids and names.
func (v *value) names(s *Subject) bool {
	switch v.key {
	case ID:
		if whole, ok := strings.CutPrefix(v.want, exactly); ok {
			return strings.EqualFold(s.ID, whole)
		}
		return prefixFold(s.ID, v.want)
	case Task:
		return s.Task != "" && (v.pattern && matchesPattern(v.want, strings.ToLower(s.Task)) || prefixFold(s.Task, v.want))
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
	default:
		return false
	}
}

func (v *value) isIn(words []string) bool {
	for _, w := range words {
		if containsFold(w, v.want) {
			return true
		}
	}
	return false
}

// exactly is the first character of an id that is meant as a whole.
const exactly = "="

// equalsVerdict compares the verdict of a delivery, or the trust of a row. Verified and
// trusted have the same trust, so a row matches both.
func (v *value) equalsVerdict(s *Subject) bool {
	if s.Verdict != "" {
		return string(s.Verdict) == v.want
	}
	return s.Trust != receiver.NoTrust && s.Trust == v.trust
}

// Keys returns all keys except [Text].
func Keys() []Key { return keysIn(everywhere) }

// RowKeys returns the keys that can filter rows, see [Filter.Row].
func RowKeys() []Key { return keysIn(inRows) }

// UndeliveredKeys returns the keys that can filter events that a target did not get.
func UndeliveredKeys() []Key { return keysIn(inUndelivered) }

func keysIn(s scope) (keys []Key) {
	for i := range keyInfos {
		if keyInfos[i].in&s != 0 {
			keys = append(keys, keyInfos[i].key)
		}
	}
	return keys
}

// info returns the key's line of the table. It is nil for [Text], and for a key that
// does not exist.
func (k Key) info() *keyInfo {
	for i := range keyInfos {
		if keyInfos[i].key == k {
			return &keyInfos[i]
		}
	}
	return nil
}

// Values returns the values that the key takes: for status and event those that UP42
// documents. It is empty if the key takes any text.
func (k Key) Values() []string {
	if info := k.info(); info != nil {
		return slices.Clone(info.values)
	}
	return nil
}

// open reports whether the key knows values, but takes others as well.
func (k Key) open() bool {
	info := k.info()
	return info != nil && info.open && info.values != nil
}

// Help describes which values the key takes: short in at most 24 cells for a list of
// keys, long for documents.
func (k Key) Help() (short, long string) {
	if info := k.info(); info != nil {
		return info.short, info.long
	}
	return "", ""
}

func texts[S ~string](words ...S) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}
