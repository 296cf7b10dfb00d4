package notify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// chat runs the webhook of a chat and returns its URL.
func chat(t *testing.T, handle http.HandlerFunc) (url string) {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	return s.URL + "/services/T0/s3cr3t"
}

// message returns the message that Run makes of events.
func message(t *testing.T, e ...*receiver.Event) (m *notify.Message) {
	t.Helper()
	within(t, func(t *testing.T, a *recorder) {
		r := run(t, notify.Options{
			Rules: []notify.Rule{{Name: `"ends"`, Do: []notify.Action{a}}},
			Clean: func(s string, _ int) string { return s }, // JSON has to escape it
		})
		r.log.Add(e...)
		after(time.Second)
		a.take()
		m = a.last
	})
	return m
}

func TestFromTheStoreToTheChat(t *testing.T) {
	got := make(chan string, 1)
	url := chat(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r.Method + " " + r.URL.Path + " " + r.Header.Get("Content-Type") + " " + r.Header.Get("X-Key") + " " + string(body)
	})
	l, err := sqlite.Open(t.Context(), t.TempDir()+"/events.db", sqlite.Options{})
	require.NoError(t, err)
	post, err := notify.Post(notify.PostOptions{URL: url, Header: http.Header{"X-Key": {"k"}}})
	require.NoError(t, err)

	asked := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- notify.Run(ctx, notify.Options{Log: started{l, asked}, Rules: []notify.Rule{{When: when(t, "is:failed"), Do: []notify.Action{post}}}})
	}()
	<-asked
	raw := `{"event":"order.status","liveMode":true,"body":{"orderId":"o1","status":"FAILED"}}`
	e := &receiver.Event{Verdict: receiver.Verified, Raw: []byte(raw)}
	e.Message, err = receiver.Decode(e.Raw)
	require.NoError(t, err)
	_, err = l.Append(t.Context(), e)
	require.NoError(t, err)
	assert.Equal(t, `POST /services/T0/s3cr3t application/json k {"text": "order o1 is FAILED"}`, <-got)
	cancel()
	require.NoError(t, <-done)
	require.NoError(t, l.Close())
}

// started closes a channel when the reader knows where to start.
type started struct {
	receiver.Reader
	asked chan struct{}
}

func (s started) Counts(ctx context.Context) (receiver.Counts, error) {
	c, err := s.Reader.Counts(ctx)
	close(s.asked)
	return c, err
}

func TestBodiesStayJSON(t *testing.T) {
	got := make(chan string, 1)
	url := chat(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- string(body)
	})
	post, err := notify.Post(notify.PostOptions{URL: url, Body: `{"content":"{rule}: {name}","n":{count},"deep":[{"id":"{id}"}],"none":{}}`})
	require.NoError(t, err)
	name := "a\"b\\c\n</script>\u2028{id}\xff"
	m := message(t, order("o1", "PLACED", receivertest.Named(name)))
	require.NoError(t, post.Send(t.Context(), m))
	var body struct {
		Content string
		N       int
		Deep    []struct{ ID string }
	}
	require.NoError(t, json.Unmarshal([]byte(<-got), &body))
	assert.Equal(t, `"ends": `+strings.NewReplacer("<", "‹", ">", "›").Replace(strings.ToValidUTF8(name, "\ufffd")), body.Content)
	assert.Equal(t, 1, body.N)
	assert.Equal(t, "o1", body.Deep[0].ID)
}

func TestAMessageMentionsNobody(t *testing.T) {
	got := make(chan string, 1)
	url := chat(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- string(body)
	})
	post, err := notify.Post(notify.PostOptions{URL: url, Body: `{"text": "<!here> {text} {name} {status} {id}"}`})
	require.NoError(t, err)
	for _, word := range []string{
		"<!channel>", "<!here|here>", "<!everyone>", "<!subteam^S1>", "<@U123>", "<#C1>", "<https://evil.example|click>", "<users/all>",
		"@everyone", "@here", "@channel", "@all", "x@everyone", "@\u200beveryone", "<at>all</at>",
	} {
		require.NoError(t, post.Send(t.Context(), message(t, order(word, receiver.Status(word), receivertest.Named(word)))))
		var body struct{ Text string }
		require.NoError(t, json.Unmarshal([]byte(<-got), &body))
		own, ours := strings.CutPrefix(body.Text, "<!here> ")
		assert.True(t, ours, "the owner's own text is kept")
		assert.NotContains(t, own, "@", word)
		assert.NotContains(t, own, "<", word)
	}
}

