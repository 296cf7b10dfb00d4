package script

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter/nearest"
)

// grammar is how the line of a verb is written.
type grammar struct {
	usage       string
	least, most int // how many words follow
	text        bool
	check       func(p *parser, c *Command) error
}

var grammars = map[Verb]grammar{
	Title:   {"title TEXT", 1, 1, true, checkLength},
	Caption: {"caption TEXT", 1, 1, true, checkLength},
	Wait:    {"wait DURATION, like 2s", 1, 1, false, checkWait},
	Stop:    {"stop", 0, 0, false, nil},
	Sees:    {"sees TEXT", 1, 1, true, nil},
	Play:    {"play NAME", 1, 1, false, nil},
	Press:   {"press KEY KEY …", 1, 100, false, checkKeys},
	Type:    {"type TEXT", 1, 1, true, nil},
	Order:   {"order NAME, or order NAME tasking", 1, 2, false, checkOrder},
	Job:     {"job NAME", 1, 1, false, checkNew},
	To:      {"to NAME STATUS, or to NAME STATUS SUBSTATUS", 2, 3, false, checkStatus},
	Hold:    {"hold", 0, 0, false, nil},
	Release: {"release", 0, 0, false, nil},
	Resend:  {"resend", 0, 0, false, nil},
	Outage:  {"outage", 0, 0, false, nil},
	Recover: {"recover", 0, 0, false, nil},
	Target:  {"target fails, or target works", 1, 1, false, oneOf("fails", "works")},
	Storm:   {"storm NUMBER, up to 10000", 1, 1, false, checkStorm},
	Forge:   {"forge KIND", 1, 1, false, oneOf(Forgeries()...)},
}

// Forgeries are the kinds of deliveries that the verb forge sends.
func Forgeries() []string {
	return []string{"tampered", "forged", "stale", "replayed", "recut", "unsigned"}
}

func verbs() (all []string) {
	for _, v := range slices.Sorted(maps.Keys(grammars)) {
		all = append(all, string(v))
	}
	return all
}

// unknown is the error of a word that is not one of these.
func unknown(what, word string, known []string) error {
	if near := nearest.Word(word, known); near != "" {
		return fmt.Errorf("unknown %s %q: did you mean %s?", what, word, near)
	}
	return fmt.Errorf("unknown %s %q: there are %s", what, word, strings.Join(known, ", "))
}

func oneOf(known ...string) func(*parser, *Command) error {
	return func(_ *parser, c *Command) error {
		if !slices.Contains(known, c.Text()) {
			return unknown("word", c.Text(), known)
		}
		return nil
	}
}

func checkLength(_ *parser, c *Command) error {
	if n := len([]rune(c.Text())); n > maxCaption {
		return fmt.Errorf("the text has %d characters, and %d fit on a screen of 80 columns", n, maxCaption)
	}
	return nil
}

func checkWait(_ *parser, c *Command) error {
	const longest = time.Hour
	d, err := time.ParseDuration(c.Text())
	if err != nil || d <= 0 || d > longest {
		return fmt.Errorf("wait %q: want a duration up to %v, like 2s", c.Text(), longest)
	}
	c.Time = d
	return nil
}

func checkStorm(_ *parser, c *Command) error {
	const most = 10_000
	n, err := strconv.Atoi(c.Text())
	if err != nil || n < 1 || n > most {
		return fmt.Errorf("storm %q: want a number of events from 1 to %d", c.Text(), most)
	}
	c.Number = n
	return nil
}

func checkOrder(p *parser, c *Command) error {
	if len(c.Args) == 2 && c.Args[1] != "tasking" && c.Args[1] != "archive" {
		return unknown("kind of order", c.Args[1], []string{"archive", "tasking"})
	}
	return checkNew(p, c)
}

// checkNew takes note of a new order or job.
func checkNew(p *parser, c *Command) error {
	if _, there := p.begun[c.Text()]; there {
		return fmt.Errorf("there is already an order or a job that is called %s", c.Text())
	}
	p.begun[c.Text()] = c.Verb == Job
	return nil
}

func checkStatus(p *parser, c *Command) error {
	isJob, there := p.begun[c.Text()]
	if !there && (p.unread || p.doubtful[c.Text()]) {
		return nil
	}
	if !there {
		return fmt.Errorf("there is no order or job %s yet: make it with order %[1]s or job %[1]s", c.Text())
	}
	kind := receiver.Order
	if isJob {
		kind = receiver.Job
	}
	for i, word := range c.Args[1:] {
		if i == 1 && isJob {
			return errors.New("only orders have a sub-status")
		}
		if err := checkWord(kind, word, i == 1); err != nil {
			return err
		}
	}
	return nil
}

// checkWord checks that UP42 has a status or a sub-status.
func checkWord(kind receiver.Kind, word string, sub bool) error {
	what, known := "status", []string{}
	if sub {
		what = "sub-status"
	}
	for _, s := range kind.Statuses() {
		if s.Sub != sub {
			continue
		}
		if s.Name.Is(receiver.Status(word)) {
			return nil
		}
		known = append(known, string(s.Name))
	}
	return unknown(what+" of "+string(kind)+"s", word, known)
}
