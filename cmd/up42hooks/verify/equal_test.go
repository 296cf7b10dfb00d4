package verify

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/verify/capture"
	"github.com/up42/up42-webhooks/receiver"
)

// testReceiver is a receiver that people reach over TCP, with the settings of the vector
// goodVector.
type testReceiver struct {
	receiver.Log
	address string
	config  *config.Config
	vector  func() (raw string)
	events  chan *receiver.Event
	judge   func(t require.TestingT, r *capture.Request) judgement
}

func (r *testReceiver) Append(_ context.Context, e *receiver.Event) (receiver.Receipt, error) {
	r.Reject(e)
	return receiver.Receipt{Seq: 1}, nil
}

func (r *testReceiver) Reject(e *receiver.Event) {
	select {
	case r.events <- e:
	default: // more requests than one
	}
}

func (r *testReceiver) CountUnmatched() {}

func newTestReceiver(t *testing.T) *testReceiver {
	t.Helper()
	v := vectors(t)[goodVector]
	c := &config.Config{Path: "/receive-webhooks", MaxBody: 4 << 10, BasicAuth: "ada:lovelace"}
	r := &testReceiver{config: c, vector: func() string { return string(v.Raw) }, events: make(chan *receiver.Event, 8)}
	h := receiver.NewHandler(receiver.HandlerOptions{Log: r, Path: c.Path, MaxBody: c.MaxBody, BasicAuth: c.BasicAuth, Now: v.Time}, v.Policy())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r.address = l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- receiver.NewServer(h, receiver.ServerOptions{}).Serve(ctx, l) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-ended) })
	r.judge = func(t require.TestingT, request *capture.Request) judgement {
		j, err := judge(ctx, request, c, v.Policy(), v.Time())
		require.NoError(t, err)
		return j
	}
	return r
}

// send sends bytes, and returns the status of the first answer, 0 without an answer, and
// what the receiver made of the request.
func (r *testReceiver) send(t require.TestingT, raw []byte) (status int, e *receiver.Event) {
	c, err := net.Dial("tcp", r.address)
	require.NoError(t, err)
	defer func() { _ = c.Close() }()
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	_, _ = c.Write(raw) // the receiver may close the connection before the end
	_ = c.(*net.TCPConn).CloseWrite()
	answers := bufio.NewReader(c)
	for status < 200 {
		res, err := http.ReadResponse(answers, nil)
		if err != nil {
			break
		}
		_, _ = io.Copy(io.Discard, res.Body)
		status = res.StatusCode
	}
	_, _ = io.Copy(io.Discard, answers) // all of it is judged
	for {
		select {
		case next := <-r.events:
			if e == nil {
				e = next
			}
		default:
			return status, e
		}
	}
}

// agrees checks that the command and the receiver judge a capture alike. It returns what
// the command says.
func (r *testReceiver) agrees(t require.TestingT, raw string) (judgement, bool) {
	request, err := capture.Parse([]byte(raw))
	if err != nil {
		return judgement{}, false
	}
	if len(request.Notes) == 0 {
		require.Equal(t, strings.TrimLeft(strings.TrimPrefix(raw, "\ufeff"), "\r\n"), string(request.Wire), "without a note the capture is judged as it is")
	}
	j := r.judge(t, request)
	status, e := r.send(t, request.Wire)
	verdict, reason := unmatched, receiver.Reason("")
	if e != nil {
		verdict, reason = e.Verdict, e.Reason
	}
	require.Equal(t, verdict, j.verdict, "%q", request.Wire)
	require.Equal(t, reason, j.reason, "%q", request.Wire)
	require.Equal(t, status, j.status, "%q", request.Wire)
	require.Equal(t, j.taken(), status == 200 && e != nil, "what is called good is stored")
	return j, true
}

