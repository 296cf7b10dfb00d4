package notify

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver/safe"
)

// maxSubject is the length of a subject, in characters.
const maxSubject = 150

// message returns the headers and the text of an e-mail.
func (e *email) message(m *Message) []byte {
	var b bytes.Buffer
	// What UP42's orders are called must not make headers of its own.
	subject := mime.QEncoding.Encode("utf-8", safe.Shorten(safe.Line(e.subject.fill(m, unescaped)), maxSubject))
	for _, h := range [...]struct{ name, value string }{
		{"From", e.from.String()},
		{"To", e.to.String()},
		{"Subject", strings.ReplaceAll(subject, "?= =?", "?=\r\n =?")}, // a line of a message is short,
		{"Date", m.At.Format(time.RFC1123Z)},
		{"Message-ID", e.id(m)},
		{"Auto-Submitted", "auto-generated"},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "quoted-printable"},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", h.name, h.value)
	}
	b.WriteString("\r\n")
	text := e.text.fill(m, safe.Line)
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(lineEnds.Replace(text))) // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

var lineEnds = strings.NewReplacer("\r\n", "\r\n", "\n", "\r\n")

// id is the same if a message is sent again, so that mail programs show it once.
func (e *email) id(m *Message) string {
	hash := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%s\n%s", m.Rule, m.Field("seq"), m.Field("verdict"), m.At, e.to.Address))
	_, domain, _ := strings.Cut(e.from.Address, "@")
	return fmt.Sprintf("<%x@%s>", hash[:12], domain)
}
