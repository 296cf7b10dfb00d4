package simulator

import (
	"net/http"
	"slices"
	"time"
)

// The events that a webhook can subscribe to.
const (
	orderStatus = "order.status"
	jobStatus   = "job.status"
)

// maxWebhooks bounds a workspace.
const maxWebhooks = 1000

// webhook is a registered webhook. Simulator.mu guards it.
type webhook struct {
	webhookSettings
	id               string
	created, updated time.Time

	// queue is what is still to be delivered, oldest first; delivering says
	// that somebody does.
	queue      []message
	delivering bool
	// last is what was delivered last and taken; nil: nothing yet.
	last *message
}

// eventJSON is an event type as UP42 describes it.
type eventJSON struct {
	Name          string `json:"name"`
	Title         string `json:"title"`
	Category      string `json:"category"`
	Description   string `json:"description"`
	Documentation string `json:"documentation"`
}

func listEvents(*http.Request) answer {
	const documentation = "https://docs.up42.com/account/webhooks"
	return data(http.StatusOK, []eventJSON{
		{jobStatus, "Job status", "JOB", "Sent when the status of a job changes.", documentation},
		{orderStatus, "Order status", "ORDER", "Sent when the status of an order changes.", documentation},
	})
}

// webhookJSON is a webhook as UP42 shows it.
type webhookJSON struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	URL       string   `json:"url"`
	Events    []string `json:"events"`
	Active    bool     `json:"active"`
	Secret    string   `json:"secret"`
	CreatedAt string   `json:"createdAt"`
	UpdatedAt string   `json:"updatedAt"`
}

func (h *webhook) json() webhookJSON {
	return webhookJSON{h.id, h.name, h.url, slices.Clone(h.events), h.active, h.secret, stamp(h.created), stamp(h.updated)}
}

func (s *Simulator) listWebhooks(*http.Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]webhookJSON, 0, len(s.webhooks))
	for _, h := range s.webhooks {
		list = append(list, h.json())
	}
	return data(http.StatusOK, list)
}

func (s *Simulator) createWebhook(r *http.Request) answer {
	settings, refused := readSettings(r)
	if refused != nil {
		return *refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.webhooks) >= maxWebhooks {
		return refuse(http.StatusConflict, "The workspace has as many webhooks as it can have")
	}
	now := s.now()
	h := &webhook{webhookSettings: settings, id: s.hookIDs.next(), created: now, updated: now}
	s.webhooks = append(s.webhooks, h)
	return data(http.StatusCreated, h.json())
}

func (s *Simulator) getWebhook(r *http.Request) answer {
	return s.withWebhook(r, func(h *webhook) answer { return data(http.StatusOK, h.json()) })
}

// replaceWebhook sets all settings: what the request leaves out is cleared.
func (s *Simulator) replaceWebhook(r *http.Request) answer {
	settings, refused := readSettings(r)
	return s.withWebhook(r, func(h *webhook) answer {
		if refused != nil {
			return *refused
		}
		h.webhookSettings, h.updated = settings, s.now()
		return data(http.StatusOK, h.json())
	})
}

func (s *Simulator) deleteWebhook(r *http.Request) answer {
	return s.withWebhook(r, func(h *webhook) answer {
		s.webhooks = slices.DeleteFunc(s.webhooks, func(other *webhook) bool { return other == h })
		h.queue = nil
		return answer{status: http.StatusNoContent}
	})
}

// withWebhook calls do with the webhook that the path names, under the lock.
func (s *Simulator) withWebhook(r *http.Request, do func(*webhook) answer) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PathValue("id")
	for _, h := range s.webhooks {
		if h.id == id {
			return do(h)
		}
	}
	return refuse(http.StatusNotFound, "Webhook not found for the given id")
}
