package overview

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// List is a page of the screen that lists something.
type List int

// The lists.
const (
	Jobs List = iota
	Orders
	Events
	Webhooks
	Undelivered
)

// listOf returns the list of the rows of a kind.
func listOf(k receiver.Kind) List {
	if k == receiver.Job {
		return Jobs
	}
	return Orders
}

// Goal is what a number or a line of the page leads to: the details of a row, or a list.
type Goal struct {
	// Row is the row. It is zero if the goal is a list.
	Row  receiver.Key
	List List
	// Name says what is listed, in a few clean words.
	Name string
	// Filter and Order are those of the list. Without an order it stays as it is.
	Filter, Order string
}

// liveOnly leaves out the rows of test events, which no number counts.
const liveOnly = " -" + string(filter.Is) + ":test"

// ofClass lists the live rows of a class.
func ofClass(k receiver.Kind, c receiver.Class) Goal {
	return Goal{List: listOf(k), Name: c.String(), Filter: string(filter.Is) + ":" + c.Word() + liveOnly}
}

// since lists only what has changed since the beginning of a day.
func (g Goal) since(midnight time.Time, today bool) Goal {
	words := midnight.Format(time.RFC3339)
	switch _, offset := midnight.Zone(); {
	case offset != 0: // days of the filter are in UTC
	case today:
		words = "today"
	default:
		words = midnight.Format(time.DateOnly)
	}
	g.Filter += " " + string(filter.Since) + ":" + words
	return g
}
