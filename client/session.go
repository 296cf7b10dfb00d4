package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

const (
	// early is how long before its end a token is renewed.
	early = 30 * time.Second
	// usualLife is that of a token of which UP42 does not say.
	usualLife = 5 * time.Minute
	// respite is how long a password that was refused is not tried again: many
	// tries in a row can lock an account.
	respite = 10 * time.Second
)

// session keeps a token that is good. One caller at a time signs in; the others
// wait for it, as long as their contexts let them.
type session struct {
	client      *Client
	http        *http.Client // for the sign-in
	auth        *base
	config      oauth2.Config
	credentials Credentials
	now         func() time.Time

	signing chan struct{} // held while signing in; guards refused and refusedAt

	mu      sync.Mutex
	current Secret
	refresh Secret
	renewAt time.Time
	// refused is how the password was refused last, at refusedAt; nil: it was not.
	refused   error
	refusedAt time.Time
}

// paths below the base of the sign-in (wire.md §5).
var (
	tokenPath    = []string{"realms", "public", "protocol", "openid-connect", "token"}
	userInfoPath = []string{"realms", "public", "protocol", "openid-connect", "userinfo"}
)

func newSession(c *Client, auth *base, credentials Credentials, now func() time.Time) *session {
	return &session{
		client: c, http: &http.Client{Transport: entire{c.http.Transport}, CheckRedirect: stayHere},
		auth: auth, credentials: credentials, now: now, signing: make(chan struct{}, 1),
		config: oauth2.Config{
			ClientID: "up42-sdk", Scopes: []string{"openid"},
			Endpoint: oauth2.Endpoint{TokenURL: auth.at(nil, tokenPath...).String(), AuthStyle: oauth2.AuthStyleInParams},
		},
	}
}

// renewable says whether a token can be had in the place of one that is no good.
func (s *session) renewable() bool { return s.credentials.Token == "" }

// token is one that is good as far as is known; it signs in where there is none.
func (s *session) token(ctx context.Context) (Secret, error) {
	if s.credentials.Token != "" {
		return s.credentials.Token, nil
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
	if t, ok := s.known(); ok { // another caller was faster
		return t, nil
	}
	if s.refused != nil && s.now().Sub(s.refusedAt) < respite {
		return "", s.refused
	}
	t, err := s.signIn(ctx)
	if err != nil {
		s.refused = nil
		if refusedForGood(err) {
			s.refused, s.refusedAt = err, s.now()
		}
		return "", err
	}
	return s.keep(t), nil
}

// renew gets a token in the place of one that UP42 did not accept.
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

func (s *session) keep(t *oauth2.Token) Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	life := time.Duration(min(t.ExpiresIn, 24*60*60)) * time.Second
	if life <= 0 {
		life = usualLife
	}
	s.current, s.refresh = Secret(t.AccessToken), Secret(t.RefreshToken)
	s.renewAt = s.now().Add(max(life-early, life/2))
	return s.current
}

// signIn uses the refresh token, if there is one and UP42 still takes it, else
// the password.
func (s *session) signIn(ctx context.Context) (t *oauth2.Token, err error) {
	s.mu.Lock()
	refresh := s.refresh
	s.refresh = ""
	s.mu.Unlock()
	if refresh != "" {
		t, err = s.obtain(ctx, func(ctx context.Context) (*oauth2.Token, error) {
			return s.config.TokenSource(ctx, &oauth2.Token{RefreshToken: refresh.Reveal()}).Token()
		})
		var refused *Error
		if err == nil || !errors.As(err, &refused) || refused.Status/100 != 4 {
			return t, err
		}
	}
	return s.obtain(ctx, func(ctx context.Context) (*oauth2.Token, error) {
		return s.config.PasswordCredentialsToken(ctx, s.credentials.Username, s.credentials.Password.Reveal())
	})
}

// obtain asks for a token, again where that may help: asking twice does no harm.
func (s *session) obtain(ctx context.Context, ask func(context.Context) (*oauth2.Token, error)) (t *oauth2.Token, err error) {
	_, err = persist(ctx, false, func() error {
		ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
		defer cancel()
		t, err = ask(context.WithValue(ctx, oauth2.HTTPClient, s.http))
		if err != nil && ctx.Err() != nil {
			return fmt.Errorf("%s: %w", signIn, ctx.Err())
		}
		return signInError(err, s.credentials.Password)
	})
	if err != nil {
		return nil, atSignIn{err}
	}
	return t, nil
}

// atSignIn is a failure at the address of the sign-in.
type atSignIn struct{ error }

func (a atSignIn) Unwrap() error { return a.error }

// signInError is the error without the answer, which could hold anything.
func signInError(err error, secrets ...Secret) error {
	var refused *oauth2.RetrieveError
	var transport *url.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &transport):
		return fmt.Errorf("%s: %w", signIn, transport.Err)
	case !errors.As(err, &refused):
		return fmt.Errorf("%s: %w", signIn, errAnswer)
	}
	e := refusal(signIn, refused.Response, refused.Body, secrets...)
	if e.Status/100 == 2 {
		return fmt.Errorf("%s: %w", signIn, errAnswer)
	}
	if wrong := "it does not accept the username or the password"; !e.Page && (e.Code == "invalid_grant" || e.Status == http.StatusUnauthorized) {
		if e.Message == "" || e.Code != "invalid_grant" || e.Message == "Invalid user credentials" {
			e.Message = wrong
		} else { // it says more, such as that the account is disabled
			e.Message = wrong + ": " + e.Message
		}
	}
	return e
}

// refusedForGood says that a sign-in was refused for what it said of itself.
func refusedForGood(err error) bool {
	var refused *Error
	return errors.As(err, &refused) && (refused.Status == http.StatusBadRequest || refused.Status == http.StatusUnauthorized)
}

// subject asks for the account's id, which is that of its own workspace.
func (s *session) subject(ctx context.Context) (string, error) {
	answer, _, err := s.client.do(ctx, call{what: askWorkspace, method: http.MethodGet, url: s.auth.at(nil, userInfoPath...)})
	if err != nil {
		return "", atSignIn{err}
	}
	var user struct {
		Subject string `json:"sub"`
	}
	if json.Unmarshal(answer, &user) != nil || user.Subject == "" {
		return "", atSignIn{fmt.Errorf("%s: %w: it names none", askWorkspace, errAnswer)}
	}
	return user.Subject, nil
}
