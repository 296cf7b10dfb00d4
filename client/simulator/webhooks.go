package simulator

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxWebhooks bounds the webhooks of a workspace.
const maxWebhooks = 1000

// webhooks are the webhooks of a workspace, and the calls about them. It is safe for
// concurrent use.
type webhooks struct {
	ids    *ids
	now    func() time.Time
	events catalogue
	// hideSecrets leaves the secrets out of all answers.
	hideSecrets bool

	mu  sync.Mutex
	all []*webhook
}

func (w *webhooks) list(*http.Request) answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]webhookJSON, 0, len(w.all))
	for _, h := range w.all {
		list = append(list, w.json(h))
	}
	return data(http.StatusOK, list)
}

func (w *webhooks) create(r *http.Request) answer {
	settings, refused := readSettings(r, w.events)
	if refused != nil {
		return *refused
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.all) >= maxWebhooks {
		return refuse(http.StatusConflict, "The workspace has as many webhooks as it can have")
	}
	now := w.now()
	h := &webhook{webhookSettings: settings, id: w.ids.next(), created: now, updated: now}
	w.all = append(w.all, h)
	return data(http.StatusCreated, w.json(h))
}

func (w *webhooks) get(r *http.Request) answer {
	return w.with(r, func(h *webhook) answer { return data(http.StatusOK, w.json(h)) })
}

// replace sets all settings. A setting that is not in the request is cleared.
func (w *webhooks) replace(r *http.Request) answer {
	settings, refused := readSettings(r, w.events)
	return w.with(r, func(h *webhook) answer {
		if refused != nil {
			return *refused
		}
		h.webhookSettings, h.updated = settings, w.now()
		return data(http.StatusOK, w.json(h))
	})
}

func (w *webhooks) delete(r *http.Request) answer {
	return w.with(r, func(h *webhook) answer {
		w.all = slices.DeleteFunc(w.all, func(other *webhook) bool { return other == h })
		h.queue = nil
		return answer{status: http.StatusNoContent}
	})
}

func (w *webhooks) json(h *webhook) webhookJSON {
	j := h.json()
	if w.hideSecrets {
		j.Secret = nil
	}
	return j
}

// with calls do with the webhook whose id is in the path, under the lock.
func (w *webhooks) with(r *http.Request, do func(*webhook) answer) answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := r.PathValue("id")
	for _, h := range w.all {
		if h.id == id {
			return do(h)
		}
	}
	return refuse(http.StatusNotFound, "Webhook not found for the given id")
}

// settings returns the current settings of a webhook. on is false if the webhook is not
// active or was deleted.
func (w *webhooks) settings(h *webhook) (settings webhookSettings, on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return h.webhookSettings, h.active && slices.Contains(w.all, h)
}

// at returns the secret and the last delivered message of the webhook with a URL.
func (w *webhooks) at(url string) (secret string, last *message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range w.all {
		if h.url == url {
			return h.secret, h.last
		}
	}
	return "", nil
}
