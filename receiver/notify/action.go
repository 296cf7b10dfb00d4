package notify

import "context"

// Action is a way to send a message. [Bell], [Desktop], [File] and [Post] make them.
type Action interface {
	// Send sends a message. It may block, but not longer than ctx.
	Send(ctx context.Context, m *Message) error
	// Persistent reports whether a message can be read later. If so, each delivery has a
	// message unless the rule says otherwise, and a message that waits is sent at once
	// when the program ends; otherwise it is dropped.
	Persistent() bool
	// String names the action in logs. It holds no secret.
	String() string
}

// Checker is an Action that can find out beforehand whether it works.
type Checker interface {
	// Check returns an error if a message could not be sent now. It sends none.
	Check(ctx context.Context) error
}
