package roundtrip

import "time"

// deadline is a point in time that can move. Its zero value never passes.
type deadline struct {
	from  time.Time
	timer *time.Timer
}

// start sets the time that set counts from.
func (d *deadline) start() { d.from = time.Now() }

// set moves the deadline to a time after the start. It returns false, and sets
// nothing, if there is nothing to wait for.
func (d *deadline) set(after time.Duration) bool {
	if after <= 0 {
		return false
	}
	left := time.Until(d.from.Add(after))
	if d.timer == nil {
		d.timer = time.NewTimer(left)
	} else {
		d.timer.Reset(left)
	}
	return true
}

// passed returns the channel that receives when the deadline passes.
func (d *deadline) passed() <-chan time.Time {
	if d.timer == nil {
		return nil
	}
	return d.timer.C
}

func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}
