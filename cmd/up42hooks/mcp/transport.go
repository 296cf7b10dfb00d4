package mcp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	// maxLine is the longest message that is read, in bytes.
	maxLine = 4 << 20
	// maxCalls is how many calls may be unanswered at a time.
	maxCalls = 64
	// maxMethod is the length of the longest name of a method, in bytes. An error repeats it.
	maxMethod = 100
	// maxID is the length of the longest id that the answer to a bad message repeats, in bytes.
	maxID = 200
	// answerTime bounds how long the end of the input waits for the last answers.
	answerTime = 5 * time.Second
	// codeBusy is the code of an error: too many calls at a time.
	codeBusy = -32000
	// codeCancelled is the code of an error: the call was cancelled before it began.
	codeCancelled = -32800
)

// transport carries messages, one a line. Unlike that of the SDK it answers a line that is no
// message, goes on after it, and answers what was asked before the input ended.
type transport struct {
	in  io.Reader
	out io.Writer
	// hangup is called when the input ends.
	hangup func()
}

// Connect begins to read. The connection ends with ctx.
func (t transport) Connect(ctx context.Context) (sdk.Connection, error) {
	ctx, cancel := context.WithCancel(ctx)
	c := &connection{transport: t, ctx: ctx, cancel: cancel, lines: make(chan line), answered: make(chan struct{}, 1)}
	go c.readLines()
	return c, nil
}

// connection is the only one of a transport.
type connection struct {
	transport
	ctx    context.Context
	cancel context.CancelFunc
	lines  chan line // closed at the end of the input

	writing sync.Mutex // held while a line is written: answers and refusals come from different goroutines

	mu       sync.Mutex
	calls    int           // that are not answered yet
	answered chan struct{} // gets a value when no call is open
}

// line is a line of the input.
type line struct {
	text []byte
	// long says that only the start of the line is here.
	long bool
}

// readLines reads until the input or the connection ends. A read of standard input can't be
// cancelled: after the end of the connection it ends with the process.
func (c *connection) readLines() {
	defer close(c.lines)
	in := bufio.NewReader(c.in)
	for {
		l, err := readLine(in)
		if text := bytes.TrimSpace(l.text); len(text) > 0 {
			select {
			case c.lines <- line{text, l.long}:
			case <-c.ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// readLine reads a line, and keeps at most maxLine of it.
func readLine(in *bufio.Reader) (l line, err error) {
	for {
		part, err := in.ReadSlice('\n')
		room := maxLine - len(l.text)
		l.text = append(l.text, part[:min(room, len(part))]...)
		l.long = l.long || len(part) > room
		if !errors.Is(err, bufio.ErrBufferFull) {
			return l, err
		}
	}
}

// Read returns the next message. At the end of the input it waits for the last answers.
func (c *connection) Read(context.Context) (jsonrpc.Message, error) {
	for {
		select {
		case <-c.ctx.Done():
			return nil, io.EOF
		case l, ok := <-c.lines:
			if !ok {
				c.hangup()
				c.drain()
				return nil, io.EOF
			}
			msg, refused := c.accept(l)
			if refused == nil {
				return msg, nil
			}
			if err := c.write(refused); err != nil {
				return nil, fmt.Errorf("answer a bad message: %w", err)
			}
		}
	}
}

// refusal answers a line that is no message.
type refusal struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"` // null if it can't be read
	Error   *jsonrpc.Error  `json:"error"`
}

func refuse(l line, code int64, format string, args ...any) *refusal {
	return &refusal{"2.0", idOf(l.text), &jsonrpc.Error{Code: code, Message: fmt.Sprintf(format, args...)}}
}

// accept returns the message of a line, or why the line is not one.
func (c *connection) accept(l line) (jsonrpc.Message, *refusal) {
	switch {
	case l.long:
		return nil, refuse(l, jsonrpc.CodeInvalidRequest, "the message is longer than %d MiB", maxLine>>20)
	case !json.Valid(l.text) || !utf8.Valid(l.text):
		return nil, refuse(l, jsonrpc.CodeParseError, "the line is not JSON in UTF-8: each message is one line")
	case l.text[0] == '[':
		return nil, refuse(l, jsonrpc.CodeInvalidRequest, "batches are not supported: send each message on a line of its own")
	}
	msg, err := jsonrpc.DecodeMessage(l.text)
	if err != nil {
		return nil, refuse(l, jsonrpc.CodeInvalidRequest, "the line is not a message of JSON-RPC 2.0")
	}
	r, ok := msg.(*jsonrpc.Request)
	switch {
	case ok && len(r.Method) > maxMethod:
		return nil, refuse(l, jsonrpc.CodeMethodNotFound, "there is no method with so long a name")
	case !ok || !r.IsCall():
		return msg, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls >= maxCalls {
		return nil, refuse(l, codeBusy, "%d calls are not answered yet: wait for an answer, or cancel a call", c.calls)
	}
	c.calls++
	return msg, nil
}

// idOf returns the id in a text that begins like a message, or null.
func idOf(text []byte) json.RawMessage {
	null := json.RawMessage("null")
	dec := json.NewDecoder(bytes.NewReader(text))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return null
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return null
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return null
		}
		if key != "id" {
			continue
		}
		if id := value[0]; id == '"' || id == '-' || '0' <= id && id <= '9' {
			return usable(value)
		}
		return null
	}
	return null
}

// usable returns an id as it came, or null for one that an answer should not repeat.
func usable(id json.RawMessage) json.RawMessage {
	if len(id) > maxID || !utf8.Valid(id) {
		return json.RawMessage("null")
	}
	return id
}

// drain waits until all calls are answered.
func (c *connection) drain() {
	late := time.NewTimer(answerTime)
	defer late.Stop()
	for c.unanswered() > 0 {
		select {
		case <-c.answered:
		case <-c.ctx.Done():
			return
		case <-late.C:
			return
		}
	}
}

func (c *connection) unanswered() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls
}

// Write writes a message.
func (c *connection) Write(_ context.Context, msg jsonrpc.Message) error {
	if r, ok := msg.(*jsonrpc.Response); ok && errors.Is(r.Error, context.Canceled) {
		// The SDK answers so a call that is cancelled before its handler begins.
		msg = &jsonrpc.Response{ID: r.ID, Error: &jsonrpc.Error{Code: codeCancelled, Message: errCancelled.Error()}}
	}
	text, err := jsonrpc.EncodeMessage(msg)
	if err != nil {
		return fmt.Errorf("encode an answer: %w", err)
	}
	err = c.writeLine(text)
	if _, ok := msg.(*jsonrpc.Response); ok {
		c.done()
	}
	return err
}

// done notes that a call is answered.
func (c *connection) done() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls--; c.calls == 0 {
		select {
		case c.answered <- struct{}{}:
		default:
		}
	}
}

func (c *connection) write(r *refusal) error {
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode an answer: %w", err)
	}
	return c.writeLine(text)
}

func (c *connection) writeLine(text []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if _, err := c.out.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	return nil
}

// Close implements sdk.Connection.
func (c *connection) Close() error {
	c.cancel()
	return nil
}

// SessionID implements sdk.Connection. There is only one session.
func (c *connection) SessionID() string { return "" }
