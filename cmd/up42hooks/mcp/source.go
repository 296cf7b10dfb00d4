package mcp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// source is the store, which each call opens for itself. So the server never holds a store that
// was replaced, and needs none to start.
type source struct {
	env  cli.Env
	file string
}

// pollEvery is how often a call that waits looks for changes. It is a part of the time between
// the answer to a delivery and that of the call.
const pollEvery = 20 * time.Millisecond

// read calls do with the store. It is nil if the store does not exist.
func (s *source) read(ctx context.Context, do func(*sqlite.Log) error) (err error) {
	log, err := sqlite.Open(ctx, s.file, sqlite.Options{Now: s.env.Now, ReadOnly: true, Poll: pollEvery})
	if errors.Is(err, sqlite.ErrMissing) {
		return do(nil)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	return do(log)
}

// receiving says whether new events can come.
type receiving struct {
	Running bool   `json:"running" jsonschema:"a receiver writes to the store now"`
	Address string `json:"address,omitempty" jsonschema:"where it listens"`
	Note    string `json:"note,omitempty" jsonschema:"why nothing new comes, and what to do"`
}

// receiver says whether a receiver has the store.
func (s *source) receiver() receiving {
	holder, err := store.HeldBy(s.file)
	switch {
	case err != nil:
		return receiving{Note: "it is not known whether a receiver runs: " + err.Error()}
	case holder != nil && holder.Receives():
		return receiving{Running: true, Address: holder.Address}
	}
	return receiving{Note: "no receiver runs on this store, so nothing new comes: the owner starts one with: up42hooks"}
}

// state is a part of each result about the store.
type state struct {
	Receiver receiving `json:"receiver"`
	Missing  string    `json:"missing,omitempty" jsonschema:"the store does not exist yet, and what to do"`
}

// state returns the state of the store; exists says that it could be opened.
func (s *source) state(exists bool) state {
	st := state{Receiver: s.receiver()}
	if !exists {
		st.Missing = fmt.Sprintf("nothing was received yet: %s does not exist; the owner starts a receiver with: up42hooks", s.file)
	}
	return st
}
