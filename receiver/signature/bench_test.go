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
	for _, bb := range []struct {
		name    string
		secrets []string
	}{
		{"one secret", []string{"correct horse"}},
		{"three secrets", []string{"old", "older", "correct horse"}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			now := time.Unix(1790000000, 0)
			r := signature.Request{
				Header: http.Header{"Content-Type": {"application/json"}},
				Host:   "hooks.example.com",
				Body:   bytes.Repeat([]byte("x"), 1024),
			}
			require.NoError(b, signature.Sign(r, "correct horse", nil, now))
			v := signature.New(signature.Policy{Secrets: bb.secrets})
			b.ReportAllocs()
			for b.Loop() {
				if res, err := v.Verify(r, now); err != nil || !res.BodyCovered {
					b.Fatal(res, err)
				}
			}
		})
	}
}
