package client_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) { testmain.Run(m) }

const workspace = "7f3a1c00-0000-4000-8000-000000000001"

// below is a path in front of all others. It finds addresses that are made without the path of
// the base.
const below = "/some/where"

// seen is a request that the server got.
type seen struct {
	method, path, query, authorization, body string
}

// up42 is a server with the answers of a test.
type up42 struct {
	t *testing.T
	*httptest.Server
	mu       sync.Mutex
	calls    []seen
	signIns  []string // the grants
	answers  map[string][]answer
	tokens   int
	lifetime int // of a token, in seconds
	refuse   func(grant string) *answer
}

// answer is an answer to a call.
type answer struct {
	status int
	header map[string]string
	body   string
	do     http.HandlerFunc // replaces the other fields
}

func ok(data string) answer { return answer{status: 200, body: `{"data":` + data + `,"error":null}`} }

// newUP42 starts a server. The keys of answers are "METHOD path". The last answer of a list is
// repeated.
func newUP42(t *testing.T, answers map[string][]answer) *up42 {
	u := &up42{t: t, answers: answers, lifetime: 300}
	u.Server = httptest.NewServer(http.HandlerFunc(u.serve))
	t.Cleanup(u.Close)
	return u
}

func (u *up42) serve(w http.ResponseWriter, r *http.Request) {
	path, found := strings.CutPrefix(r.URL.EscapedPath(), below)
	if !found {
		u.t.Errorf("asked for %s, outside of its base", r.URL.Path)
	}
	if strings.HasSuffix(path, "/token") {
		u.signIn(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	u.mu.Lock()
	u.calls = append(u.calls, seen{r.Method, path, r.URL.RawQuery, r.Header.Get("Authorization"), string(body)})
	key := r.Method + " " + path
	list := u.answers[key]
	if len(list) > 1 {
		u.answers[key] = list[1:]
	}
	u.mu.Unlock()
	if len(list) == 0 {
		if r.Method == http.MethodGet && path == hooks {
			list = []answer{ok("[]")}
		} else if strings.HasSuffix(path, "/userinfo") {
			list = []answer{{status: 200, body: `{"sub":"` + workspace + `"}`}}
		} else {
			list = []answer{{status: 404, body: `{"data":null,"error":{"code":404,"message":"no such thing"}}`}}
		}
	}
	list[0].write(w, r)
}

func (a answer) write(w http.ResponseWriter, r *http.Request) {
	if a.do != nil {
		a.do(w, r)
		return
	}
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

func (u *up42) signIn(w http.ResponseWriter, r *http.Request) {
	u.mu.Lock()
	defer u.mu.Unlock()
	grant := r.FormValue("grant_type")
	u.signIns = append(u.signIns, grant)
	if u.refuse != nil {
		if a := u.refuse(grant); a != nil {
			a.write(w, r)
			return
		}
	}
	if grant == "password" && (r.FormValue("username") != "ada" || r.FormValue("password") != hidden || r.FormValue("client_id") != "up42-sdk" || r.FormValue("scope") != "openid") {
		answer{status: 401, body: `{"error":"invalid_grant","error_description":"Invalid user credentials"}`}.write(w, r)
		return
	}
	u.tokens++
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"access_token": tokenNumber(u.tokens), "expires_in": u.lifetime, "refresh_token": "refresh-" + tokenNumber(u.tokens), "token_type": "bearer",
	})
}

func tokenNumber(n int) string { return "token-" + strings.Repeat("I", n) }

// of returns the requests of a call.
func (u *up42) of(method, path string) (list []seen) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, c := range u.calls {
		if c.method == method && c.path == path {
			list = append(list, c)
		}
	}
	return list
}

const hidden = "pass word/hidden"

func (u *up42) client(change ...func(*client.Options)) *client.Client {
	u.t.Helper()
	o := client.Options{
		APIURL: u.URL + below + "/", AuthURL: u.URL + below, UserAgent: "test",
		Credentials: client.Credentials{Username: "ada", Password: hidden},
	}
	for _, f := range change {
		f(&o)
	}
	c, err := client.New(o)
	require.NoError(u.t, err)
	u.t.Cleanup(c.Close)
	return c
}

// inNoTime makes a client wait for nothing after a change whose answer was lost.
func inNoTime(o *client.Options) {
	o.Sleep = func(ctx context.Context, _ time.Duration) bool { return ctx.Err() == nil }
}

func inWorkspace(o *client.Options) { o.Workspace = workspace }

const hooks = "/workspaces/" + workspace + "/webhooks"
