package client

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"
)

// Order is an order in the API.
type Order struct {
	ID, Name string
	// Type is ARCHIVE or TASKING.
	Type   string
	Status string
	// SubStatus refines the status of a tasking order. It may be empty.
	SubStatus            string
	CreatedAt, UpdatedAt time.Time
}

type orderJSON struct {
	ID          string          `json:"id"`
	DisplayName string          `json:"displayName"`
	Status      string          `json:"status"`
	Type        string          `json:"type"`
	Details     json.RawMessage `json:"orderDetails"`
	CreatedAt   instant         `json:"createdAt"`
	UpdatedAt   instant         `json:"updatedAt"`
}

func (o orderJSON) id() string { return o.ID }

func (o orderJSON) order() Order {
	var details struct {
		SubStatus string `json:"subStatus"`
	}
	_ = json.Unmarshal(o.Details, &details) // details may be missing
	return Order{
		ID: o.ID, Name: o.DisplayName, Type: o.Type, Status: o.Status, SubStatus: details.SubStatus,
		CreatedAt: o.CreatedAt.Time, UpdatedAt: o.UpdatedAt.Time,
	}
}

// Orders lists at most max orders of the workspace, the newest first.
func (c *Client) Orders(ctx context.Context, max int) (list []Order, err error) {
	ws, err := c.Workspace(ctx)
	if err != nil {
		return nil, err
	}
	number, size := 0, min(max, pageSize)
	found, err := collect(max, orderJSON.id, func() (orders []orderJSON, more bool, err error) {
		at := c.api.at(url.Values{
			"workspaceId": {ws}, "page": {strconv.Itoa(number)}, "size": {strconv.Itoa(size)}, "sort": {"createdAt,desc"},
		}, "v2", "orders")
		number++
		var in struct {
			Content    json.RawMessage `json:"content"`
			TotalPages int             `json:"totalPages"`
		}
		if err := c.caller.read(ctx, listOrders, at, &in); err != nil {
			return nil, false, err
		}
		orders, err = listIn[orderJSON](listOrders, in.Content)
		return orders, number < in.TotalPages, err
	})
	for _, o := range found {
		list = append(list, o.order())
	}
	return list, err
}

// Order returns one order.
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	o, err := readOne(ctx, c.caller, "read the order", id, c.api.at(nil, "v2", "orders", id), orderJSON.id)
	if err != nil {
		return Order{}, err
	}
	return o.order(), nil
}
