package verify

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/text"
)

// report says in lines how the verdict came about. What it takes from the
// request is made harmless; no secret is in it.
func (j judgement) report() string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-11s %s\n", name, text.Clean(fmt.Sprintf(format, args...), 0))
	}
	if j.reason == "" {
		fmt.Fprintf(&b, "%s: %s\n", j.verdict, verdictMeaning[j.verdict])
	} else {
		fmt.Fprintf(&b, "%s: %s\n", j.verdict, j.reason)
		a := adviceOn(j.reason)
		line("meaning", "%s", a.meaning)
		line("to do", "%s", a.todo)
	}
	if j.request.Flaw != "" {
		line("flaw", "%s", j.request.Flaw)
	}
	j.reportResult(line)
	for _, note := range j.notes() {
		line("note", "%s", note)
	}
	return b.String()
}

var verdictMeaning = map[receiver.Verdict]string{
	receiver.Verified: "the signature is good and vouches for the body",
	receiver.Partial:  "the signature is good, but nothing that it covers vouches for the body",
	receiver.Unsigned: "there is no signature, and none was asked for",
}

func (j judgement) reportResult(line func(name, format string, args ...any)) {
	res := j.result
	if res.Faulty != "" {
		line("about", "%s", res.Faulty)
	}
	if res.Label != "" {
		line("label", "%s", res.Label)
		line("components", "%s", j.componentsInWords())
		line("created", "%s", j.createdInWords())
	}
	if res.Secret >= 0 {
		line("secret", "number %d of %d matches (index %d)", res.Secret+1, len(j.policy.Secrets), res.Secret)
	} else if res.Label != "" {
		line("secret", "%s", j.noSecretInWords())
	}
	if j.request.Flaw == "" {
		line("digest", "%s", j.digestInWords())
		line("body", "%d bytes", len(j.request.Body))
	}
}

func (j judgement) componentsInWords() string {
	if len(j.result.Components) == 0 {
		return "none"
	}
	return strings.Join(j.result.Components, ", ")
}

func (j judgement) createdInWords() string {
	const lastSecond = 253402300799 // of the year 9999
	created := j.result.Created
	switch {
	case created == 0:
		return "missing"
	case created > lastSecond:
		return strconv.FormatInt(created, 10) + ", which is far ahead"
	}
	t := time.Unix(created, 0)
	age := j.now.Sub(t).Round(time.Second)
	when := t.UTC().Format(time.RFC3339)
	if age < 0 {
		return fmt.Sprintf("%s, %s ahead (%s at most)", when, elapsed.Long(-age), elapsed.Long(j.policy.MaxFuture))
	}
	return fmt.Sprintf("%s, %s old (less than %s is asked for)", when, elapsed.Long(age), elapsed.Long(j.policy.MaxAge))
}

func (j judgement) noSecretInWords() string {
	switch n := len(config.Usable(j.policy.Secrets)); {
	case n == 0:
		return "none is configured"
	case j.reason == signature.SignatureMismatch:
		return fmt.Sprintf("none of %d matches", n)
	default:
		return "not tried"
	}
}

func (j judgement) digestInWords() string {
	res := j.result
	switch {
	case j.reason == signature.DigestMismatch && res.Digest == "":
		return "can't be read"
	case j.reason == signature.DigestMismatch:
		return res.Digest + " does not match the body"
	case res.BodyCovered:
		return res.Digest + " matches the body and is covered by the signature"
	case res.Digest != "":
		return res.Digest + " matches the body, but the signature does not cover it"
	case j.reason != "" && j.reason != signature.DigestRequired:
		return "not looked at"
	default:
		return "none of SHA-256 or SHA-512"
	}
}

// notes are what the receiver would say beyond the signature, and what reading
// the capture forgave.
func (j judgement) notes() []string {
	notes := j.request.Notes
	if j.request.Method != "POST" {
		notes = append(notes, "the receiver takes POST only: it would reject this "+j.request.Method+" ("+string(receiver.MethodNotAllowed)+")")
	} else if _, err := receiver.Decode(j.request.Body); err != nil && j.request.Flaw == "" {
		notes = append(notes, "the receiver would reject the body ("+string(receiver.BodyMalformed)+"): "+err.Error())
	}
	return notes
}
