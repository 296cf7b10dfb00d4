package client

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"time"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

// refusedFile remembers a refused password across Clients: a service that is restarted again
// and again must not ask with it each time. Its name is "" if nothing is remembered.
type refusedFile string

// remembered is a refused password, as the file has it.
type remembered struct {
	// Salt and Mark tell other credentials from the refused ones. The mark has two bytes: too
	// few to find the password, and enough to notice almost every change.
	Salt  string    `json:"salt"`
	Mark  string    `json:"mark"`
	Tries int       `json:"tries"`
	Since time.Time `json:"since"`
}

// recall returns the pause for these credentials that an earlier Client has left, the zero
// value without one.
func (f refusedFile) recall(c Credentials) pause {
	if f == "" {
		return pause{}
	}
	text, err := os.ReadFile(string(f))
	var r remembered
	if err != nil || json.Unmarshal(text, &r) != nil || r.Tries < 1 || r.Mark != markOf(c, r.Salt) {
		return pause{}
	}
	// A new start is somebody's wish, or a service that can't stay: it asks once an hour.
	p := pause{of: c, tries: min(r.Tries, len(passwordPauses)), since: r.Since}
	e := &Error{Call: signIn, Status: http.StatusUnauthorized, Code: "invalid_grant"}
	e.explainRefusal("")
	p.err = refusedPassword{error: atSignIn{e}, next: p.since.Add(p.length())}
	return p
}

// remember keeps a refused password for the next Client. Without one it forgets.
func (f refusedFile) remember(p *pause) error {
	switch {
	case f == "":
		return nil
	case p.tries == 0:
		if err := os.Remove(string(f)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	salt := rand.Text()
	text, err := json.Marshal(remembered{Salt: salt, Mark: markOf(p.of, salt), Tries: p.tries, Since: p.since.UTC()})
	if err != nil {
		return err
	}
	return outfile.Put(string(f), append(text, '\n'))
}

func markOf(c Credentials, salt string) string {
	m := hmac.New(sha256.New, []byte(salt))
	m.Write([]byte(c.Username + "\x00" + c.Password.Reveal()))
	return hex.EncodeToString(m.Sum(nil)[:2])
}
