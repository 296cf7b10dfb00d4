package altered

import "bytes"

// Refused says why something that begins like this is no HTTP, in a sentence. It returns ""
// if that is not known.
func Refused(beginning []byte) string {
	switch {
	case bytes.HasPrefix(beginning, []byte("\x16\x03")):
		return "It begins like TLS, and the receiver speaks plain HTTP: let the proxy connect with http://, or the sender come through the proxy."
	case bytes.HasPrefix(beginning, []byte("PROXY ")), bytes.Contains(beginning, []byte("\x00\r\nQUIT\n")):
		return "It begins with the PROXY protocol, which the receiver does not know: turn that off in the proxy, and name the proxy with --trusted-proxy."
	case bytes.HasPrefix(beginning, []byte("PRI ")):
		return "It begins like HTTP/2, and the receiver speaks HTTP/1.1: let the proxy do so, too."
	default:
		return ""
	}
}
