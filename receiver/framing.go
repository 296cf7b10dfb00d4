package receiver

import (
	"bytes"
	"net/http"

	"github.com/up42/up42-webhooks/receiver/signature"
)

// framing is what the header block of a request says about the length of its body and
// about its own lines. net/http removes or joins some of that, and programs between
// the sender and the receiver may read it differently; see “Signature” in README.md.
type framing struct {
	// own: the recorded block belongs to the request. It does not if the request was sent
	// before the one before it was answered.
	own bool
	// known: all lines of the block end in CRLF. Programs differ in what else they take
	// for the end of a line.
	known bool
	// hasLength: the block has a Content-Length. hasCoding: it has a Transfer-Encoding.
	hasLength, hasCoding bool
	// folded are the headers whose value continues on a second line. repeated are the
	// headers that net/http merged.
	folded, repeated map[string]bool
}

// framingOf reads the framing of a request from a whole header block that ends after
// the last header line.
func framingOf(r *http.Request, block []byte) framing {
	line, rest, found := bytes.Cut(block, []byte("\n"))
	line, crlf := bytes.CutSuffix(line, []byte("\r"))
	if !found || string(line) != r.Method+" "+r.RequestURI+" "+r.Proto {
		return framing{}
	}
	f := framing{own: true, known: crlf, folded: signature.Folded(rest), repeated: signature.Repeated(rest)}
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, []byte("\r\n"))
		if bytes.ContainsAny(line, "\r\n") {
			f.known = false
		}
		name, _, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			f.hasLength = true
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			f.hasCoding = true
		}
	}
	return f
}

// ambiguous says whether the end of the body is unclear: the request has a transfer
// coding and also a length, or its header block is not known so that it may have one.
// HTTP/1.0 has no transfer codings; net/http ignores them there, but a proxy in front
// may not.
func (f framing) ambiguous(r *http.Request) bool {
	coded := f.hasCoding || len(r.TransferEncoding) > 0
	return coded && (f.hasLength || !f.known || !r.ProtoAtLeast(1, 1))
}

// plain says that the header lines are known as they came: no line is folded, and
// net/http merged none.
func (f framing) plain() bool { return f.known && len(f.folded) == 0 && len(f.repeated) == 0 }
