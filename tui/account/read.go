package account

import (
	"context"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/text"
)

const (
	// listedRows is how many of the newest rows of each kind UP42 is asked for.
	listedRows = 200
	// rowTimeout is how long UP42 may take to answer about one row.
	rowTimeout = 30 * time.Second
)

// API is what the account asks UP42. A *client.Client answers.
type API interface {
	Workspace(ctx context.Context) (string, error)
	Orders(ctx context.Context, max int) ([]client.Order, error)
	Jobs(ctx context.Context, max int) ([]client.Job, error)
	Order(ctx context.Context, id string) (client.Order, error)
	Job(ctx context.Context, id string) (client.Job, error)
}

var _ API = (*client.Client)(nil)

// answer is what UP42 says, and what the store has about it.
type answer struct {
	listings []detail.Listing
	stored   []*status.Row
	// newest is the newest event at the time of the question.
	newest status.Newest
	err    error
}

// reader does the I/O. It is called from commands, so it has no state.
type reader struct {
	api API
	log receiver.Reader
	now func() time.Time
}

// workspace returns the id of the workspace, or "" if UP42 can't be asked: the
// lists say why.
func (r *reader) workspace(ctx context.Context) string {
	id, err := r.api.Workspace(ctx)
	if err != nil {
		return ""
	}
	return id
}

// list returns the newest rows of a kind.
func (r *reader) list(ctx context.Context, k receiver.Kind) (a answer) {
	a.newest = r.newest(ctx)
	if a.listings, a.err = r.listings(ctx, k); a.err == nil {
		a.stored = r.stored(ctx, k, a.listings)
	}
	return a
}

// row returns one row.
func (r *reader) row(ctx context.Context, k receiver.Key) (a answer) {
	ctx, stop := context.WithTimeout(ctx, rowTimeout)
	defer stop()
	a.newest = r.newest(ctx)
	var l detail.Listing
	if l, a.err = r.listing(ctx, k); a.err == nil {
		a.listings = []detail.Listing{l}
		a.stored = r.stored(ctx, k.Kind, a.listings)
	}
	return a
}

func (r *reader) listings(ctx context.Context, k receiver.Kind) (all []detail.Listing, err error) {
	if k == receiver.Job {
		jobs, err := r.api.Jobs(ctx, listedRows)
		for i := range jobs {
			all = append(all, r.ofJob(&jobs[i]))
		}
		return all, err
	}
	orders, err := r.api.Orders(ctx, listedRows)
	for i := range orders {
		all = append(all, r.ofOrder(&orders[i]))
	}
	return all, err
}

// listing asks about one row. The listing has the id that was asked for, whatever
// UP42 says.
func (r *reader) listing(ctx context.Context, k receiver.Key) (l detail.Listing, err error) {
	if k.Kind == receiver.Job {
		j, jobErr := r.api.Job(ctx, k.ID)
		l, err = r.ofJob(&j), jobErr
	} else {
		o, orderErr := r.api.Order(ctx, k.ID)
		l, err = r.ofOrder(&o), orderErr
	}
	l.ID = k.ID
	return l, err
}

func (r *reader) ofOrder(o *client.Order) detail.Listing {
	return detail.Listing{
		ID: cells.ID(o.ID), Name: short(o.Name), Type: short(o.Type), Status: receiver.Status(short(o.Status)), SubStatus: receiver.Status(short(o.SubStatus)),
		Created: o.CreatedAt, Updated: o.UpdatedAt, Asked: r.now(),
	}
}

// ofJob names a job without a title after its process.
func (r *reader) ofJob(j *client.Job) detail.Listing {
	name := j.Name
	if name == "" {
		name = j.Process
	}
	return detail.Listing{
		ID: cells.ID(j.ID), Name: short(name), Type: short(j.Process), Status: receiver.Status(short(j.Status)), Created: j.Created, Updated: j.UpdatedAt, Asked: r.now(),
	}
}

// short bounds a text of UP42 that is kept. The store keeps as much of those of events.
func short(s string) string { return text.Own(s, 256) }

// newest returns the newest event. The follower says if the store can't be read.
func (r *reader) newest(ctx context.Context) (n status.Newest) {
	events, err := r.log.Events(ctx, receiver.EventQuery{Limit: 1})
	if err == nil && len(events) == 1 {
		n = status.Newest{Seq: events[0].Seq, At: events[0].Entered().UnixMicro()}
	}
	return n
}

// stored returns the rows that the store has of what UP42 lists.
func (r *reader) stored(ctx context.Context, k receiver.Kind, all []detail.Listing) (rows []*status.Row) {
	for i := range all {
		row, ok, err := r.log.Row(ctx, receiver.Key{Kind: k, ID: all[i].ID})
		if err != nil {
			return rows
		}
		if ok {
			rows = append(rows, status.RowOf(&row))
		}
	}
	return rows
}
