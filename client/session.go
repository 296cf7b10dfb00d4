package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

const (
	// renewBefore is how long before its end a token is renewed.
	renewBefore = 30 * time.Second
	// defaultLifetime is the lifetime of a token if UP42 does not say it.
	defaultLifetime = 5 * time.Minute
)

// session keeps a valid token. One caller at a time signs in. The others wait for it, until
// their contexts end. It is safe for concurrent use.
type session struct {
	http   *http.Client
	config oauth2.Config
	now    func() time.Time

	signing chan struct{} // held while signing in; guards refused
	refused pause
	// remembers keeps refused for the next session. recalled is set once it was looked at.
	remembers refusedFile
	recalled  bool

	mu          sync.Mutex
	credentials Credentials
	reread      func() (Credentials, error) // may be nil
	current     Secret
	refresh     Secret
	renewAt     time.Time
}

// tokenPath is a path below the base of the sign-in.
var tokenPath = []string{"realms", "public", "protocol", "openid-connect", "token"}

func newSession(transport http.RoundTripper, auth *base, clientID string, o Options, now func() time.Time) *session {
	return &session{
		http: &http.Client{Transport: bufferedTransport{transport}, CheckRedirect: stayHere}, credentials: o.Credentials, reread: o.Reread, now: now,
		signing: make(chan struct{}, 1), remembers: refusedFile(o.RefusedFile),
		config: oauth2.Config{
			ClientID: clientID, Scopes: []string{"openid"},
			Endpoint: oauth2.Endpoint{TokenURL: auth.at(nil, tokenPath...).String(), AuthStyle: oauth2.AuthStyleInParams},
		},
	}
}

// renewable reports whether a token that UP42 refused can be replaced.
func (s *session) renewable() bool { return s.account().Token == "" }

// account returns the credentials.
func (s *session) account() Credentials {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.credentials
}

// secrets returns what was sent to sign in, and what came of it.
func (s *session) secrets() []Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	return []Secret{s.credentials.Password, s.credentials.Token, s.current, s.refresh}
}

// use replaces the credentials. A token of other credentials is forgotten.
func (s *session) use(c Credentials, reread func() (Credentials, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reread = reread; c != s.credentials {
		s.credentials, s.current, s.refresh = c, "", ""
	}
}

// lookAgain uses the credentials as they are now. If they can't be read, those that are known
// stay.
func (s *session) lookAgain() Credentials {
	s.mu.Lock()
	reread := s.reread
	s.mu.Unlock()
	if reread != nil {
		if c, err := reread(); err == nil && c.check() == nil {
			s.use(c, reread)
		}
	}
	return s.account()
}

// token returns a valid token. It signs in if it has no valid token.
func (s *session) token(ctx context.Context) (Secret, error) {
	if c := s.account(); c.Token != "" {
		return c.Token, nil
	}
	if t, ok := s.known(); ok {
		return t, nil
	}
	select {
	case s.signing <- struct{}{}:
	case <-ctx.Done():
		return "", fmt.Errorf("%s: %w", signIn, ctx.Err())
	}
	defer func() { <-s.signing }()
	if t, ok := s.known(); ok { // another caller signed in meanwhile
		return t, nil
	}
	c := s.lookAgain()
	if c.Token != "" {
		return c.Token, nil
	}
	if !s.recalled {
		s.recalled, s.refused = true, s.remembers.recall(c)
	}
	if err := s.refused.over(c, s.now()); err != nil {
		return "", err
	}
	t, err := s.signIn(ctx, c)
	if err != nil {
		err = s.refused.note(c, err, s.now())
		if PasswordRefused(err) {
			_ = s.remembers.remember(&s.refused) // at worst the next start asks once more
		}
		return "", err
	}
	s.refused = pause{}
	_ = s.remembers.remember(&s.refused)
	return s.keep(c, t), nil
}

// renew returns a token in place of one that UP42 refused.
func (s *session) renew(ctx context.Context, stale Secret) (Secret, error) {
	s.mu.Lock()
	if s.current == stale {
		s.current = ""
	}
	s.mu.Unlock()
	return s.token(ctx)
}

func (s *session) known() (Secret, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current, s.current != "" && s.now().Before(s.renewAt)
}

// keep keeps the token of a sign-in for the next calls, unless other credentials were given meanwhile:
// then only the call that has signed in uses it.
func (s *session) keep(of Credentials, t *oauth2.Token) Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.credentials != of {
		return Secret(t.AccessToken)
	}
	life := time.Duration(min(t.ExpiresIn, 24*60*60)) * time.Second
	if life <= 0 {
		life = defaultLifetime
	}
	s.current, s.refresh = Secret(t.AccessToken), Secret(t.RefreshToken)
	s.renewAt = s.now().Add(max(life-renewBefore, life/2))
	return s.current
}

// signIn uses the refresh token if there is one and UP42 accepts it. Otherwise it uses the
// password.
func (s *session) signIn(ctx context.Context, c Credentials) (t *oauth2.Token, err error) {
	s.mu.Lock()
	refresh := s.refresh
	s.refresh = ""
	s.mu.Unlock()
	if refresh != "" {
		t, err = s.obtain(ctx, []Secret{refresh, c.Password}, func(ctx context.Context) (*oauth2.Token, error) {
			return s.config.TokenSource(ctx, &oauth2.Token{RefreshToken: refresh.Reveal()}).Token()
		})
		var refused *Error
		if err == nil || !errors.As(err, &refused) || refused.Status/100 != 4 {
			return t, err
		}
	}
	return s.obtain(ctx, []Secret{refresh, c.Password}, func(ctx context.Context) (*oauth2.Token, error) {
		return s.config.PasswordCredentialsToken(ctx, c.Username, c.Password.Reveal())
	})
}

// obtain requests a token. It may repeat the request. No error repeats the secrets.
func (s *session) obtain(ctx context.Context, secrets []Secret, ask func(context.Context) (*oauth2.Token, error)) (t *oauth2.Token, err error) {
	_, err = persist(ctx, false, func() error {
		ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
		defer cancel()
		t, err = ask(context.WithValue(ctx, oauth2.HTTPClient, s.http))
		if err != nil && ctx.Err() != nil {
			return fmt.Errorf("%s: %w", signIn, ctx.Err())
		}
		return signInError(err, s.config.ClientID, secrets...)
	})
	if err != nil {
		return nil, atSignIn{err}
	}
	return t, nil
}

// signInError returns an error without the answer, which may have secrets.
func signInError(err error, clientID string, secrets ...Secret) error {
	var refused *oauth2.RetrieveError
	var transport *url.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &transport):
		return fmt.Errorf("%s: %w", signIn, harmless(transport.Err, secrets...))
	case !errors.As(err, &refused):
		return fmt.Errorf("%s: %w", signIn, errAnswer)
	}
	e := refusal(signIn, refused.Response, refused.Body, secrets...)
	if e.Status/100 == 2 {
		return fmt.Errorf("%s: %w", signIn, errAnswer)
	}
	e.Code = cmp.Or(e.Code, e.Message) // refusal drops a code that is also the message
	e.explainRefusal(clientID)
	return e
}
