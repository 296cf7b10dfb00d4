package events

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/theme"
)

func eventColumns(t *theme.Theme, rejected bool) []cli.Column[*receiver.Event] {
	type event = *receiver.Event
	number := cli.Column[event]{Title: "NUMBER", Drop: 1, Right: true, Cell: numberOf}
	received := cli.Column[event]{Title: "RECEIVED", Width: len(cli.TimeLayout), Cell: func(e event) string { return cli.FormatTime(e.ReceivedAt) }}
	verdict := cli.Column[event]{
		Title: "VERDICT", Width: 8, Cell: func(e event) string { return string(e.Verdict) },
		Style: func(e event) theme.Style { return t.Verdict(e.Verdict) },
	}
	if !rejected {
		return append(append([]cli.Column[event]{received, verdict}, saidColumns(t)...), number, taskColumn())
	}
	// Other commands take the number, so it is never left out.
	number.Drop, verdict.Drop = 0, 4
	reason := cli.Column[event]{Title: "REASON", Width: 18, Cell: func(e event) string { return string(e.Reason) }}
	return append(append([]cli.Column[event]{number, received, verdict, reason}, saidColumns(t)...), taskColumn())
}

// saidColumns are the columns of what UP42 said.
func saidColumns(t *theme.Theme) []cli.Column[*receiver.Event] {
	type event = *receiver.Event
	return []cli.Column[event]{
		// People copy ids, so the other columns are cut first.
		{Title: "ID", Width: 36, Least: 36, Cell: func(e event) string { return cli.OrDash(e.ID) }},
		{Title: "STATUS", Width: 18, Least: 9, Cell: func(e event) string { return shown(e.Kind, e.Status, e.SubStatus, e.Final) }},
		{Title: "CLASS", Width: 11, Drop: 2, Cell: classOf, Style: func(e event) theme.Style { return classStyle(t, e) }},
		{Title: "EVENT", Width: 12, Least: 8, Cell: func(e event) string { return cli.OrDash(e.Name) }},
		{Title: "MODE", Width: 4, Cell: func(e event) string {
			if e.Name == "" {
				return "-" // the body can't be read
			}
			return cli.LiveOrTest(e.LiveMode)
		}},
	}
}

func taskColumn() cli.Column[*receiver.Event] {
	return cli.Column[*receiver.Event]{Title: "TASK", Drop: 3, Spare: true, Cell: func(e *receiver.Event) string { return cli.OrDash(e.TaskID) }}
}

// numberOf returns the number of a delivery, the one that an admitted one had before, and
// which event it conflicts with.
func numberOf(e *receiver.Event) string {
	number := e.Number().String()
	switch {
	case e.Admitted.IsZero():
	case e.Rejection == 0:
		number += " (admitted)"
	default:
		number += fmt.Sprintf(" (was %v)", receiver.Number{Seq: e.Rejection, Rejected: true})
	}
	if e.ConflictsWith != 0 {
		number += fmt.Sprintf(" (conflict with %d)", e.ConflictsWith)
	}
	return number
}

// shown returns the status, or the sub-status if that says more.
func shown(k receiver.Kind, status, sub receiver.Status, final bool) string {
	return cli.OrDash(string(k.Shown(status, sub, final)))
}

func classOf(e *receiver.Event) string {
	if e.Status == "" {
		return cli.OrDash("")
	}
	return e.Class().String()
}

// classStyle has a colour only for an event with a status.
func classStyle(t *theme.Theme, e *receiver.Event) theme.Style {
	if e.Status == "" {
		return theme.Style{}
	}
	return t.Class(e.Class())
}

// journeyCells is the room for the longest journey.
const journeyCells = 40

func rowColumns(t *theme.Theme, kind receiver.Kind, now time.Time) []cli.Column[receiver.Row] {
	type row = receiver.Row
	columns := []cli.Column[row]{
		{
			Title: "STATUS", Width: 18, Least: 9, Cell: func(r row) string { return shown(r.Kind, r.Status, r.SubStatus, r.Final) },
			Style: func(r row) theme.Style { return t.Class(r.Class()) },
		},
		{Title: "CLASS", Width: 11, Drop: 2, Cell: func(r row) string { return r.Class().String() }},
		{Title: strings.ToUpper(string(kind)), Width: 36, Least: 36, Cell: func(r row) string { return r.ID }},
		{Title: "NAME", Least: 6, Drop: 6, Spare: true, Cell: func(r row) string { return cli.OrDash(r.Name) }},
		{Title: "TYPE", Width: 7, Least: 4, Drop: 4, Cell: func(r row) string { return cli.OrDash(r.Type) }},
		{Title: "HOST", Width: 8, Least: 4, Drop: 5, Cell: func(r row) string { return cli.OrDash(r.Host) }},
		{Title: "IN STATE", Width: 8, Right: true, Cell: func(r row) string { return elapsed.Long(now.Sub(r.LastChange)) }},
		{Title: "AGE", Width: 7, Drop: 9, Right: true, Cell: func(r row) string { return elapsed.Long(now.Sub(r.FirstSeen)) }},
		{Title: "EVENTS", Width: 6, Drop: 3, Right: true, Cell: func(r row) string { return strconv.FormatInt(r.Events, 10) }},
		{Title: "TRUST", Width: 5, Drop: 8, Cell: func(r row) string { return r.Trust.String() }},
		{Title: "MODE", Width: 4, Drop: 7, Cell: func(r row) string { return cli.LiveOrTest(!r.Test) }},
		{Title: "JOURNEY", Drop: 1, Cell: func(r row) string { return theme.Joined(t.Journey(nil, r.ShortJourney, journeyCells, false)) }},
	}
	if kind == receiver.Job {
		columns = append(columns, cli.Column[row]{Title: "TASKS", Width: 5, Drop: 3, Right: true, Cell: tasksOf})
	}
	return columns
}

// tasksOf says how many of a job's tasks are over.
func tasksOf(r receiver.Row) string {
	if len(r.Tasks) == 0 {
		return cli.OrDash("")
	}
	final := 0
	for i := range r.Tasks {
		if r.Tasks[i].Final {
			final++
		}
	}
	return fmt.Sprintf("%d/%d", final, len(r.Tasks))
}
