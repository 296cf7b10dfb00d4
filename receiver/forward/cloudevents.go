package forward

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver"
)

// cloudPrefix is how the names of the headers of CloudEvents begin.
const cloudPrefix = "Ce-"

const (
	// cloudSource is where events come from. An event whose webhook is known has its id
	// behind that.
	cloudSource = "https://up42.com/webhooks"
	// cloudTypes is before the name of an event.
	cloudTypes = "com.up42."
)

// addCloudEvent adds the attributes of CloudEvents 1.0, as the binary mode of the binding
// to HTTP has them. The body stays what it is, so its content type does, too.
func addCloudEvent(h http.Header, e *receiver.Event) {
	for name := range h {
		if strings.HasPrefix(name, cloudPrefix) {
			delete(h, name) // it came with the delivery
		}
	}
	if t := h.Get("Content-Type"); t == "" || strings.HasPrefix(strings.ToLower(t), "application/cloudevents") {
		h.Set("Content-Type", "application/json") // the other one says that the attributes are in the body
	}
	source := cloudSource
	if e.Webhook != "" {
		source += "/" + e.Webhook
	}
	set := func(attribute, value string) { h.Set(cloudPrefix+attribute, cloudValue(value)) }
	set("specversion", "1.0")
	set("id", Key(e))
	set("source", source)
	set("type", cloudTypes+e.Name)
	set("time", e.At().UTC().Format(time.RFC3339Nano))
	if e.ID != "" {
		set("subject", cloudSubject(e))
	}
}

// cloudSubject is the order or the job, or the task of a job.
func cloudSubject(e *receiver.Event) string {
	subject := e.ID
	if e.Kind != "" {
		subject = string(e.Kind) + "/" + subject
	}
	if e.TaskID != "" {
		subject += "/task/" + e.TaskID
	}
	return subject
}

// longestAttribute is the length of the longest value in bytes, before it is encoded.
const longestAttribute = 2048

// cloudValue encodes a value for a header: spaces, quotation marks, percent signs and what
// is no visible ASCII are percent-encoded UTF-8. What CloudEvents have no place for in a
// value is replaced.
func cloudValue(s string) string {
	if len(s) > longestAttribute {
		s = s[:longestAttribute]
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r <= 0x9f || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef {
			return utf8.RuneError
		}
		return r
	}, s)
	return percentEncode(s, func(c byte) bool { return c > ' ' && c <= '~' && c != '"' && c != '%' })
}
