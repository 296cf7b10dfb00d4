package filter

// Key names the property that a word of an expression asks about.
type Key string

// The keys. See the table in keys.go. [Text] is the key of a word without a key.
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
	Webhook Key = "webhook"
	Secret  Key = "secret"
	Name    Key = "name"
	Type    Key = "type"
	Host    Key = "host"
	Seq     Key = "seq"
	Since   Key = "since"
	Until   Key = "until"
)
