package recorded_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/cmd/up42hooks/recording/recorded"
)

// FuzzRead checks that what is read of a recording can be played: times that are not negative,
// and bodies of JSON.
func FuzzRead(f *testing.F) {
	const head = `{"up42hooks":"recording","version":1,"key":"k"}` + "\n"
	f.Add([]byte(head + `{"at":0,"body":{"event":"order.status"}}` + "\n" + `{"at":9223372036854775807,"body":{}}` + "\n"))
	f.Add([]byte(head + `{"at":5,"body":{}}` + "\n" + `{"at":7,"bo`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := recorded.Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		assert.NotEmpty(t, r.Key)
		for _, d := range r.Deliveries {
			assert.GreaterOrEqual(t, int64(d.After()), int64(0))
			assert.True(t, json.Valid(d.Body))
		}
	})
}
