package altered

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/up42/up42-webhooks/receiver/signature"
)

const passBody = "The body must stay the same byte for byte. "

// undone finds a change, or two, after whose undoing the body matches its digest. That is certain.
func undone(d Delivery) Cause {
	if x, ok := undoneBy(d, d.Body); ok {
		return certain(d, x)
	}
	for _, first := range forms {
		for before := range first.undo(d.Body) {
			if !promising(before) {
				continue
			}
			if second, ok := undoneBy(d, before); ok {
				return certain(d, second, first)
			}
		}
	}
	return Cause{}
}

// promising says whether a body may be a delivery with one change more.
func promising(body []byte) bool {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	return isDelivery(body) || magic(body) != "" || wrapped(body)
}

// undoneBy finds the change after whose undoing a body matches the digest of the delivery.
func undoneBy(d Delivery, body []byte) (found change, ok bool) {
	for _, x := range changes {
		for before := range x.undo(body) {
			r := signature.Request{Header: d.Header, Host: d.Host, Body: before}
			if algorithm, err := signature.CheckDigest(r); err == nil && algorithm != "" {
				return x, true
			}
		}
	}
	return found, false
}

// certain is the cause of a delivery that has certainly been changed so, in this order.
func certain(d Delivery, done ...change) Cause {
	var whats, todos []string
	for _, x := range done {
		what := x.what
		if _, seen := compression(d); x.what == itWasCompressed && seen != "" {
			what += " (" + seen + ")"
		}
		whats = append(whats, what)
		if !slices.Contains(todos, x.todo) {
			todos = append(todos, x.todo)
		}
	}
	return Cause{
		"The body was changed on the way: " + strings.Join(whats, ", then ") + ". Without that it matches its digest.",
		passBody + strings.Join(todos, " "),
	}
}

// kept is how much of the body of a rejected delivery is kept.
const kept = 64 << 10

// cutOff finds a body that is shorter than was announced.
func cutOff(d Delivery) Cause {
	length, err := strconv.Atoi(d.Header.Get("Content-Length"))
	switch have := len(d.Body); {
	case have == 0:
		return Cause{
			"The body is empty: something in between removed it, such as a redirect.",
			"If there is a redirect from http:// to https:// or to another path, give UP42 the last URL.",
		}
	case err == nil && have < length && have < kept:
		return Cause{
			fmt.Sprintf("Only %d of %d bytes of the body came: something in between cut it off, or sent it too slowly.", have, length),
			"Check the limits and timeouts of the proxy or tunnel.",
		}
	default:
		return Cause{}
	}
}

// magics are how compressed bodies begin.
var magics = []struct{ begins, name string }{
	{"\x1f\x8b", "gzip"},
	{"\x28\xb5\x2f\xfd", "zstd"},
	{"\x78\x01", "deflate"},
	{"\x78\x5e", "deflate"},
	{"\x78\x9c", "deflate"},
	{"\x78\xda", "deflate"},
	{"BZh", "bzip2"},
	{"\xfd7zXZ", "xz"},
	{"\x1f\x9d", "compress"},
	{"\x04\x22\x4d\x18", "lz4"},
}

// compression returns how the body is compressed, and how one sees that.
func compression(d Delivery) (name, seen string) {
	if header := strings.TrimSpace(strings.Join(d.Header["Content-Encoding"], ", ")); header != "" && !strings.EqualFold(header, "identity") {
		return header, "Content-Encoding: " + header
	}
	if name = magic(d.Body); name != "" {
		seen = "it begins like " + name
	}
	return name, seen
}

// magic returns how a body is compressed by its beginning.
func magic(body []byte) string {
	for _, m := range magics {
		if bytes.HasPrefix(body, []byte(m.begins)) {
			return m.name
		}
	}
	return ""
}

func compressed(d Delivery) Cause {
	name, seen := compression(d)
	switch {
	case name == "":
		return Cause{}
	case d.Decodes:
		return Cause{
			"The header says that the body is compressed (" + seen + "), but it is not: something in between decompressed it, or changed it in another way.",
			passBody + "Let the proxy or tunnel pass the body as it comes.",
		}
	case d.Reason == bodyMalformed && hasDigest(d.Header):
		return Cause{
			"The body is compressed (" + seen + "), and its digest is that of the compressed body: whoever signed it compressed it. UP42 sends plain JSON.",
			"Have the sender send plain JSON.",
		}
	default:
		return Cause{
			"The body is compressed (" + seen + "): a proxy in between compressed it, or the sender did. UP42 sends plain JSON.",
			passBody + "Turn off the compression of requests in the proxy or tunnel.",
		}
	}
}

