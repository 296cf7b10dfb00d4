package verify

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/checklist"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/text"
)

// report explains the verdict, in lines. Text of the request is cleaned for terminals.
// The report has no secret.
func (j judgement) report() string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-11s %s\n", name, text.Clean(fmt.Sprintf(format, args...), 0))
	}
	switch {
	case j.verdict == unmatched:
		fmt.Fprintf(&b, "%s: %s\n", j.verdict, text.Clean(j.unmatchedWords(), 0))
	case j.reason == "":
		fmt.Fprintf(&b, "%s: %s\n", j.verdict, j.proof.Words(j.verdict).Short)
	default:
		words := receiver.Explain(j.reason)
		fmt.Fprintf(&b, "%s: %s\n", j.verdict, j.reason)
		line("meaning", "%s", words.Long)
		if !j.cause.IsZero() {
			line("cause", "%s", j.cause.What)
			words.Todo = j.cause.Todo
		}
		line("to do", "%s", words.Todo)
	}
	if j.request.Flaw != "" {
		line("flaw", "%s", j.request.Flaw)
	}
	j.reportResult(line)
	for _, note := range j.notes() {
		line("note", "%s", note)
	}
	j.reportSteps(&b)
	return b.String()
}

// reportSteps lists the steps of the judgement, as the details on the screen do.
func (j judgement) reportSteps(b *strings.Builder) {
	if j.event == nil {
		return
	}
	known := checklist.Known{Zone: time.UTC, Flaw: j.request.Flaw}
	if j.result.Secret >= 0 {
		known.Secret = fmt.Sprintf("number %d of %d", j.result.Secret+1, len(j.policy.Secrets))
	}
	b.WriteString("  steps\n")
	for _, s := range checklist.Of(j.event, known) {
		fmt.Fprintf(b, "    %-11s  %s\n", s.State, text.Clean(strings.TrimRight(fmt.Sprintf("%-10s  %s", s.Name, s.Fact), " "), 0))
	}
}

func (j judgement) reportResult(line func(name, format string, args ...any)) {
	r := j.result
	if r.Faulty != "" {
		line("about", "%s", r.Faulty)
	}
	if r.Label != "" {
		line("label", "%s", r.Label)
		line("components", "%s", j.componentsText())
		line("created", "%s", j.createdText())
	}
	if r.Secret >= 0 {
		line("secret", "number %d of %d matches (index %d)", r.Secret+1, len(j.policy.Secrets), r.Secret)
	} else if r.Label != "" {
		line("secret", "%s", j.noSecretText())
	}
	if j.request.Flaw == "" && j.verdict != unmatched {
		line("digest", "%s", j.digestText())
		if r.Age != "" {
			line("age", "%s", receiver.ExplainAge(r.Age, j.now.Sub(r.Timestamp), j.proof.MaxMessageAge))
		}
		line("body", "%s", cli.Count(len(j.request.Body), "byte"))
	}
}

func (j judgement) componentsText() string {
	if len(j.result.Components) == 0 {
		return "none"
	}
	return strings.Join(j.result.Components, ", ")
}

func (j judgement) createdText() string {
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
	return fmt.Sprintf("%s, %s old (must be less than %s)", when, elapsed.Long(age), elapsed.Long(j.policy.MaxAge))
}

func (j judgement) noSecretText() string {
	switch n := len(config.Usable(j.policy.Secrets)); {
	case n == 0:
		return "none is configured"
	case j.reason == signature.SignatureMismatch:
		return fmt.Sprintf("none of %d matches", n)
	default:
		return "not tried"
	}
}

func (j judgement) digestText() string {
	r := j.result
	switch {
	case j.reason == signature.DigestMismatch && r.Digest == "":
		return "can't be read"
	case j.reason == signature.DigestMismatch:
		return r.Digest + " does not match the body"
	case r.BodyCovered:
		return r.Digest + " matches the body and is covered by the signature"
	case r.Digest != "":
		return r.Digest + " matches the body, but the signature does not cover it"
	case j.reason != "" && j.reason != signature.DigestRequired:
		return "not checked"
	default:
		return "no SHA-256 or SHA-512"
	}
}

// notes says how the capture was read, and how to judge an old one.
func (j judgement) notes() []string {
	notes := j.request.Notes
	unproved := j.verdict == receiver.Partial && j.result.BodyCovered
	if j.reason == signature.Stale || j.reason == signature.Future || unproved {
		notes = append(notes, "--now sets the time by which a capture is judged")
	}
	if (j.reason == signature.SignatureMismatch || j.reason == signature.NoSecret) && config.HasCredentials(j.config) {
		notes = append(notes, "the secrets of webhooks at UP42, which a receiver with this account learns, were not tried: give them with --secret-file")
	}
	if j.reason == signature.SignatureMismatch {
		for _, f := range j.secrets {
			notes = append(notes, f.String()+". "+f.Todo)
		}
	}
	return notes
}
