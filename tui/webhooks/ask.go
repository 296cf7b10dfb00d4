package webhooks

import "time"

// askTime is how long a question waits for its answer.
const askTime = 5 * time.Second

// question is what a key asked before it does what it is for.
type question struct {
	about string
	until time.Time
}

// sure says whether a key asked this right before and was pressed again in time.
// Else it asks: words say what the key does when it is pressed again.
func (p *Page) sure(about, words string) bool {
	now := p.o.Now()
	if p.asked.about == about && now.Before(p.asked.until) {
		return true
	}
	p.asking = question{about, now.Add(askTime)}
	p.say(Hint, words)
	return false
}

// turn lets a key pass: only the next one answers what a key asked.
func (p *Page) turn() { p.asked, p.asking = p.asking, question{} }