func hasDigest(h http.Header) bool { return h.Get("Digest") != "" || h.Get("Content-Digest") != "" }

// replaced finds a body that is a delivery, but not the one that its digest was made of. What was
// changed is not known: no form of this JSON matches the digest.
func replaced(d Delivery) Cause {
	if !d.Decodes {
		return notJSON(d)
	}
	const forms = " With other white space, line ends or escapes it does not match either."
	if !covers(d, "digest") && !covers(d, "content-digest") {
		return Cause{
			"The body is a delivery, but not the body that the digest was made of, and the digest is not signed: the body or the digest was changed." + forms,
			passBody + "If a program of yours passes deliveries on, let it send the bytes and headers that it got. If none does, don't trust this body.",
		}
	}
	return Cause{
		"The body is a delivery, but not the body that was signed: it was changed afterwards." + forms,
		passBody + "If a program of yours passes deliveries on, let it send the bytes that it got. If none does, don't trust this body.",
	}
}

// unclearEnd finds a request whose body is good, but whose end was not clear.
func unclearEnd(d Delivery) Cause {
	if !d.Decodes {
		return Cause{}
	}
	return Cause{
		"The body is that of a delivery, but the request has both Transfer-Encoding and Content-Length, or a Transfer-Encoding in HTTP/1.0: programs differ in where such a body ends.",
		"Let the proxy send one of the two, and speak HTTP/1.1 to the receiver: in nginx `proxy_http_version 1.1;`.",
	}
}

// notJSON finds what the body is in the place of JSON.
func notJSON(d Delivery) Cause {
	body := bytes.TrimSpace(d.Body)
	text := strings.ToLower(string(body[:min(len(body), 64)]))
	is := ""
	switch kind := strings.ToLower(d.Header.Get("Content-Type")); {
	case bytes.HasPrefix(body, []byte("\ufeff")):
		is = "begins with a byte order mark"
	case bytes.HasPrefix(body, []byte("\xff\xfe")), bytes.HasPrefix(body, []byte("\xfe\xff")), isUTF16(body):
		is = "is UTF-16, not UTF-8"
	case strings.HasPrefix(text, "<"):
		is = "is HTML or XML: it may be the page of a proxy"
	case strings.Contains(kind, "form-urlencoded"), strings.HasPrefix(text, "%7b"), strings.HasPrefix(text, "payload="):
		is = "is encoded as a form"
	case strings.Contains(kind, "multipart/"):
		is = "is a form with several parts"
	case wrapped(d.Body):
		is = "has the delivery inside another object or text"
	case inBase64(body) != nil && json.Valid(inBase64(body)):
		is = "is encoded in base64"
	case !json.Valid(body) && len(body) > 0 && body[0] == '{' && len(d.Body) < kept:
		is = "begins like JSON, but is not valid: it was cut off or changed"
	default:
		return Cause{}
	}
	return Cause{"The body " + is + ". UP42 sends plain JSON.", passBody + "If a program, a gateway or a queue of yours passes deliveries on, let it send the bytes that it got."}
}

// isUTF16 says whether a text is probably UTF-16 without a mark at its start.
func isUTF16(body []byte) bool {
	return len(body) > 3 && (body[0] == 0 && body[2] == 0 || body[1] == 0 && body[3] == 0)
}

// fromUTF16 returns a text in UTF-8. It returns nil if it is not UTF-16.
func fromUTF16(body []byte) []byte {
	if len(body)%2 != 0 || !isUTF16(bytes.TrimLeft(body, "\xff\xfe")) {
		return nil
	}
	big := body[0] == 0 || body[0] == 0xfe
	units := make([]uint16, 0, len(body)/2)
	for i := 0; i < len(body); i += 2 {
		low, high := body[i], body[i+1]
		if big {
			low, high = high, low
		}
		units = append(units, uint16(low)|uint16(high)<<8)
	}
	return []byte(strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff"))
}
