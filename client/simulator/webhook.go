package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver/loopback"
)

// The longest that the parts of a webhook may be, in characters.
const (
	maxName   = 255
	maxURL    = 2048
	maxSecret = 500
)

// webhookSettings are the parts of a webhook that its owner sets.
type webhookSettings struct {
	name, url string
	events    []string
	active    bool
	secret    string
}

// settingsJSON is a webhook in a request.
type settingsJSON struct {
	Name   string   `json:"name"`
	URL    string   `json:"url"`
	Events []string `json:"events"`
	Secret string   `json:"secret"`
	Active bool     `json:"active"`
}

// readSettings reads and checks the body of a request that creates or replaces a webhook. A
// field that is missing or null is empty. refused is nil if the settings are valid.
func readSettings(r *http.Request, known catalogue) (settings webhookSettings, refused *answer) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		status := http.StatusBadRequest
		if errors.As(err, new(*http.MaxBytesError)) {
			status = http.StatusRequestEntityTooLarge
		}
		a := refuse(status, "The request's body can't be read")
		return settings, &a
	}
	var in *settingsJSON
	if err := json.Unmarshal(text, &in); err != nil || in == nil {
		a := refuse(http.StatusBadRequest, "Malformed JSON request")
		return settings, &a
	}
	settings = webhookSettings{
		name: in.Name, url: in.URL, events: splitEvents(in.Events), active: in.Active, secret: in.Secret,
	}
	if err := settings.check(known); err != nil {
		a := refuse(http.StatusUnprocessableEntity, err.Error())
		return settings, &a
	}
	return settings, nil
}

// splitEvents reads a list of events. An entry may have several with commas between, as in
// UP42's documentation.
func splitEvents(list []string) []string {
	out := []string{}
	for _, entry := range list {
		for name := range strings.SplitSeq(entry, ",") {
			if name = strings.TrimSpace(name); !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

func (w webhookSettings) check(known catalogue) error {
	switch {
	case strings.TrimSpace(w.name) == "":
		return errors.New("name: must not be blank")
	case utf8.RuneCountInString(w.name) > maxName:
		return fmt.Errorf("name: size must be between 1 and %d", maxName)
	case w.url == "":
		return errors.New("url: must not be blank")
	case len(w.url) > maxURL:
		return fmt.Errorf("url: size must be between 1 and %d", maxURL)
	case !deliverable(w.url):
		return errors.New("url: must be a valid HTTPS URL")
	case len(w.events) == 0:
		return errors.New("events: must not be empty")
	case utf8.RuneCountInString(w.secret) > maxSecret:
		return fmt.Errorf("secret: size must be between 0 and %d", maxSecret)
	}
	for _, name := range w.events {
		if _, ok := known.find(name); !ok {
			return fmt.Errorf("events: unknown event %q", name)
		}
	}
	return nil
}

// deliverable reports whether a URL is allowed. UP42 allows only HTTPS. The simulator also
// allows HTTP to this machine.
func deliverable(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && loopback.Host(u.Hostname())
}

// webhook is a registered webhook. The lock of webhooks guards it.
type webhook struct {
	webhookSettings
	id               string
	created, updated time.Time

	// queue has the messages that are not delivered yet, the oldest first. delivering is
	// true while a goroutine delivers them.
	queue      []message
	delivering bool
	// last is the last message that was taken. It is nil before the first one.
	last *message
}

// webhookJSON is a webhook in an answer.
type webhookJSON struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	URL       string   `json:"url"`
	Events    []string `json:"events"`
	Active    bool     `json:"active"`
	Secret    *string  `json:"secret,omitempty"`
	CreatedAt string   `json:"createdAt"`
	UpdatedAt string   `json:"updatedAt"`
}

func (h *webhook) json() webhookJSON {
	secret := h.secret
	return webhookJSON{h.id, h.name, h.url, slices.Clone(h.events), h.active, &secret, stamp(h.created), stamp(h.updated)}
}
