package receivertest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// Vector is a captured request with the verdict that it must get. All that judges
// signatures is tested with the same vectors.
type Vector struct {
	Name    string   `json:"name"`
	Now     int64    `json:"now"` // Unix seconds
	Secrets []string `json:"secrets"`
	Options struct {
		AllowUnsigned bool     `json:"allow_unsigned"`
		RequireDigest bool     `json:"require_digest"`
		Components    []string `json:"components"`
	} `json:"options"`
	// Raw is the request as it came over the wire.
	Raw    []byte `json:"request_base64"`
	Expect struct {
		Verdict receiver.Verdict `json:"verdict"`
		Reason  receiver.Reason  `json:"reason"`
		// Secret is the index of the secret that matches. It may be nil.
		Secret *int `json:"secret"`
	} `json:"expect"`
}

// Time returns the time to judge at.
func (v Vector) Time() time.Time { return time.Unix(v.Now, 0) }

// Policy returns the policy to judge by.
func (v Vector) Policy() signature.Policy {
	return signature.Policy{
		Secrets: v.Secrets, Components: v.Options.Components,
		RequireDigest: v.Options.RequireDigest, AllowUnsigned: v.Options.AllowUnsigned,
	}
}

// Request returns the request as net/http reads it.
func (v Vector) Request(t testing.TB) signature.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(v.Raw)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return signature.Request{Header: r.Header, Host: r.Host, Body: body}
}

// Vectors loads the vectors of receiver/signature/testdata, from any package of the
// module.
func Vectors(t testing.TB) []Vector {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(moduleRoot(t), "receiver", "signature", "testdata", "signature.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []Vector
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("there are no vectors")
	}
	return all
}

// moduleRoot finds go.mod above the folder of the package under test.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the working folder")
		}
		dir = parent
	}
}
