package admission_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// BenchmarkDryRun judges 1,000 rejected deliveries again, as after each change of the
// secrets. The pauses for the deliveries that come in meanwhile are in the time.
func BenchmarkDryRun(b *testing.B) {
	for _, size := range []int{1 << 10, 64 << 10} {
		b.Run(fmt.Sprintf("%dKB", size>>10), func(b *testing.B) {
			log, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "events.db"), sqlite.Options{})
			require.NoError(b, err)
			defer func() { require.NoError(b, log.Close()) }()
			for range receiver.RejectedKept {
				req := receivertest.SignedRequest(b, "http://h/", make([]byte, size), "right")
				e := &receiver.Event{ReceivedAt: time.Now(), Verdict: receiver.Rejected, Reason: signature.SignatureMismatch, Plain: true, Raw: make([]byte, size)}
				for name, values := range req.Header {
					e.Headers = append(e.Headers, receiver.Header{Name: name, Value: values[0]})
				}
				log.Reject(e)
			}
			var seen receiver.Version
			for kept := int64(0); kept < receiver.RejectedKept; { // they are written a moment later
				seen, err = log.Wait(b.Context(), seen)
				require.NoError(b, err)
				info, err := log.Info(b.Context())
				require.NoError(b, err)
				kept = info.Kept
			}
			h := receiver.NewHandler(receiver.HandlerOptions{Log: log}, signature.Policy{Secrets: []string{"a", "b", "right"}})
			a := admission.New(admission.Options{Log: log, Judge: h.JudgeAgain, Now: time.Now})
			b.ReportAllocs()
			for b.Loop() {
				_, err := a.Do(context.Background(), admission.Request{All: true, DryRun: true})
				require.NoError(b, err)
			}
		})
	}
}
