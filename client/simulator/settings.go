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
	"unicode/utf8"

	"github.com/up42/up42-webhooks/loopback"
)

// The longest that the parts of a webhook may be, in characters.
const (
	maxName   = 255
	maxURL    = 2048
	maxSecret = 500
)

// webhookSettings are what the owner of a webhook sets.
type webhookSettings struct {
	name, url string
	events    []string
	active    bool
	secret    string
}

// settingsJSON is a webhook as a caller sends it.
type settingsJSON struct {
	Name   string   `json:"name"`
	URL    string   `json:"url"`
	Events []string `json:"events"`
	Secret string   `json:"secret"`
	Active bool     `json:"active"`
}

// readSettings reads and checks the body of a create or an update. What is left
// out, or null, is empty. refused is nil where all is well.
func readSettings(r *http.Request) (settings webhookSettings, refused *answer) {
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
	if err := settings.check(); err != nil {
		a := refuse(http.StatusUnprocessableEntity, err.Error())
		return settings, &a
	}
	return settings, nil
}

// splitEvents reads a list of events, some of which may come as one text with
// commas: UP42's own documentation has it so.
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

func (w webhookSettings) check() error {
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
		if name != orderStatus && name != jobStatus {
			return fmt.Errorf("events: unknown event %q", name)
		}
	}
	return nil
}

// deliverable: UP42 takes HTTPS only; the simulation takes plain HTTP as well,
// to this machine.
func deliverable(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && loopback.Host(u.Hostname())
}
