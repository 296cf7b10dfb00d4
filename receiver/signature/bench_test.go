package signature_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/signature"
)

func BenchmarkVerify(b *testing.B) {
	now := time.Unix(1790000000, 0)
	sized := bytes.Repeat([]byte("x"), 1024)
	// The timestamp comes last, so that the whole body is searched.
	stamped := []byte(`{"event":"order.status","body":{"note":"` + string(sized[:956]) + `"},"timestamp":"` + now.UTC().Format(time.RFC3339) + `"}`)
	for _, bb := range []struct {
		name       string
		secrets    []string
		components []string
		body       []byte
	}{
		{"one secret", []string{"correct horse"}, nil, sized},
		{"three secrets", []string{"old", "older", "correct horse"}, nil, sized},
		{"no date", []string{"correct horse"}, []string{"digest"}, stamped},
	} {
		b.Run(bb.name, func(b *testing.B) {
			r := signature.Request{
				Header: http.Header{"Content-Type": {"application/json"}},
				Host:   "hooks.example.com",
				Body:   bb.body,
			}
			require.NoError(b, signature.Sign(r, "correct horse", bb.components, now))
			v := signature.New(signature.Policy{Secrets: bb.secrets})
			b.ReportAllocs()
			for b.Loop() {
				if res, err := v.Verify(r, now); err != nil || !res.Proved() {
					b.Fatal(res, err)
				}
			}
		})
	}
}
