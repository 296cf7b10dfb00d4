package signature

import "time"

// The defaults of a Policy.
const (
	DefaultMaxAge        = 5 * time.Minute
	DefaultMaxFuture     = time.Minute
	DefaultMaxMessageAge = 24 * time.Hour
)

// Policy is what a receiver requires of a signature. Its zero value has no secret, so
// it accepts nothing.
type Policy struct {
	// Secrets are the accepted secrets; each request is checked against all of them. An
	// empty one is never used, but counts for the index in [Result.Secret].
	Secrets []string
	// MaxAge limits the age of `created` and of a covered date: a signature of exactly
	// this age is too old. 0 means DefaultMaxAge.
	MaxAge time.Duration
	// MaxFuture limits how far `created` and a covered date may be ahead of the clock.
	// 0 means DefaultMaxFuture; a negative value means not at all.
	MaxFuture time.Duration
	// MaxMessageAge limits how far the timestamp in the body may be from the clock, in the
	// past or ahead, if no date is covered: else the age of the request is not proved, see
	// [Result.Age]. 0 means DefaultMaxMessageAge.
	MaxMessageAge time.Duration
	// Components are the components that must be covered: exactly these, in lower case,
	// in this order. If it is empty, any are accepted.
	Components []string
	// RequireDigest rejects a signature that does not cover a digest of the body. It does
	// not apply to an unsigned request that AllowUnsigned accepts, and says nothing about
	// the age.
	RequireDigest bool
	// AllowUnsigned accepts a request that has neither signature header. If a request has
	// one, its signature must be good.
	AllowUnsigned bool
}

func (p Policy) withDefaults() Policy {
	if p.MaxAge == 0 {
		p.MaxAge = DefaultMaxAge
	}
	if p.MaxMessageAge == 0 {
		p.MaxMessageAge = DefaultMaxMessageAge
	}
	switch {
	case p.MaxFuture == 0:
		p.MaxFuture = DefaultMaxFuture
	case p.MaxFuture < 0:
		p.MaxFuture = 0
	}
	return p
}
