package exchange_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
)

// FuzzReader checks that an event which is read from an export, and exported again, is the
// same event.
func FuzzReader(f *testing.F) {
	f.Add([]byte(header + `{"event":{"seq":1,"receivedAt":"2026-01-09T03:34:52Z","verdict":"verified","proof":{},"headers":[["Date","x"]],"body":"e30="}}` + "\n"))
	f.Add([]byte(header + `{"event":{"verdict":"verified"}}` + "\n"))
	f.Add([]byte(header + `{"counters":{"lastSeq":3}}` + "\n{\n"))
	f.Add([]byte(header + `{"message":{}}` + "\n" + `{"row":{}}` + "\n" + `{"progress":{}}` + "\n" + `{"failure":{}}` + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := exchange.NewReader(bytes.NewReader(text))
		if err != nil {
			return
		}
		for {
			l, err := in.Next()
			if err != nil || l == nil {
				return
			}
			if l.Event != nil {
				sameAgain(t, in, l.Event)
			}
		}
	})
}

func sameAgain(t *testing.T, in *exchange.Reader, x *exchange.Event) {
	e, err := in.Event(x)
	if err != nil {
		return
	}
	var out bytes.Buffer
	w := exchange.NewWriter(&out)
	require.NoError(t, w.Begin(false))
	require.NoError(t, w.Put(exchange.Line{Event: exchange.EventOf(e)}))
	require.NoError(t, w.Flush())
	again, err := exchange.NewReader(&out)
	require.NoError(t, err)
	l, err := again.Next()
	require.NoError(t, err)
	second, err := again.Event(l.Event)
	require.NoError(t, err)
	assert.Equal(t, string(e.Raw), string(second.Raw), "no body and an empty one are the same")
	e.Raw, second.Raw = nil, nil
	assert.Equal(t, e, second)
}
