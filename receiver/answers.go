package receiver

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// answer is a fixed answer. It says nothing that helps to forge a delivery, and does
// not name the program that gives it.
type answer struct {
	status int
	body   string
}

var (
	answerUnauthorized = answer{http.StatusUnauthorized, `{"code":401,"msg":"unauthorized"}`}
	answerMalformed    = answer{http.StatusBadRequest, `{"code":400,"msg":"bad request"}`}
	answerNotFound     = answer{http.StatusNotFound, `{"code":404,"msg":"not found"}`}
	answerMethod       = answer{http.StatusMethodNotAllowed, `{"code":405,"msg":"method not allowed"}`}
	answerSlow         = answer{http.StatusRequestTimeout, `{"code":408,"msg":"too slow, try again"}`}
	answerTooLarge     = answer{http.StatusRequestEntityTooLarge, `{"code":413,"msg":"body too large"}`}
	answerNoPassword   = answer{http.StatusForbidden, `{"code":403,"msg":"start the receiver with --basic-auth USER:PASS (or UP42_BASIC_AUTH) and ask with that password"}`}
	answerNotRead      = answer{http.StatusServiceUnavailable, `{"code":503,"msg":"can't be read now, try again"}`}
	answerBusy         = answer{http.StatusServiceUnavailable, `{"code":503,"msg":"busy, try again"}`}
	answerNotStored    = answer{http.StatusServiceUnavailable, `{"code":503,"msg":"not stored, try again"}`}
)

// answerTo returns the answer to a delivery that is rejected for a reason.
func answerTo(r Reason) answer {
	switch r {
	case MethodNotAllowed:
		return answerMethod
	case BodyTooLarge:
		return answerTooLarge
	case BodyMalformed:
		return answerMalformed
	default:
		return answerUnauthorized
	}
}

func (a answer) write(w http.ResponseWriter) { writeJSON(w, a.status, []byte(a.body)) }

// raw returns the whole answer to a connection that does not reach the handler.
func (a answer) raw() []byte {
	return fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s\n",
		a.status, http.StatusText(a.status), len(a.body)+1, a.body)
}

// writeLater answers that the sender should try again in a second.
func (a answer) writeLater(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	a.write(w)
}

// writeStored answers as the old collector did. In the place of its key it names the
// event's Seq.
func writeStored(w http.ResponseWriter, seq int64) {
	b := make([]byte, 0, 64)
	b = append(b, `{"msg":"value with key `...)
	b = strconv.AppendInt(b, seq, 10)
	b = append(b, ` stored"}`...)
	writeJSON(w, http.StatusOK, b)
}

// writeJSON ignores a failure: the sender is gone, and sends again.
func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)+1)) // so that it can be sent at once
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}

// writePong answers /ping.
func writePong(w http.ResponseWriter) {
	const pong = "PONG"
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(pong)))
	_, _ = io.WriteString(w, pong)
}

// closeIfUnread ends the connection after an answer to a request whose body is not
// read. Otherwise net/http reads the rest of the body after the answer, and the
// recorder takes what follows for the start of the next header block. Then the next
// request would be checked against a wrong header block: a genuine one would be
// rejected, or a forged one accepted.
func closeIfUnread(w http.ResponseWriter, r *http.Request) {
	if r.Body != nil && r.Body != http.NoBody {
		closeAfter(w, r)
	}
}

// closeAfter ends the connection after the answer.
func closeAfter(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	if rec := recorderOf(r); rec != nil {
		rec.unread = true
	}
}
