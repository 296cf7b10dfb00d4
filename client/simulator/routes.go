package simulator

import "net/http"

// call handles one call.
type call func(r *http.Request) answer

// methods are the calls of one path, by method.
type methods map[string]call

// ServeHTTP makes the call of the request's method.
func (m methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := m[r.Method]
	if c == nil {
		c = notSimulated
	}
	write(w, c(r))
}

// notSimulated answers a call that the simulator does not have, whether UP42 has it or not.
func notSimulated(r *http.Request) answer {
	path := []rune(r.URL.Path)
	const most = 200
	if len(path) > most {
		path = append(path[:most], '…')
	}
	return refuse(http.StatusNotImplemented, "The simulator does not have the call "+r.Method+" "+string(path))
}

// newRoutes makes the handler of all calls.
func newRoutes(a *auth, w *webhooks, t *webhookTester, in *inventory, p *player) http.Handler {
	const realm, hooks = "/realms/public/protocol/openid-connect", "/workspaces/{workspace}/webhooks"
	mux := http.NewServeMux()
	for path, m := range map[string]methods{
		realm + "/token":    {http.MethodPost: a.signIn},
		realm + "/userinfo": {http.MethodGet: a.userInfo, http.MethodPost: a.userInfo},

		"/oauth/token": {http.MethodPost: a.oldSignIn},
		"/users/me":    {http.MethodGet: a.signedIn(a.oldAccount)},

		"/webhooks/events":             {http.MethodGet: a.signedIn(w.events.list)},
		hooks:                          {http.MethodGet: a.owned(w.list), http.MethodPost: a.owned(w.create)},
		hooks + "/{id}":                {http.MethodGet: a.owned(w.get), http.MethodPut: a.owned(w.replace), http.MethodDelete: a.owned(w.delete)},
		hooks + "/{id}/tests":          {http.MethodPost: a.owned(t.test)},
		"/v2/orders":                   {http.MethodGet: a.signedIn(in.listOrders)},
		"/v2/orders/{id}":              {http.MethodGet: a.signedIn(in.getOrder)},
		"/v2/orders/{id}/cancellation": {http.MethodPost: a.signedIn(p.cancelOrder)},
		"/v2/processing/jobs":          {http.MethodGet: a.signedIn(in.listJobs)},
		"/v2/processing/jobs/{id}":     {http.MethodGet: a.signedIn(in.getJob)},
		"/realms/{realm}/{rest...}":    {http.MethodGet: noRealm, http.MethodPost: noRealm},
	} {
		mux.Handle(path, m)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { write(w, notSimulated(r)) })
	return mux
}
