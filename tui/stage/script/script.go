// Package script reads the scripts of a stage: what is to happen in the simulated world, which
// keys are pressed, and what the audience reads meanwhile. The format is described in
// tui/stage/README.md.
package script

import (
	"fmt"
	"time"
)

// Verb is the first word of a line.
type Verb string

// The verbs.
const (
	Title   Verb = "title"   // the name of the script or of a part of it
	Caption Verb = "caption" // what the audience reads; it begins a step
	Wait    Verb = "wait"    // time that goes by
	Stop    Verb = "stop"    // until the speaker presses space
	Sees    Verb = "sees"    // until the screen shows a text
	Play    Verb = "play"    // another script

	Press Verb = "press" // keys of the screen
	Type  Verb = "type"  // text into what is open on the screen

	Order   Verb = "order"   // makes an order
	Job     Verb = "job"     // makes a job
	To      Verb = "to"      // moves an order or a job to another status
	Hold    Verb = "hold"    // UP42 keeps deliveries back
	Release Verb = "release" // UP42 sends them
	Resend  Verb = "resend"  // UP42 tries again at once what was not taken
	Outage  Verb = "outage"  // the receiver can't be reached
	Recover Verb = "recover" // it can be reached again
	Target  Verb = "target"  // the target of forwarding fails, or works again
	Storm   Verb = "storm"   // many events at once
	Forge   Verb = "forge"   // a delivery that is not UP42's
)

// Command is a line of a script.
type Command struct {
	Verb Verb
	// Args are its words, of a caption or a text the whole text.
	Args []string
	// Time is the time of a wait, Number that of the events of a storm.
	Time   time.Duration
	Number int
	// File and Line are where it is written.
	File string
	Line int
}

// Text is the first argument.
func (c Command) Text() string {
	if len(c.Args) == 0 {
		return ""
	}
	return c.Args[0]
}

// Where names the file and the line.
func (c Command) Where() string { return fmt.Sprintf("%s:%d", c.File, c.Line) }

// Script is a script that was checked.
type Script struct {
	Name, Title string
	Commands    []Command
}

// Steps is how many captions the script has.
func (s *Script) Steps() (n int) {
	for i := range s.Commands {
		if s.Commands[i].Verb == Caption {
			n++
		}
	}
	return n
}

// Duration is how long the script takes at speed 1 if nobody presses a key: the time for reading
// captions, and the waits.
func (s *Script) Duration() (sum time.Duration) {
	for i := range s.Commands {
		sum += s.Commands[i].Takes()
	}
	return sum
}

// Takes is how long the command takes at speed 1.
func (c Command) Takes() time.Duration {
	switch c.Verb {
	case Caption:
		return ReadingTime(c.Text())
	case Wait:
		return c.Time
	default:
		return 0
	}
}

// ReadingTime is how long a caption is shown: so that it can be said aloud, word by word.
func ReadingTime(caption string) time.Duration {
	const look, letter = 4 * time.Second, 80 * time.Millisecond
	return look + time.Duration(len([]rune(caption)))*letter
}
