package reproduce_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/reproduce"
)

func delivery(body string, headers ...receiver.Header) *receiver.Event {
	all := append([]receiver.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Host", Value: "hooks.example.com"}}, headers...)
	return &receiver.Event{Verdict: receiver.Verified, Proof: receiver.Proof{Method: "POST", Path: "/hook"}, Headers: all, Raw: []byte(body)}
}

func TestTheRequestIsAsItCame(t *testing.T) {
	e := delivery("{\"a\":\n1}", receiver.Header{Name: "Signature", Value: "up42-sig=abc"})
	assert.Equal(t, "POST /hook HTTP/1.1\r\nContent-Type: application/json\r\nHost: hooks.example.com\r\nSignature: up42-sig=abc\r\n\r\n{\"a\":\n1}", string(reproduce.Request(e)))
	assert.Len(t, reproduce.Lacks(e), 2)
	e.Headers = append(e.Headers, receiver.Header{Name: "Content-Length", Value: "8"})
	assert.Len(t, reproduce.Lacks(e), 1)
}

// The command is run by a shell, and sends what came: whatever the body and the headers have.
func TestCurlSendsItAgain(t *testing.T) {
	for _, program := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("needs " + program)
		}
	}
	type request struct {
		header     http.Header
		host, body string
	}
	got := make(chan request, 1)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		got <- request{r.Header, r.Host, string(raw)}
	}))
	defer s.Close()
	for name, body := range map[string]string{
		"JSON":         `{"name":"O'Brien's $(touch x) \u0041 ${HOME} "}`,
		"lines":        "{\n\t\"a\": 1\r\n}\n\n",
		"a file":       "@/etc/passwd",
		"control":      "a\x00b\x1b[2J\u202e\\0\\c'\xff",
		"empty":        "",
		"a percentage": "%s %% %b",
	} {
		t.Run(name, func(t *testing.T) {
			e := delivery(body, receiver.Header{Name: "Signature", Value: `up42-sig=a'b"c`}, receiver.Header{Name: "X-Empty"}, receiver.Header{Name: "X-Tab", Value: "a\tb"})
			command, err := reproduce.Curl(e, s.URL+"/?it's")
			require.NoError(t, err)
			for _, r := range command {
				assert.True(t, r >= ' ' || r == '\n', "%q", command)
			}
			out, err := exec.Command("sh", "-c", command).CombinedOutput()
			require.NoError(t, err, string(out))
			r := <-got
			assert.Equal(t, body, r.body)
			assert.Equal(t, `up42-sig=a'b"c`, r.header.Get("Signature"))
			assert.Equal(t, "a\tb", r.header.Get("X-Tab"))
			assert.Contains(t, r.header, "X-Empty")
			assert.Equal(t, []string{"application/json"}, r.header["Content-Type"])
			assert.NotContains(t, r.header, "User-Agent")
			assert.NotEqual(t, "hooks.example.com", r.host)
		})
	}
	e := delivery("x")
	e.Proof.Components = []string{"host"}
	command, err := reproduce.Curl(e, s.URL)
	require.NoError(t, err)
	require.NoError(t, exec.Command("sh", "-c", command).Run())
	assert.Equal(t, "hooks.example.com", (<-got).host, "the signature covers it")
}

func TestWhatCannotBeSentAgain(t *testing.T) {
	_, err := reproduce.Curl(&receiver.Event{Raw: []byte("x")}, "http://127.0.0.1")
	assert.Equal(t, reproduce.ErrNoHeaders, err)
	e := delivery("half", receiver.Header{Name: "Content-Length", Value: "8"})
	e.Verdict = receiver.Rejected
	_, err = reproduce.Curl(e, "http://127.0.0.1")
	assert.Equal(t, reproduce.ErrCut, err)
}
