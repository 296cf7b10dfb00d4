package simulator

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// cancellable are the statuses in which an order can be cancelled.
var cancellable = [...]string{"CREATED", "PLACEMENT_FAILED"}

// cancelledJSON is the answer to the cancellation of an order.
type cancelledJSON struct {
	OrderID string `json:"orderId"`
	Status  string `json:"status"`
}

// cancel cancels an order. It returns a copy of it, or why it can't be cancelled.
func (in *inventory) cancel(id string, at time.Time) (cancelled subject, refused *answer) {
	in.mu.Lock()
	defer in.mu.Unlock()
	x := in.orders.find(id)
	if x == nil {
		a := refuse(http.StatusNotFound, noOrder)
		return cancelled, &a
	}
	if !slices.Contains(cancellable[:], x.status) {
		a := refuse(http.StatusConflict, fmt.Sprintf("Order with id %s cannot be canceled in its current status %s", x.id, x.status))
		return cancelled, &a
	}
	x.change(step{status: "CANCELED", final: true}, at)
	x.cancelled = true
	cancelled = *x
	in.orders.trim()
	return cancelled, nil
}

// cancelOrder is the call that cancels an order. Run delivers the change.
func (p *player) cancelOrder(r *http.Request) answer {
	cancelled, refused := p.inventory.cancel(r.PathValue("id"), p.now())
	if refused != nil {
		return *refused
	}
	select {
	case p.changed <- cancelled:
	default: // nobody has run the simulator for long
	}
	return ok(cancelledJSON{cancelled.id, cancelled.status})
}
