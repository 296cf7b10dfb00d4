package main

import (
	"time"
)

// scene is what one picture shows.
type scene struct {
	name, title   string
	columns, rows int
	args          []string
	steps         []step
	// forwards: the receiver forwards to a target, which is down until a step mends it.
	forwards bool
}

// step is what the user does next, or waits for.
type step struct {
	sees string        // wait until the screen shows this text
	key  string        // press this key
	rest time.Duration // then let time go by
	// mends: the target works from now on.
	mends bool
	// cut: what was shown up to here is not in the picture.
	cut bool
	// still is a name for a picture of what is shown then.
	still string
}

func sees(text string) step                    { return step{sees: text} }
func presses(key string, d time.Duration) step { return step{key: key, rest: d} }
func rests(d time.Duration) step               { return step{rest: d} }

// begins waits until there is something to see, and begins the picture.
func begins(key, text string) []step {
	return []step{sees("Orders"), rests(6 * time.Second), {key: key}, sees(text), {cut: true}}
}

// typed are the keys of a text, typed by a hand.
func typed(text string) (steps []step) {
	const pace = 150 * time.Millisecond
	for _, r := range text {
		steps = append(steps, presses(string(r), pace))
	}
	return steps
}

const (
	glance = 700 * time.Millisecond
	look   = 2 * time.Second
)

// scenes are all pictures, one a page.
func scenes() []scene {
	demo := []string{"demo", "--seed", "3"}
	const columns, rows = 120, 30
	return []scene{
		{name: "overview", title: "The Overview: what runs, what needs you, the deliveries of the last hour", columns: columns, rows: rows, args: demo, steps: overview()},
		{name: "jobs", title: "Jobs: each job, its status, and the changes so far", columns: columns, rows: rows, args: demo, steps: jobs()},
		{name: "orders", title: "Orders: their status moves as deliveries come in; a filter finds those that failed", columns: columns, rows: rows, args: demo, steps: orders()},
		{name: "events", title: "Events: every delivery with its verdict, and why one was rejected", columns: columns, rows: rows, args: demo, steps: events()},
		{name: "webhooks", title: "Webhooks: a test of a webhook, from UP42 into the store", columns: columns, rows: rows, args: demo, steps: webhooks()},
		{
			name: "undelivered", title: "Undelivered: what a target did not take, and how it is sent again", columns: columns, rows: rows,
			args: []string{"watch", "--listen", "127.0.0.1:0", "--give-up", "1m"}, steps: undelivered(), forwards: true,
		},
		{name: "details", title: "Details beside the list, and on the whole screen", columns: 140, rows: 36, args: demo, steps: details()},
	}
}

func join(parts ...[]step) (all []step) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func overview() []step {
	return join(begins("0", "Longest in state"), []step{
		rests(look), presses("right", glance), presses("right", glance), presses("left", glance), presses("tab", glance), presses("down", glance),
		presses("enter", look), presses("esc", look),
	})
}

func jobs() []step {
	return join(begins("1", "JOURNEY"), []step{rests(look), presses("down", glance), presses("down", glance), presses("enter", look), presses("esc", glance), presses("g", look)})
}

func orders() []step {
	return join(begins("2", "JOURNEY"), []step{rests(2 * look), presses("/", glance)}, typed("is:failed"), []step{
		presses("enter", look), presses("down", glance), presses("enter", look), presses("esc", glance), presses("esc", look),
	})
}

func events() []step {
	return join(begins("3", "VERDICT"), []step{rests(look), presses("/", glance)}, typed("verdict:rej"), []step{
		presses("tab", look), presses("enter", glance), presses("down", glance), presses("enter", 2*look), presses("esc", glance), presses("esc", look),
	})
}

func webhooks() []step {
	return join(begins("4", "LAST TEST"), []step{rests(look), presses("t", glance), presses("enter", 2*look), rests(look), presses("esc", look)})
}

// undelivered waits until the receiver has given three test events up.
func undelivered() []step {
	test := []step{presses("t", glance), presses("enter", glance)}
	return join([]step{sees("No event has come yet"), presses("t", glance)}, test, test, []step{
		sees("Undelivered 3"), presses("5", 0), sees("REASON"),
		{cut: true},
		rests(look), presses("enter", look), presses("esc", look),
		{mends: true},
		presses("space", glance), presses("down", glance), presses("space", glance), presses("f", 2*look), presses("f", look),
	})
}

func details() []step {
	return join(begins("2", "JOURNEY"), []step{
		rests(look), presses("down", glance), presses("down", glance), presses("enter", look), presses("enter", look), presses("pgdown", look), presses("esc", glance), presses("esc", look),
	})
}
