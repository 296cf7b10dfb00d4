package sqlite_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

var (
	start         = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	orderStatuses = []receiver.Status{"CREATED", "BEING_PLACED", "PLACED", "BEING_FULFILLED", "FULFILLED"}
)

// delivery returns an event as the handler makes it from a request.
func delivery(t testing.TB, body string, v receiver.Verdict) *receiver.Event {
	t.Helper()
	m, err := receiver.Decode([]byte(body))
	require.NoError(t, err)
	sum := sha256.Sum256([]byte(body))
	return &receiver.Event{
		Message: m, Raw: []byte(body), Verdict: v, ReceivedAt: start, Secret: "0",
		Proof: receiver.Proof{
			Label: "up42-sig", Components: []string{"date", "digest"}, Created: start.Unix(), Digest: "sha-256", BodyCovered: true,
			Method: "POST", Path: "/receive-webhooks", Remote: "127.0.0.1:40000",
		},
		Headers: []receiver.Header{
			{Name: "Content-Type", Value: "application/json"},
			{Name: "Date", Value: "Mon, 23 Nov 2026 10:00:00 GMT"},
			{Name: "Digest", Value: "SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])},
			{Name: "Host", Value: "hooks.example.com"},
			{Name: "Signature", Value: "up42-sig=aGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd28="},
			{Name: "Signature-Input", Value: `up42-sig=("date" "digest");created=1795428000`},
			{Name: "User-Agent", Value: "up42"},
		},
	}
}

// orderBody returns a body of at least size bytes. Without a messageID it has no id.
func orderBody(messageID, orderID string, s receiver.Status, at time.Time, size int) string {
	m := map[string]any{
		"event": receiver.OrderStatus, "liveMode": true, "timestamp": at.Format(time.RFC3339Nano),
		"body": map[string]any{"orderId": orderID, "orderType": "ARCHIVE", "dataHostName": "oneatlas", "status": s},
	}
	if messageID != "" {
		m["messageId"] = messageID
	}
	b, _ := json.Marshal(m)
	if pad := size - len(b) - len(`,"note":""`); pad > 0 {
		b = append(b[:len(b)-1], fmt.Sprintf(`,"note":%q}`, strings.Repeat("x", pad))...)
	}
	return string(b)
}

// orderEvents returns all events of one order, with bodies of 1 KB.
func orderEvents(t testing.TB) []*receiver.Event {
	id := uuid.NewString()
	events := make([]*receiver.Event, len(orderStatuses))
	for i, s := range orderStatuses {
		events[i] = delivery(t, orderBody(uuid.NewString(), id, s, start.Add(time.Duration(i)*time.Minute), 1024), receiver.Verified)
	}
	return events
}

// rounds is how often a random test tries something, unless an environment variable says it.
func rounds(t testing.TB, variable string, n int) int {
	t.Helper()
	if more := os.Getenv(variable); more != "" {
		var err error
		n, err = strconv.Atoi(more)
		require.NoError(t, err, variable)
		require.Positive(t, n, variable)
	}
	return n
}

func open(t testing.TB, file string, o sqlite.Options) *sqlite.Log {
	t.Helper()
	l, err := sqlite.Open(t.Context(), file, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return l
}

// fill appends events in transactions of five, the events of an order. Where it is of no
// matter how events came into the store, it takes less time than appendAll.
func fill(t testing.TB, l *sqlite.Log, events ...*receiver.Event) {
	t.Helper()
	for some := range slices.Chunk(events, len(orderStatuses)) {
		_, err := l.AppendAll(t.Context(), some)
		require.NoError(t, err)
	}
}

func appendAll(t testing.TB, l *sqlite.Log, events ...*receiver.Event) []receiver.Receipt {
	t.Helper()
	receipts := make([]receiver.Receipt, len(events))
	for i, e := range events {
		r, err := l.Append(t.Context(), e)
		require.NoError(t, err)
		receipts[i] = r
	}
	return receipts
}
