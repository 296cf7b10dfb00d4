package simulator

import (
	"net/http"
)

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
