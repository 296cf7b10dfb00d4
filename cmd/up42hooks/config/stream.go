package config

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Stream says where the team's log is, and how to use it.
type Stream struct {
	// Servers are the URLs of the servers of NATS. Without one there is no team.
	Servers []string
	// Name is the name of the stream. Replicas is how many servers keep it, Keep how long it
	// keeps an event; 0: as it is.
	Name     string
	Replicas int
	Keep     time.Duration
	// Ack is AckLocal or AckTeam.
	Ack string
	// Member is the name of this member of the team. If it is empty, it is that of the machine.
	Member string
	// Creds, NKey and Login are files with credentials, CA, Cert and Key files with
	// certificates. All of them may be empty.
	Creds, NKey, Login string
	CA, Cert, Key      string
	// Idle are options of a team that are given without --stream.
	Idle []Idle
}

// Idle is a setting that does nothing.
type Idle struct {
	// Setting is its name, Origin where its value came from. Flag: that is the command line.
	Setting, Origin string
	Flag            bool
}

// The values of Stream.Ack: when UP42 gets its answer.
const (
	AckLocal = "local" // when the event is in the own store
	AckTeam  = "team"  // when it is in the team's stream as well
)

// parseServers refuses passwords: other users of the machine can see flags.
func parseServers(urls []string) ([]string, error) {
	for i, text := range urls {
		u, err := url.Parse(text)
		switch {
		case err != nil || u.Hostname() == "" || u.Scheme != "nats" && u.Scheme != "tls" || u.Path != "" && u.Path != "/" || u.RawQuery != "":
			return nil, errors.New("want URLs like nats://nats.example.com:4222, or tls://")
		case u.User != nil:
			return nil, errors.New("want URLs like nats://nats.example.com:4222, without a password: write USER:PASS into a file and name it by --stream-login")
		case slices.Contains(urls[:i], text):
			return nil, errors.New("want each URL once")
		}
	}
	return urls, nil
}

var streamName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func parseStreamName(text string) (string, error) {
	if !streamName.MatchString(text) {
		return "", errors.New("want letters, digits, - and _, like UP42")
	}
	return text, nil
}

func parseReplicas(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 5 {
		return 0, errors.New("want a number from 1 to 5, like 3")
	}
	return n, nil
}

func parseMember(text string) (string, error) {
	if text = strings.TrimSpace(text); !IsMemberName(text) {
		return "", errors.New("want a name without white space, like receiver-1")
	}
	return text, nil
}

// IsMemberName reports whether a member of a team may have a name.
func IsMemberName(name string) bool { return len(name) <= 64 && isVisibleASCII(name) }

// StreamFlags are the names of the settings with which a command follows a team's stream.
func StreamFlags() []string {
	return []string{"stream", "stream-name", "stream-creds", "stream-nkey", "stream-login", "stream-ca", "stream-cert", "stream-key"}
}