func TestTheReceiverAgrees(t *testing.T) {
	r := newTestReceiver(t)
	good := r.vector()
	with := func(header string) string { return strings.Replace(good, "\r\nHost:", "\r\n"+header+"\r\nHost:", 1) }
	line := func(from, to string) string {
		require.Contains(t, good, from)
		return strings.Replace(good, from, to, 1)
	}
	head, body, _ := strings.Cut(good, "\r\n\r\n")
	for name, tc := range map[string]struct{ raw, want string }{
		"as it came":                       {good, "verified "},
		"lower case":                       {strings.Replace(line("Digest:", "digest:"), "Date:", "DATE:", 1), "verified "},
		"another method":                   {line("POST", "PUT"), "rejected method-not-allowed"},
		"a probe":                          {line("POST", "GET"), "unmatched "},
		"another path":                     {line("/receive-webhooks", "/hooks"), "unmatched "},
		"a slash more":                     {line("/receive-webhooks", "//receive-webhooks/"), "verified "},
		"a query":                          {line("/receive-webhooks", "/receive-webhooks?a=b"), "verified "},
		"absolute form":                    {line("/receive-webhooks", "http://other/receive-webhooks"), "verified "},
		"another host":                     {strings.Replace(good, "Host: ", "Host: x", 1), "verified "},
		"ping":                             {"GET /ping HTTP/1.1\r\nHost: h\r\n\r\n", "unmatched "},
		"line feeds only":                  {strings.ReplaceAll(head, "\r\n", "\n") + "\n\n" + body, "verified "},
		"one line feed":                    {line("\r\nHost", "\nHost"), "rejected component-malformed"},
		"a folded line":                    {line("Digest: ", "Digest:\r\n "), "rejected component-malformed"},
		"a tab":                            {line("Digest: ", "Digest:\t"), "verified "},
		"a date more":                      {with("Date: Mon, 21 Sep 2026 14:13:18 GMT"), "rejected component-repeated"},
		"chunks":                           {chunked(good), "verified "},
		"chunks of line feeds":             {strings.ReplaceAll(chunked(good), "\r\n", "\n"), "verified "},
		"chunks that were joined":          {line("Content-Length: 299", "Transfer-Encoding: chunked"), "verified "},
		"chunks and a length":              {with("Transfer-Encoding: chunked"), "rejected body-malformed"},
		"chunks in HTTP/1.0":               {strings.Replace(chunked(good), "HTTP/1.1", "HTTP/1.0", 1), "rejected body-malformed"},
		"HTTP/1.0":                         {line("HTTP/1.1", "HTTP/1.0"), "verified "},
		"HTTP/1.0 without a length":        {strings.Replace(line("HTTP/1.1", "HTTP/1.0"), "Content-Length: 299\r\n", "", 1), "verified "},
		"HTTP/2":                           {line("HTTP/1.1", "HTTP/2"), "verified "},
		"without a length":                 {line("Content-Length: 299\r\n", ""), "verified "},
		"the length twice":                 {with("Content-Length: 299"), "verified "},
		"cut off":                          {good[:len(good)-1], "rejected body-malformed"},
		"without a body":                   {head + "\r\n\r\n", "rejected body-malformed"},
		"more after it":                    {good + good, "verified "},
		"expect":                           {with("Expect: 100-continue"), "verified "},
		"an unknown expectation":           {with("Expect: more"), "unmatched "},
		"connection: close":                {with("Connection: close"), "verified "},
		"compressed":                       {with("Content-Encoding: gzip"), "verified "},
		"256 lines":                        {with(strings.TrimSuffix(strings.Repeat("A: b\r\n", 300), "\r\n")), "unmatched "},
		"a large head":                     {with("A: " + strings.Repeat("a", 60<<10)), "unmatched "},
		"a large body":                     {line("Content-Length: 299", "Content-Length: 5000") + strings.Repeat(" ", 5000-299), "rejected body-too-large"},
		"a large body in chunks":           {strings.Replace(chunked(good), "64\r\n", fmt.Sprintf("%x\r\n%s\r\n64\r\n", 5000, strings.Repeat(" ", 5000)), 1), "rejected body-too-large"},
		"no JSON":                          {"POST /receive-webhooks HTTP/1.1\r\nHost: h\r\nAuthorization: Basic YWRhOmxvdmVsYWNl\r\nContent-Length: 1\r\n\r\nx", "rejected body-malformed"},
		"the password":                     {passworded(body), "trusted "},
		"another password":                 {with("Authorization: Basic YWRhOmJ5cm9u"), "rejected wrong-credentials"},
		"unsigned":                         {strings.Replace(good, "\r\nSignature: ", "\r\nX: ", 1), "rejected missing-signature"},
		"pseudo headers":                   {strings.Replace(line(" HTTP/1.1\r\n", " HTTP/2\r\n:scheme: https\r\n"), "Host: ", ":authority: ", 1), "verified "},
		"a byte that is not ASCII":         {line("Digest: ", "Digest: \xe9"), "rejected component-malformed"},
		"a line end before":                {"\r\n" + good, "verified "},
		"an end of the header in the body": {line("Content-Length: 299", "Content-Length: 4\r\n\r\n{}\r\n"), "rejected "},
		"an empty line of a line feed":     {head + "\r\n\n" + body, "rejected component-malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			j, ok := r.agrees(t, tc.raw)
			require.True(t, ok, "it can be read")
			assert.True(t, strings.HasPrefix(string(j.verdict)+" "+string(j.reason), tc.want), "%s %s", j.verdict, j.reason)
		})
	}
}

// passworded is a delivery without a signature.
func passworded(body string) string {
	return fmt.Sprintf("POST /receive-webhooks HTTP/1.1\r\nHost: h\r\nAuthorization: Basic YWRhOmxvdmVsYWNl\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// Whatever is changed in a capture, the command and the receiver agree.
func TestTheReceiverAgreesOnAnyChange(t *testing.T) {
	r := newTestReceiver(t)
	starts := []string{r.vector(), chunked(r.vector()), strings.ReplaceAll(r.vector(), "\r\n", "\n")}
	pieces := []string{
		"\r\n", "\n", "\r", " ", "\t", ":", ",", "\x00", "\xe9", "0", "a", "\r\n ", "\r\nTransfer-Encoding: chunked", "\r\nContent-Length: 0", "\r\nContent-Length: 299",
		"\r\nDate: x", "\r\nHost: h", "\r\nExpect: 100-continue", "\r\nContent-Encoding: br", "\r\nAuthorization: Basic YWRhOmxvdmVsYWNl", "\r\n\r\n", "{}", "GET ", "/", "HTTP/1.0",
	}
	rapid.Check(t, func(rt *rapid.T) {
		raw := rapid.SampledFrom(starts).Draw(rt, "start")
		for range rapid.IntRange(1, 3).Draw(rt, "changes") {
			at := rapid.IntRange(0, len(raw)).Draw(rt, "at")
			to := at + rapid.IntRange(0, min(8, len(raw)-at)).Draw(rt, "without")
			raw = raw[:at] + rapid.SampledFrom(append(pieces, "")).Draw(rt, "with") + raw[to:]
		}
		r.agrees(rt, raw)
	})
}
