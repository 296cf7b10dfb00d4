package store

import (
	"errors"
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui/number"
)

// isDamage reports whether an error may leave something to read.
func isDamage(err error) bool {
	return errors.Is(err, sqlite.ErrDamaged) || errors.Is(err, sqlite.ErrDisk)
}

// sayLoss says what is missing of a damaged store.
func sayLoss(env cli.Env, s *sqlite.Salvaged) {
	which := "events"
	switch {
	case s.Loss.Events > 0:
		env.Say("%s missing: %s", countAre(s.Loss.Events, "event"), spansText(s.Spans))
		which = "more events"
	case !s.Uncertain:
		env.Say("no event is missing")
	}
	switch {
	case s.Uncertain && s.Events == 0:
		env.Say("no event could be read, nor the store's counters: it is not known how many events the store had")
	case s.Uncertain:
		env.Say("the store's counters could not be read, so it is not known whether %s are missing that are older or newer than those that are left: older ones count as deleted by --keep or --keep-events", which)
	}
	if s.Places > 0 {
		env.Say("%s in the file could not be read", cli.Count(int(s.Places), "place"))
	}
}

func countAre(n int64, what string) string {
	if n == 1 {
		return "1 " + what + " is"
	}
	return number.Format(n) + " " + what + "s are"
}

// spansText lists ranges of sequence numbers, the first twenty of them.
func spansText(spans []receiver.Span) string {
	const most = 20
	var texts []string
	for i, s := range spans {
		if i == most {
			texts = append(texts, fmt.Sprintf("and %s up to %d", cli.Count(len(spans)-most, "more range"), spans[len(spans)-1].Last))
			break
		}
		text := fmt.Sprint(s.First)
		if s.Last > s.First {
			text += fmt.Sprintf("-%d", s.Last)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}
