package simulator

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
)

// refusal is how Keycloak says no.
type refusal struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

func noSignIn(status int, code, description string) answer {
	return answer{status: status, body: refusal{code, description}}
}

// noRealm is the answer of Keycloak for a realm, or a part of one, that it does
// not know.
func noRealm(r *http.Request) answer {
	if r.PathValue("realm") != "public" {
		return noSignIn(http.StatusNotFound, "Realm does not exist", "")
	}
	return noSignIn(http.StatusNotFound, "RESTEASY003210: Could not find resource for full path", "")
}

// signIn is the token endpoint: password and refresh_token grants (wire.md §5).
func (s *Simulator) signIn(r *http.Request) answer {
	if err := r.ParseForm(); err != nil {
		if errors.As(err, new(*http.MaxBytesError)) {
			return noSignIn(http.StatusRequestEntityTooLarge, "invalid_request", "Request too large")
		}
		return noSignIn(http.StatusBadRequest, "invalid_request", "The form can't be read")
	}
	form := r.PostForm
	if id, _, _ := r.BasicAuth(); form.Get("client_id") == "" && id == "" {
		return noSignIn(http.StatusUnauthorized, "invalid_client", "Invalid client or Invalid client credentials")
	}
	switch form.Get("grant_type") {
	case "password":
		if !same(form.Get("username"), Username) || !same(form.Get("password"), Password) {
			return noSignIn(http.StatusUnauthorized, "invalid_grant", "Invalid user credentials")
		}
	case "refresh_token":
		if !s.tokens.redeem(form.Get("refresh_token")) {
			return noSignIn(http.StatusBadRequest, "invalid_grant", "Token is not active")
		}
	case "":
		return noSignIn(http.StatusBadRequest, "invalid_request", "Missing form parameter: grant_type")
	default:
		return noSignIn(http.StatusBadRequest, "unsupported_grant_type", "Unsupported grant_type")
	}
	return s.grant()
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (s *Simulator) grant() answer {
	access, refresh := s.tokens.issue()
	return answer{
		status: http.StatusOK,
		header: map[string]string{"Cache-Control": "no-store", "Pragma": "no-cache"},
		body: map[string]any{
			"access_token": access, "expires_in": int(accessLife.Seconds()),
			"refresh_token": refresh, "refresh_expires_in": int(refreshLife.Seconds()),
			"token_type": "Bearer", "not-before-policy": 0, "scope": "openid email profile",
		},
	}
}

// userInfo tells who signed in; `sub` is the default workspace.
func (s *Simulator) userInfo(r *http.Request) answer {
	if !s.tokens.valid(bearer(r)) {
		a := noSignIn(http.StatusUnauthorized, "invalid_token", "Token verification failed")
		a.header = map[string]string{"WWW-Authenticate": `Bearer realm="public", error="invalid_token"`}
		return a
	}
	return answer{status: http.StatusOK, body: map[string]any{
		"sub": s.workspace, "email": Username, "email_verified": true, "preferred_username": Username,
		"name": "Demo User", "given_name": "Demo", "family_name": "User",
	}}
}

// bearer is the request's token, "" where it brings none.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// signedIn lets those in that bring a token that is alive.
func (s *Simulator) signedIn(c call) call {
	return func(r *http.Request) answer {
		if !s.tokens.valid(bearer(r)) {
			a := refuse(http.StatusUnauthorized, "Full authentication is required to access this resource")
			a.header = map[string]string{"WWW-Authenticate": "Bearer"}
			return a
		}
		return c(r)
	}
}

// owned is signedIn for what lies under the account's own workspace.
func (s *Simulator) owned(c call) call {
	return s.signedIn(func(r *http.Request) answer {
		if r.PathValue("workspace") != s.workspace {
			return forbidden()
		}
		return c(r)
	})
}

func forbidden() answer {
	return refuse(http.StatusForbidden, "You don't have access to this workspace")
}
