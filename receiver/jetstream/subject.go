package jetstream

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/dedup"
)

// subjects are those of the stream.
const subjects = "up42.>"

const (
	// longToken is from which length on a part of a subject is a hash, in bytes: a server limits
	// the length of a line.
	longToken = 128
	noToken   = "_"
)

// subjectOf returns the subject of an event. Two events have the same one only if the second is
// a duplicate of the first, see “The same message” in receiver/README.md.
func subjectOf(workspace string, e *receiver.Event) string {
	return strings.Join([]string{"up42", token(workspace), token(string(e.Kind)), token(e.ID), messageKey(e)}, ".")
}

// messageKey says which message an event is, with which body, and how far it is trusted: a
// conflict is another message, and so is a second delivery that is trusted more.
func messageKey(e *receiver.Event) string {
	body := strconv.FormatUint(uint64(dedup.DigestOf(e.BodySHA256())), 36)
	return messageToken(e) + "~" + body + "~" + strconv.Itoa(int(e.Verdict.Trust()))
}

func messageToken(e *receiver.Event) string {
	if e.MessageID != "" {
		return token(e.MessageID)
	}
	key := dedup.KeyOf(e)
	return hex.EncodeToString(key[:])
}

// token encodes a part of a subject. Letters, digits, - and _ stay; of another byte the token has
// % and two digits; "" is an underscore.
func token(s string) string {
	switch {
	case s == "":
		return noToken
	case s == noToken:
		return "%5F"
	case len(s) > longToken:
		sum := sha256.Sum256([]byte(s))
		return "%-" + hex.EncodeToString(sum[:])
	}
	if !strings.ContainsFunc(s, unsafeInToken) {
		return s
	}
	var b strings.Builder
	for _, c := range []byte(s) {
		if unsafeInToken(rune(c)) {
			b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{c})))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func unsafeInToken(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
}
