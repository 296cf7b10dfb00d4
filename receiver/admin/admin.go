// Package admin serves the health and the metrics of a running receiver to its operators.
//
// It has no access control. Serve it on an address that only operators can reach, never on
// that of the receiver.
package admin

import (
	"io"
	"net/http"
)

// New makes a handler of three paths: /healthz is 200 while the program runs. /readyz is 200 if
// the program can accept deliveries, with a second line about its team, if it has one; otherwise 503
// with a reason. /metrics has metrics in the format of Prometheus.
func New(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := o.ready(r.Context()); err != nil {
			writeText(w, http.StatusServiceUnavailable, "not ready: "+err.Error())
			return
		}
		text := "ready"
		if o.Team != nil {
			if team := o.Team(); team != "" {
				text += "\n" + team
			}
		}
		writeText(w, http.StatusOK, text)
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		o.writeMetrics(r.Context(), w)
	})
	return mux
}

// writeText ignores an answer that can't be written: the client is gone.
func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}
