// Package mask replaces ids, URLs, names and secrets by stand-ins before the screen gets them, so
// that nothing real can be seen: neither in a table nor in a body, whole or cut. What the screen
// asks with a stand-in is asked with the real one.
package mask

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks/actions"
)

// StandIns gives each text a stand-in. The same text has the same one. It is safe for concurrent
// use.
type StandIns struct {
	key []byte

	mu   sync.Mutex
	real map[string]string // of stand-ins that were shown
	// hooks are the webhooks that UP42 has told of, and tests their last tests, by their real ids.
	hooks map[string]client.Webhook
	tests map[string]actions.Outcome
}

// New makes StandIns. Another key gives other stand-ins: whoever does not know it can't find out
// which text a stand-in is for by trying texts.
func New(key []byte) *StandIns {
	return &StandIns{key: key, real: map[string]string{}, hooks: map[string]client.Webhook{}, tests: map[string]actions.Outcome{}}
}

func (s *StandIns) sum(kind, text string) [sha256.Size]byte {
	h := hmac.New(sha256.New, s.key)
	fmt.Fprintf(h, "%s %s", kind, text)
	return [sha256.Size]byte(h.Sum(nil))
}

// keep remembers what a stand-in is for.
func (s *StandIns) keep(fake, text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.real[fake] = text
	return fake
}

// Real returns what a stand-in is for, or the text itself if it is not a stand-in.
func (s *StandIns) Real(fake string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if text, ok := s.real[fake]; ok {
		return text
	}
	return fake
}

// testID is the id in UP42's test events: it says nothing about anybody.
const testID = "00000000-0000-0000-0000-000000000001"

// ID returns the stand-in of an id. It looks like a UUID if the id is one.
func (s *StandIns) ID(id string) string { return s.keep(s.id(id), id) }

func (s *StandIns) id(id string) string {
	if strings.TrimSpace(id) == "" || id == testID {
		return id
	}
	sum := s.sum("id", id)
	if _, err := uuid.Parse(id); err == nil {
		return uuid.UUID(sum[:16]).String()
	}
	const bytes = 5
	return "id-" + hex.EncodeToString(sum[:bytes])
}

// Name returns the stand-in of a name.
func (s *StandIns) Name(name string) string { return s.keep(s.name(name), name) }

func (s *StandIns) name(name string) string {
	if strings.TrimSpace(name) == "" {
		return name
	}
	sum := s.sum("name", name)
	return fmt.Sprintf("%s %s %d", colours[int(sum[0])%len(colours)], things[int(sum[1])%len(things)], 10+int(sum[2])%90)
}

// URL returns the stand-in of a URL. One that leads to this machine keeps its host.
func (s *StandIns) URL(text string) string { return s.keep(s.url(text), text) }

func (s *StandIns) url(text string) string {
	if strings.TrimSpace(text) == "" {
		return text
	}
	sum := s.sum("url", text)
	host := strings.ToLower(colours[int(sum[0])%len(colours)] + "-" + things[int(sum[1])%len(things)])
	return fmt.Sprintf("https://%s.example/%x", host, sum[2:5])
}

// Secret returns the stand-in of a secret.
func (s *StandIns) Secret(secret client.Secret) client.Secret {
	if secret == "" {
		return ""
	}
	sum := s.sum("secret", secret.Reveal())
	const bytes = 16
	return client.Secret(s.keep("masked-"+hex.EncodeToString(sum[:bytes]), secret.Reveal()))
}

var address = regexp.MustCompile(`^[\w.-]+@[\w-]+(\.[\w-]+)+$`)

// any returns the stand-in of a text of which only its form says what it is.
func (s *StandIns) any(text string) string {
	_, notUUID := uuid.Parse(text)
	u, notURL := url.Parse(text)
	switch {
	case notUUID == nil:
		return s.id(text)
	case notURL == nil && u.Scheme != "" && u.Host != "":
		return s.url(text)
	case address.MatchString(text):
		return strings.ToLower(strings.ReplaceAll(s.name(text), " ", ".")) + "@example.com"
	case net.ParseIP(text) != nil:
		return "192.0.2.1"
	default:
		return s.name(text)
	}
}

var (
	colours = [...]string{
		"Amber", "Azure", "Bronze", "Coral", "Crimson", "Golden", "Indigo", "Ivory", "Jade", "Lilac", "Olive", "Orange",
		"Pearl", "Purple", "Ruby", "Scarlet", "Silver", "Teal", "Violet", "White", "Copper", "Ebony", "Lemon", "Maroon",
	}
	things = [...]string{
		"Badger", "Beaver", "Bison", "Crane", "Dolphin", "Eagle", "Falcon", "Ferret", "Gecko", "Heron", "Ibis", "Jackal",
		"Kestrel", "Lark", "Lynx", "Marten", "Moose", "Otter", "Owl", "Panda", "Puffin", "Raven", "Robin", "Salmon",
		"Seal", "Stork", "Swan", "Tapir", "Tiger", "Toucan", "Walrus", "Wombat",
	}
)
