package progress

import "time"

// state is how far a command has got, as a line of JSON says it.
type state struct {
	Doing string `json:"progress"`
	Unit  string `json:"unit"`
	Done  int64  `json:"done"`
	// Total is 0 if it is not known.
	Total int64 `json:"total"`
	// Rate is how much is done in a second, on average.
	Rate int64 `json:"rate"`
	// Left is how many seconds it takes until all is done; nil if that is not known.
	Left *int64 `json:"secondsLeft"`
}

func (p *Progress) state(took time.Duration) state {
	s := state{Doing: p.o.Doing, Unit: p.o.Unit, Done: p.done.Load(), Total: p.total.Load()}
	if took > 0 {
		s.Rate = int64(float64(s.Done) / took.Seconds())
	}
	if s.Total > 0 && s.Rate > 0 {
		left := max(0, s.Total-s.Done) / s.Rate
		s.Left = &left
	}
	return s
}
