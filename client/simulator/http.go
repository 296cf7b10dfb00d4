package simulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// answer is the answer to a call.
type answer struct {
	status int
	// body is encoded as JSON. Nil is no body.
	body   any
	header map[string]string
}

// envelope wraps the answers of the older calls. See “Calls” in client/README.md.
type envelope struct {
	Data  any    `json:"data"`
	Error *fault `json:"error"`
}

type fault struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// bareFault is an error without an envelope.
type bareFault struct {
	fault
	Details string `json:"details"`
}

// unwrapped takes an error out of its envelope, as some of UP42's calls do.
func (a answer) unwrapped() answer {
	if e, ok := a.body.(envelope); ok && e.Error != nil {
		a.body = bareFault{*e.Error, http.StatusText(a.status)}
	}
	return a
}

// ok is an answer without an envelope.
func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

func data(status int, v any) answer { return answer{status: status, body: envelope{Data: v}} }

func refuse(status int, message string) answer {
	return answer{status: status, body: envelope{Error: &fault{status, message}}}
}

func forbidden() answer {
	return refuse(http.StatusForbidden, "You don't have access to this workspace")
}

// write sends an answer in one piece.
func write(w http.ResponseWriter, a answer) {
	if _, bare := w.(withoutEnvelope); bare {
		a = a.unwrapped()
	}
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	text, err := json.Marshal(a.body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(a.status)
	_, _ = w.Write(text) // if this fails, the caller is gone
}

// stamp formats a time as UP42 does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// count reads a number from 0 on. A number above most is read as most.
func count(q url.Values, name string, otherwise, most int) (n int, ok bool) {
	text := q.Get(name)
	if text == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(text)
	return min(n, most), err == nil && n >= 0
}

// list returns all values of a name. A query may repeat the name, or have commas between
// values.
func list(q url.Values, name string) []string {
	var out []string
	for _, value := range q[name] {
		for part := range strings.SplitSeq(value, ",") {
			if part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// anyOr reports whether a value is among those wanted. An empty list wants all.
func anyOr(wanted []string, value string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, value)
}
