package simulator

import (
	"net/http"
	"slices"
	"strings"
)

// call handles one call.
type call func(r *http.Request) answer

// methods are the calls of one path, by method.
type methods map[string]call

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

// newRoutes makes the handler of all calls.
func newRoutes(a *auth, w *webhooks, t *webhookTester, in *inventory) http.Handler {
	const realm, hooks = "/realms/public/protocol/openid-connect", "/workspaces/{workspace}/webhooks"
	mux := http.NewServeMux()
	for path, m := range map[string]methods{
		realm + "/token":    {http.MethodPost: a.signIn},
		realm + "/userinfo": {http.MethodGet: a.userInfo, http.MethodPost: a.userInfo},

		"/webhooks/events":          {http.MethodGet: a.signedIn(listEvents)},
		hooks:                       {http.MethodGet: a.owned(w.list), http.MethodPost: a.owned(w.create)},
		hooks + "/{id}":             {http.MethodGet: a.owned(w.get), http.MethodPut: a.owned(w.replace), http.MethodDelete: a.owned(w.delete)},
		hooks + "/{id}/tests":       {http.MethodPost: a.owned(t.test)},
		"/v2/orders":                {http.MethodGet: a.signedIn(in.listOrders)},
		"/v2/orders/{id}":           {http.MethodGet: a.signedIn(in.getOrder)},
		"/v2/processing/jobs":       {http.MethodGet: a.signedIn(in.listJobs)},
		"/v2/processing/jobs/{id}":  {http.MethodGet: a.signedIn(in.getJob)},
		"/realms/{realm}/{rest...}": {http.MethodGet: noRealm, http.MethodPost: noRealm},
	} {
		mux.Handle(path, m)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		write(w, refuse(http.StatusNotFound, "Not Found"))
	})
	return mux
}
