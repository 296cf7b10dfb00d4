package mcp

import (
	"bytes"
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
