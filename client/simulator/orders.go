package simulator

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// orderView is an order in the API.
type orderView struct {
	ID            string       `json:"id"`
	WorkspaceID   string       `json:"workspaceId"`
	AccountID     string       `json:"accountId"`
	DisplayName   string       `json:"displayName"`
	Status        string       `json:"status"`
	Type          string       `json:"type"`
	DataProvider  string       `json:"dataProvider"`
	DataProductID string       `json:"dataProductId"`
	BudgetID      string       `json:"budgetId,omitempty"`
	Tags          []string     `json:"tags"`
	OrderDetails  orderDetails `json:"orderDetails"`
	Assets        []string     `json:"assets"`
	CreatedAt     string       `json:"createdAt"`
	UpdatedAt     string       `json:"updatedAt"`
}

// orderDetails has the fields of archive orders first, then those of tasking orders.
type orderDetails struct {
	AOI     *polygon `json:"aoi,omitempty"`
	ImageID string   `json:"imageId,omitempty"`

	AcquisitionStart string   `json:"acquisitionStart,omitempty"`
	AcquisitionEnd   string   `json:"acquisitionEnd,omitempty"`
	Geometry         *polygon `json:"geometry,omitempty"`
	SubStatus        string   `json:"subStatus,omitempty"`
}

// polygon is a GeoJSON polygon.
type polygon struct {
	Type        string         `json:"type"`
	Coordinates [][][2]float64 `json:"coordinates"`
}

// square returns a square of some kilometres around a place.
func (p place) square() *polygon {
	const d = 0.02
	w, e, so, n := p.lon-d, p.lon+d, p.lat-d, p.lat+d
	return &polygon{"Polygon", [][][2]float64{{{w, so}, {e, so}, {e, n}, {w, n}, {w, so}}}}
}

func (in *inventory) viewOrder(x *subject) orderView {
	v := orderView{
		ID: x.id, WorkspaceID: in.account.workspace, AccountID: in.account.id, DisplayName: x.name,
		Status: x.status, Type: x.orderType(), DataProvider: x.product.host,
		DataProductID: named(x.product.host + "/" + x.product.title), BudgetID: x.budget, Tags: x.tags,
		Assets: []string{}, CreatedAt: stamp(x.created), UpdatedAt: stamp(x.updated),
	}
	if x.status == "FULFILLED" {
		v.Assets = append(v.Assets, named("asset of "+x.id))
	}
	if x.tasking {
		v.OrderDetails = orderDetails{
			AcquisitionStart: stamp(x.created), AcquisitionEnd: stamp(x.created.Add(14 * 24 * time.Hour)),
			Geometry: x.place.square(), SubStatus: x.subStatus,
		}
	} else {
		v.OrderDetails = orderDetails{AOI: x.place.square(), ImageID: named("image of " + x.id)}
	}
	return v
}

// noOrder is the message if there is no order with an id.
const noOrder = "Order not found for the given id"

func (in *inventory) getOrder(r *http.Request) answer {
	return in.show(r, order, noOrder, func(x *subject) any { return in.viewOrder(x) })
}

// ordersPage is a page of orders, in the form of the Spring framework.
type ordersPage struct {
	Content          []orderView `json:"content"`
	TotalPages       int         `json:"totalPages"`
	TotalElements    int         `json:"totalElements"`
	Number           int         `json:"number"`
	Size             int         `json:"size"`
	NumberOfElements int         `json:"numberOfElements"`
	First            bool        `json:"first"`
	Last             bool        `json:"last"`
	Empty            bool        `json:"empty"`
}

// orderSorts are the fields by which orders can be sorted.
var orderSorts = sorts{
	"createdAt":    func(a, b *subject) int { return a.created.Compare(b.created) },
	"updatedAt":    func(a, b *subject) int { return a.updated.Compare(b.updated) },
	"status":       func(a, b *subject) int { return cmp.Compare(a.status, b.status) },
	"type":         func(a, b *subject) int { return cmp.Compare(a.orderType(), b.orderType()) },
	"dataProvider": func(a, b *subject) int { return cmp.Compare(a.product.host, b.product.host) },
}

const (
	defaultOrders = 20
	maxOrders     = 200
)

func (in *inventory) listOrders(r *http.Request) answer {
	q := r.URL.Query()
	number, okNumber := count(q, "page", 0, 1<<30)
	size, okSize := count(q, "size", defaultOrders, maxOrders)
	compare, okSort := orderSorts.parse(q, "createdAt")
	switch {
	case !okNumber || !okSize || size == 0:
		return refuse(http.StatusBadRequest, "page and size must be numbers from 0 and from 1")
	case !okSort:
		return refuse(http.StatusBadRequest, "sort must be createdAt, updatedAt, status, type or dataProvider, with asc or desc")
	case !in.account.owns(q):
		return forbidden()
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	found := in.orders.sorted(compare, orderFilter(q))
	from := min(number*size, len(found))
	part := found[from:min(from+size, len(found))]
	page := ordersPage{
		Content: make([]orderView, 0, len(part)), Number: number, Size: size, NumberOfElements: len(part),
		TotalElements: len(found), TotalPages: (len(found) + size - 1) / size,
		First: number == 0, Last: from+len(part) == len(found), Empty: len(part) == 0,
	}
	for _, x := range part {
		page.Content = append(page.Content, in.viewOrder(x))
	}
	return ok(page)
}

// orderFilter returns the filter of a query.
func orderFilter(q url.Values) func(*subject) bool {
	ids, budgets := list(q, "ids"), list(q, "budgetIds")
	kinds, statuses, subStatuses, wanted := list(q, "type"), list(q, "status"), list(q, "subStatus"), list(q, "tags")
	name := strings.ToLower(q.Get("displayName"))
	return func(x *subject) bool {
		tagged := len(wanted) == 0 || slices.ContainsFunc(x.tags, func(tag string) bool { return slices.Contains(wanted, tag) })
		return tagged && anyOr(ids, x.id) && anyOr(budgets, x.budget) && anyOr(kinds, x.orderType()) && anyOr(statuses, x.status) && anyOr(subStatuses, x.subStatus) &&
			strings.Contains(strings.ToLower(x.name), name)
	}
}
