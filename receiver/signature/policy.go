package signature

import "time"

// The defaults of a Policy.
const (
	DefaultMaxAge    = 5 * time.Minute
	DefaultMaxFuture = time.Minute
)

// Policy is what a receiver asks of a signature. Its zero value knows no
// secret and so accepts nothing.
type Policy struct {
	// Secrets are all tried, whichever matches. An empty one counts as none,
	// but keeps its place, so that [Result.Secret] is an index into Secrets.
	Secrets []string
	// MaxAge is how old a signature may get: one that is exactly this old is
	// stale. It holds for `created` and for a covered date. 0: DefaultMaxAge.
	MaxAge time.Duration
	// MaxFuture is how far ahead of our clock a signature's time may be.
	// 0: DefaultMaxFuture; negative: not at all.
	MaxFuture time.Duration
	// Components pins the covered components: exactly these, lower case, in
	// this order. Empty: any.
	Components []string
	// RequireDigest refuses a signature that does not vouch for the body. It
	// asks nothing of an unsigned request that AllowUnsigned lets in.
	RequireDigest bool
	// AllowUnsigned lets a request in that has neither signature header. One
	// that has a signature must have a good one all the same.
	AllowUnsigned bool
}

func (p Policy) withDefaults() Policy {
	if p.MaxAge == 0 {
		p.MaxAge = DefaultMaxAge
	}
	switch {
	case p.MaxFuture == 0:
		p.MaxFuture = DefaultMaxFuture
	case p.MaxFuture < 0:
		p.MaxFuture = 0
	}
	return p
}
