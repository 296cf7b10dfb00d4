package receiver

import "time"

// rowJSON fixes the names and the order of the fields of a row in JSON.
type rowJSON struct {
	Kind       Kind         `json:"kind"`
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	Type       string       `json:"type"`
	Host       string       `json:"host"`
	Status     Status       `json:"status"`
	Final      bool         `json:"final"`
	LiveMode   bool         `json:"liveMode"`
	Trust      string       `json:"trust"`
	FirstSeen  time.Time    `json:"firstSeen"`
	LastChange time.Time    `json:"lastChange"`
	Events     int64        `json:"events"`
	Journey    []changeJSON `json:"journey"`
}

type changeJSON struct {
	Status  Status    `json:"status"`
	At      time.Time `json:"at"`
	Verdict string    `json:"verdict,omitempty"`
}

// MarshalJSON encodes the row as `jobs --json` and `orders --json` print it. A change
// by an event of less trust than the row's has the verdict of that event.
func (r Row) MarshalJSON() ([]byte, error) {
	out := rowJSON{
		Kind: r.Kind, ID: r.ID, Name: r.Name, Type: r.Type, Host: r.Host, Status: r.Status, Final: r.Final,
		LiveMode: r.Live, Trust: r.Trust.String(), FirstSeen: r.FirstSeen.UTC(), LastChange: r.LastChange.UTC(),
		Events: r.Events, Journey: []changeJSON{},
	}
	for _, u := range r.Journey() {
		c := changeJSON{Status: u.Status, At: u.At.UTC()}
		if u.Trust < r.Trust {
			c.Verdict = u.Trust.String()
		}
		out.Journey = append(out.Journey, c)
	}
	return marshal(out)
}
