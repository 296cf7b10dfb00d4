package detail

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/textblock"
)

// journeyOf draws the journey of an order in width cells.
func journeyOf(width int, now time.Time, newer *Listing, statuses ...receiver.Status) string {
	r := receiver.Row{Key: receiver.Key{Kind: receiver.Order, ID: "a"}}
	for i, s := range statuses {
		at := now.Add(time.Duration(i-len(statuses)) * time.Minute)
		r.Apply(&receiver.Event{Seq: int64(i + 1), ReceivedAt: at, Verdict: receiver.Verified, Message: receiver.Message{
			Kind: receiver.Order, ID: "a", Status: s, Timestamp: at, LiveMode: true, Final: s.Class(receiver.Order).Final(),
		}})
	}
	d := description{Block: textblock.Block{Theme: plain(), Width: width, Names: names}, now: now}
	d.journey(&r, newer)
	lines := d.Strings()
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func TestTheJourneyIsATimeline(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	assert.Equal(t, strings.TrimPrefix(`
 Journey: 2m so far
   11:58:00  ◐ CREATED  1m         ━━━━━━━━━━━━
   11:59:00  ◐ PLACED   1m so far              ━━━━━━━━━━━━`, "\n"), journeyOf(60, now, nil, "CREATED", "PLACED"))
	assert.Equal(t, strings.TrimPrefix(`
 Journey: 2m so far
   11:58:00  ◐ CREATED  1m
   11:59:00  ◐ PLACED   1m so far`, "\n"), journeyOf(43, now, nil, "CREATED", "PLACED"), "there is no room for bars")
	assert.Contains(t, journeyOf(100, now.Add(12*time.Hour), nil, "FULFILLED"), "2026-03-14 23:59:00  ● FULFILLED  final", "of another day")

	// What only UP42's API reports is broken.
	newer := &Listing{ID: "a", Status: "BEING_FULFILLED", Updated: now.Add(-30 * time.Second)}
	assert.Equal(t, strings.TrimPrefix(`
 Journey: 1m so far
   11:59:00  ◐ PLACED           30s         ━━━━━━━━━
╌╌ 11:59:30  ◐ BEING_FULFILLED  30s so far           ╌╌╌╌╌╌╌╌╌  by UP42's API, no event yet`, "\n"), journeyOf(92, now, newer, "PLACED"))
	assert.Contains(t, journeyOf(80, now, nil), "only events about its tasks have come")
}
