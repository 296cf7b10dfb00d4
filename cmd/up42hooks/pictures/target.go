package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
)

// target is a program that events are forwarded to. It is down until it is mended.
type target struct {
	*httptest.Server
	works atomic.Bool
}

// newTarget starts a target. The caller closes it.
func newTarget() *target {
	t := &target{}
	t.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only the answer matters
		if !t.works.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	return t
}

func (t *target) mend() { t.works.Store(true) }