func TestInvalidPostOptions(t *testing.T) {
	for _, o := range []notify.PostOptions{
		{URL: ""},
		{URL: "chat"},
		{URL: "http://chat.example.com/s3cr3t"},
		{URL: "ftp://127.0.0.1/s3cr3t"},
		{URL: "https:///s3cr3t"},
		{URL: "https://[::1/s3cr3t"},
		{URL: "http://127.0.0.1.example.com/s3cr3t"},
		{URL: "https://chat.example.com/s3cr3t", Body: "{text}"},
		{URL: "https://chat.example.com/s3cr3t", Body: `{"a": {name}}`},
		{URL: "https://chat.example.com/s3cr3t", Body: `{"a": "{nmae}"}`},
		{URL: "https://chat.example.com/s3cr3t", Body: `{"a": "{name}"`},
	} {
		_, err := notify.Post(o)
		require.Error(t, err, "%+v", o)
		assert.NotContains(t, err.Error(), "s3cr3t")
	}
	for _, url := range []string{"https://chat.example.com/x", "http://localhost:1/x", "http://[::1]:1/x", "http://127.0.0.7/x"} {
		_, err := notify.Post(notify.PostOptions{URL: url})
		require.NoError(t, err)
	}
}

// answers is a transport that answers without a network, for tests in a time of their own.
type answers struct {
	t     *testing.T
	say   []func() (*http.Response, error)
	asked []time.Duration
	start time.Time
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	_, err := io.Copy(io.Discard, r.Body)
	require.NoError(a.t, err)
	a.asked = append(a.asked, time.Since(a.start))
	next := a.say[0]
	a.say = a.say[1:]
	if next == nil {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return next()
}

func answer(status int, header ...string) func() (*http.Response, error) {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return func() (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader("no"))}, nil
	}
}

func broken() (*http.Response, error) { return nil, fmt.Errorf("the line is cut") }

func TestAMessageIsPostedUntilTheChatTakesIt(t *testing.T) {
	type say = []func() (*http.Response, error)
	s := time.Second
	for name, c := range map[string]struct {
		say   say
		asked []time.Duration
		err   string
	}{
		"fine":         {say{answer(204)}, []time.Duration{0}, ""},
		"500":          {say{answer(500), answer(200)}, []time.Duration{0, s}, "answered 500"},
		"cut":          {say{broken, broken, answer(200)}, []time.Duration{0, s, 3 * s}, "the line is cut"},
		"for long":     {say{broken, answer(503), broken, broken, answer(200)}, []time.Duration{0, s, 3 * s, 7 * s, 15 * s}, "the line is cut"},
		"429":          {say{answer(429, "Retry-After", "7"), answer(200)}, []time.Duration{0, 7 * s}, "answered 429"},
		"429 for long": {say{answer(429, "Retry-After", "999"), answer(200)}, []time.Duration{0, 999 * s}, "answered 429"},
		"404":          {say{answer(404)}, []time.Duration{0}, "answered 404 Not Found"},
		"redirect":     {say{answer(302, "Location", "https://elsewhere.example.com/")}, []time.Duration{0}, "redirect"},
		"hangs":        {say{nil, answer(200)}, []time.Duration{0, 11 * s}, "deadline exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, func(t *testing.T, _ *recorder) {
				var out bytes.Buffer
				a := &answers{t: t, say: append(c.say, answer(200)), start: time.Now()}
				post, err := notify.Post(notify.PostOptions{URL: "https://chat.example.com/s3cr3t", Transport: a})
				require.NoError(t, err)
				o := rules(post)
				o.Logger = slog.New(slog.NewTextHandler(&out, nil))
				r := run(t, o)
				r.log.Add(order("a", "PLACED"))
				after(time.Hour)
				assert.Equal(t, c.asked, a.asked)
				r.log.Add(order("b", "PLACED"))
				after(time.Second)
				assert.Empty(t, a.say, "the next message follows")
				r.stop()
				assert.Contains(t, out.String(), c.err)
				assert.NotContains(t, out.String(), "s3cr3t")
			})
		})
	}
}

func TestTheURLIsKeptSecret(t *testing.T) {
	url := chat(t, func(http.ResponseWriter, *http.Request) {})
	a, err := notify.Post(notify.PostOptions{URL: strings.Replace(url, "http://", "http://me:pass@", 1), Header: http.Header{"Authorization": {"s3cr3t"}}})
	require.NoError(t, err)
	for _, verb := range []string{"%s", "%v", "%+v", "%#v"} {
		got := fmt.Sprintf(verb, a)
		assert.NotContains(t, got, "s3cr3t")
		assert.NotContains(t, got, "pass")
	}
	post, err := notify.Post(notify.PostOptions{URL: "http://127.0.0.1:1/s3cr3t"})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = post.Send(ctx, message(t, order("a", "PLACED")))
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "s3cr3t")
	assert.True(t, a.Persistent())
}

func TestAnEndlessAnswerIsCutOff(t *testing.T) {
	url := chat(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	})
	post, err := notify.Post(notify.PostOptions{URL: url})
	require.NoError(t, err)
	require.NoError(t, post.Send(t.Context(), message(t, order("a", "PLACED"))))
}
