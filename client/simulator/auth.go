package simulator

import (
	"cmp"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"
)

// The account that can sign in.
const (
	Username = "demo@example.com"
	Password = "demo"
)

// clientIDs are the clients that can sign in: those of UP42's SDK and of its API documentation.
var clientIDs = [...]string{"up42-sdk", "up42-api"}

// account is the account and its only workspace.
type account struct {
	id        string
	workspace string
}

func newAccount(seed uint64) account {
	return account{id: newIDs(seed, "account").next(), workspace: newIDs(seed, "workspace").next()}
}

// owns reports whether the workspace that a query names, if any, is that of the account.
func (a account) owns(q url.Values) bool {
	workspace := q.Get("workspaceId")
	return workspace == "" || workspace == a.workspace
}

// refusal is an error of Keycloak, which does the sign-in for UP42.
type refusal struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

func noSignIn(status int, code, description string) answer {
	return answer{status: status, body: refusal{code, description}}
}

// noRealm is the answer of Keycloak for an unknown realm.
func noRealm(r *http.Request) answer {
	if r.PathValue("realm") == "public" {
		return notSimulated(r)
	}
	return noSignIn(http.StatusNotFound, "Realm does not exist", "")
}

// auth is the sign-in of one account.
type auth struct {
	account account
	tokens  *tokens
}

// signIn is the token endpoint, with the grants password and refresh_token.
func (a *auth) signIn(r *http.Request) answer {
	if err := r.ParseForm(); err != nil {
		if errors.As(err, new(*http.MaxBytesError)) {
			return noSignIn(http.StatusRequestEntityTooLarge, "invalid_request", "Request too large")
		}
		return noSignIn(http.StatusBadRequest, "invalid_request", "The form can't be read")
	}
	form := r.PostForm
	id, _, _ := r.BasicAuth()
	if !slices.Contains(clientIDs[:], cmp.Or(form.Get("client_id"), id)) {
		return noSignIn(http.StatusUnauthorized, "invalid_client", "Invalid client or Invalid client credentials")
	}
	switch form.Get("grant_type") {
	case "password":
		if !same(form.Get("username"), Username) || !same(form.Get("password"), Password) {
			return noSignIn(http.StatusUnauthorized, "invalid_grant", "Invalid user credentials")
		}
	case "refresh_token":
		if !a.tokens.redeem(form.Get("refresh_token")) {
			return noSignIn(http.StatusBadRequest, "invalid_grant", "Token is not active")
		}
	case "":
		return noSignIn(http.StatusBadRequest, "invalid_request", "Missing form parameter: grant_type")
	default:
		return noSignIn(http.StatusBadRequest, "unsupported_grant_type", "Unsupported grant_type")
	}
	return a.grant()
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (a *auth) grant() answer {
	access, refresh := a.tokens.issue()
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

// userInfo describes the account. The field sub is the id of its workspace.
func (a *auth) userInfo(r *http.Request) answer {
	if !a.tokens.valid(bearer(r)) {
		refused := noSignIn(http.StatusUnauthorized, "invalid_token", "Token verification failed")
		refused.header = map[string]string{"WWW-Authenticate": `Bearer realm="public", error="invalid_token"`}
		return refused
	}
	return answer{status: http.StatusOK, body: map[string]any{
		"sub": a.account.workspace, "email": Username, "email_verified": true, "preferred_username": Username,
		"name": "Demo User", "given_name": "Demo", "family_name": "User",
	}}
}

// signedIn makes a call that requires a valid token.
func (a *auth) signedIn(c call) call {
	return func(r *http.Request) answer {
		if !a.tokens.valid(bearer(r)) {
			refused := refuse(http.StatusUnauthorized, "Full authentication is required to access this resource")
			refused.header = map[string]string{"WWW-Authenticate": "Bearer"}
			return refused
		}
		return c(r)
	}
}

// owned makes a call that requires a valid token and the account's workspace in the path.
func (a *auth) owned(c call) call {
	return a.signedIn(func(r *http.Request) answer {
		if r.PathValue("workspace") != a.account.workspace {
			return forbidden()
		}
		return c(r)
	})
}

// oldSignIn is the token endpoint of UP42's SDK 1.x, at the API. It takes the grant
// password without a client id, and the grant client_credentials with basic authentication,
// for which the account's username and password stand in for the id and the key of a project.
func (a *auth) oldSignIn(r *http.Request) answer {
	if err := r.ParseForm(); err != nil {
		return refuse(http.StatusBadRequest, "The form can't be read")
	}
	username, password := r.PostForm.Get("username"), r.PostForm.Get("password")
	switch r.PostForm.Get("grant_type") {
	case "password":
	case "client_credentials":
		username, password, _ = r.BasicAuth()
	default:
		return refuse(http.StatusBadRequest, "Unsupported grant type")
	}
	if !same(username, Username) || !same(password, Password) {
		return refuse(http.StatusUnauthorized, "Bad credentials")
	}
	access, _ := a.tokens.issue()
	return answer{
		status: http.StatusOK,
		header: map[string]string{"Cache-Control": "no-store"},
		body: map[string]any{
			"access_token": access, "token_type": "bearer", "expires_in": int(accessLife.Seconds()),
			"data": map[string]string{"accessToken": access}, "error": nil,
		},
	}
}

// oldAccount describes the account as the SDK up to 2.1.0 reads it. The field id is the id of
// its workspace.
func (a *auth) oldAccount(*http.Request) answer {
	return data(http.StatusOK, map[string]any{
		"id": a.account.workspace, "email": Username, "firstName": "Demo", "lastName": "User", "accountId": a.account.id,
	})
}
