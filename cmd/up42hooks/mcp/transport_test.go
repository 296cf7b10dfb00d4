package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Answers come from other goroutines than refusals of lines that are no message. Each is a whole line.
func TestAnswersAndRefusalsAreWholeLines(t *testing.T) {
	const lines = 200
	var out bytes.Buffer
	c, err := transport{in: strings.NewReader(strings.Repeat("nonsense\n", lines)), out: &out, hangup: func() {}}.Connect(t.Context())
	require.NoError(t, err)
	var answers sync.WaitGroup
	for range 2 {
		answers.Go(func() {
			for range lines {
				assert.NoError(t, c.Write(t.Context(), &jsonrpc.Request{Method: "notifications/x"}))
			}
		})
	}
	_, err = c.Read(t.Context())
	assert.ErrorIs(t, err, io.EOF)
	answers.Wait()
	require.NoError(t, c.Close())
	written := bytes.Split(bytes.TrimSuffix(out.Bytes(), []byte("\n")), []byte("\n"))
	assert.Len(t, written, 3*lines)
	for _, line := range written {
		assert.True(t, json.Valid(line), "%s", line)
	}
}

// A call may be cancelled before its handler begins. Its answer has no words of Go.
func TestACallThatIsCancelledBeforeItBegins(t *testing.T) {
	var out bytes.Buffer
	c := &connection{transport: transport{out: &out}, calls: 1, answered: make(chan struct{}, 1)}
	id, err := jsonrpc.MakeID("seven")
	require.NoError(t, err)
	require.NoError(t, c.Write(t.Context(), &jsonrpc.Response{ID: id, Error: context.Canceled}))
	assert.JSONEq(t, `{"jsonrpc":"2.0","id":"seven","error":{"code":-32800,"message":"the call was cancelled before it was done, so it has no result: call again if you still want it"}}`, out.String())
	assert.Zero(t, c.unanswered())
}
