package jetstream

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/nats-io/nats.go"
)

// NotPermitted is the error of a request that the server does not permit these credentials.
type NotPermitted struct {
	// Doing is what was refused, Subject its subject, which the server's configuration names.
	Doing, Subject string
}

func (p *NotPermitted) Error() string {
	return fmt.Sprintf("the server does not permit these credentials to %s (subject %s): see “Permissions” in the section “A team” of cmd/up42hooks/README.md", p.Doing, p.Subject)
}

var refused = regexp.MustCompile(`(?i)permissions violation for (publish|subscription) to "([^"]+)"`)

// consumers are the subjects of requests about consumers, whose names are new each time.
var consumers = regexp.MustCompile(`^(\$JS\.API\.CONSUMER\.(?:MSG\.)?[A-Z]+\.[^.]+\.).*`)

// refusalOf returns what an asynchronous error of a connection refuses, nil if it refuses nothing.
func refusalOf(err error) *NotPermitted {
	if !errors.Is(err, nats.ErrPermissionViolation) {
		return nil
	}
	m := refused.FindStringSubmatch(err.Error())
	if m == nil {
		return nil
	}
	subject := m[2]
	doing := "use it"
	switch {
	case strings.EqualFold(m[1], "subscription"):
		doing = "get answers"
	case isOfBucket(subject) && strings.HasPrefix(subject, apiSubject+"STREAM.CREATE"):
		doing = "make a bucket"
	case strings.HasPrefix(subject, bucketSubject):
		doing = "write into a bucket"
	case isOfBucket(subject):
		doing = "read a bucket"
	case strings.HasPrefix(subject, apiSubject+"STREAM.CREATE"):
		doing = "make the stream"
	case strings.HasPrefix(subject, apiSubject+"STREAM"):
		doing = "look at the stream"
	case strings.HasPrefix(subject, apiSubject+"CONSUMER"):
		doing, subject = "read the stream", consumers.ReplaceAllString(subject, "$1>")
	case strings.HasPrefix(subject, "up42."):
		doing, subject = "publish events", subjects
	}
	return &NotPermitted{doing, subject}
}

// isOfBucket reports whether a subject is about a bucket.
func isOfBucket(subject string) bool {
	return strings.HasPrefix(subject, bucketSubject) || strings.Contains(subject, "."+bucketStream)
}

// refusals tells those who wait for an answer that the server has refused the request: a server
// does not answer it, and reports the refusal beside.
type refusals struct {
	mu      sync.Mutex
	waiting map[*waiter]struct{}
}

type waiter struct {
	prefix string // of the subjects
	refuse context.CancelCauseFunc
}

func (w *waiter) waitsFor(subject string) bool {
	if strings.Contains(subject, "-team."+memberKey) {
		return false // nobody waits for an answer to that
	}
	if isOfBucket(subject) {
		return w.prefix == bucketSubject
	}
	return strings.HasPrefix(subject, w.prefix)
}

func newRefusals() *refusals { return &refusals{waiting: map[*waiter]struct{}{}} }

// watch returns a context that ends if a request is refused whose subject begins so. With
// bucketSubject these are all requests about buckets, otherwise only other requests. The cause is a
// *NotPermitted then. The caller calls end.
func (r *refusals) watch(ctx context.Context, prefix string) (_ context.Context, end func()) {
	ctx, refuse := context.WithCancelCause(ctx)
	w := &waiter{prefix, refuse}
	r.mu.Lock()
	r.waiting[w] = struct{}{}
	r.mu.Unlock()
	return ctx, func() {
		r.mu.Lock()
		delete(r.waiting, w)
		r.mu.Unlock()
		refuse(nil)
	}
}

// report notes an asynchronous error of the connection.
func (r *refusals) report(err error) {
	p := refusalOf(err)
	if p == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for w := range r.waiting {
		if p.Doing == "get answers" || w.waitsFor(p.Subject) {
			w.refuse(p)
		}
	}
}

// because returns why a call with a context failed: err, unless the context ended for a reason.
func because(ctx context.Context, err error) error {
	if why := context.Cause(ctx); err != nil && why != nil {
		return why
	}
	return err
}
