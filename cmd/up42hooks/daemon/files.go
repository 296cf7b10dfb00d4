package daemon

import (
	"fmt"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/limit"
)

// Files that a receiver needs beside its connections.
const (
	ownFiles       = 40  // the store and its readers, the log, the admin address, UP42's API
	filesPerTarget = 40  // events under way: a connection each, or a program with its pipes
	filesOfSSH     = 200 // its sessions, and connections without one: see cmd/up42hooks/remote
	minFiles       = 16  // for ten connections, and those that are told to go away
)

// connections is how many connections are open at a time, and how many more are told to
// go away.
type connections struct{ open, closing int }

// connectionsWithin returns as many connections as the configuration asks for, or as many
// as the limit of open files allows. The limit is 0 if it is not known.
func connectionsWithin(openFiles int, c *config.Config) (n connections, err error) {
	if openFiles == 0 {
		return connections{c.MaxConnections, limit.MaxClosing}, nil
	}
	own := ownFiles + filesPerTarget*len(c.ForwardTo)
	if c.SSH != "" {
		own += filesOfSSH
	}
	if c.Exec != "" {
		own += filesPerTarget
	}
	if openFiles < own+minFiles {
		return n, fmt.Errorf("the system allows %d open files (ulimit -n), and the receiver needs %d: raise the limit", openFiles, own+minFiles)
	}
	n.open, n.closing = limit.Fit(c.MaxConnections, openFiles-own)
	return n, nil
}
