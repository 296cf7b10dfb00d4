package client

import (
	"context"
	"errors"
	"time"
)

// Order is an order as UP42 lists it.
type Order struct {
	ID, Name string
	// Type is ARCHIVE or TASKING.
	Type   string
	Status string
	// SubStatus refines the status of a tasking order; "": none.
	SubStatus            string
	CreatedAt, UpdatedAt time.Time
}

// Job is a processing job as UP42 lists it.
type Job struct {
	ID string
	// Process is the id of the process that runs.
	Process            string
	Status             string
	Created, UpdatedAt time.Time
}

// Orders lists the newest orders of the workspace, at most max, newest first.
func (c *Client) Orders(ctx context.Context, max int) ([]Order, error) {
	return nil, errors.ErrUnsupported
}

// Order returns one order.
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	return Order{}, errors.ErrUnsupported
}

// Jobs lists the newest processing jobs of the workspace, at most max, newest
// first.
func (c *Client) Jobs(ctx context.Context, max int) ([]Job, error) {
	return nil, errors.ErrUnsupported
}

// Job returns one processing job.
func (c *Client) Job(ctx context.Context, id string) (Job, error) {
	return Job{}, errors.ErrUnsupported
}
