package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// maxBody bounds what is read of a request, in bytes.
const maxBody = 64 << 10

// answer is what a call comes to.
type answer struct {
	status int
	// body is encoded as JSON; nil: there is none.
	body   any
	header map[string]string
}

// call does one call.
type call func(r *http.Request) answer

// methods are the calls of one path, by method.
type methods map[string]call

func (s *Simulator) newRoutes() http.Handler {
	const realm, webhooks = "/realms/public/protocol/openid-connect", "/workspaces/{workspace}/webhooks"
	mux := http.NewServeMux()
	for path, m := range map[string]methods{
		realm + "/token":    {http.MethodPost: s.signIn},
		realm + "/userinfo": {http.MethodGet: s.userInfo, http.MethodPost: s.userInfo},

		"/webhooks/events":          {http.MethodGet: s.signedIn(listEvents)},
		webhooks:                    {http.MethodGet: s.owned(s.listWebhooks), http.MethodPost: s.owned(s.createWebhook)},
		webhooks + "/{id}":          {http.MethodGet: s.owned(s.getWebhook), http.MethodPut: s.owned(s.replaceWebhook), http.MethodDelete: s.owned(s.deleteWebhook)},
		webhooks + "/{id}/tests":    {http.MethodPost: s.owned(s.testWebhook)},
		"/v2/orders":                {http.MethodGet: s.signedIn(s.listOrders)},
		"/v2/orders/{id}":           {http.MethodGet: s.signedIn(s.getOrder)},
		"/v2/processing/jobs":       {http.MethodGet: s.signedIn(s.listJobs)},
		"/v2/processing/jobs/{id}":  {http.MethodGet: s.signedIn(s.getJob)},
		"/realms/{realm}/{rest...}": {http.MethodGet: noRealm, http.MethodPost: noRealm},
	} {
		mux.Handle(path, m)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		write(w, refuse(http.StatusNotFound, "Not Found"))
	})
	return mux
}

// ServeHTTP answers a call to the API or to the sign-in.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Request-Id", s.requests.next())
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if w = s.disturb(w, r); w != nil {
		s.routes.ServeHTTP(w, r)
	}
}

// ServeHTTP makes the call of the request's method.
func (m methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := m[r.Method]
	if c == nil {
		a := refuse(http.StatusMethodNotAllowed, "Request method '"+r.Method+"' is not supported")
		a.header = map[string]string{"Allow": strings.Join(m.names(), ", ")}
		write(w, a)
		return
	}
	write(w, c(r))
}

func (m methods) names() []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// envelope wraps what the older calls answer (wire.md §4).
type envelope struct {
	Data  any    `json:"data"`
	Error *fault `json:"error"`
}

type fault struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func data(status int, v any) answer { return answer{status: status, body: envelope{Data: v}} }

func refuse(status int, message string) answer {
	return answer{status: status, body: envelope{Error: &fault{status, message}}}
}

// write sends an answer in one piece.
func write(w http.ResponseWriter, a answer) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	text, err := json.Marshal(a.body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(a.status)
	_, _ = w.Write(text) // a caller who is gone needs no answer
}
