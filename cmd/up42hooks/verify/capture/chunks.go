package capture

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/up42/up42-webhooks/tui/number"
)

var errChunks = errors.New("its body is not chunked, although Transfer-Encoding says so")

// unchunk decodes the chunked transfer coding (RFC 9112, section 7.1). It accepts line
// feeds as line ends and skips trailers.
func unchunk(rest []byte) ([]byte, error) {
	var body []byte
	for {
		line, more, found := bytes.Cut(rest, []byte("\n"))
		if !found {
			return nil, errChunks
		}
		size, _, _ := bytes.Cut(line, []byte(";")) // extensions
		n, err := strconv.ParseUint(string(bytes.TrimSpace(size)), 16, 63)
		if err != nil {
			return nil, errChunks
		}
		if n == 0 {
			return body, nil
		}
		if n > uint64(len(more)) {
			return nil, fmt.Errorf("its last chunk has only %d of %d %s", len(more), n, number.Plural(int64(n), "byte", "bytes"))
		}
		body = append(body, more[:n]...)
		rest = bytes.TrimPrefix(more[n:], []byte("\r"))
		if !bytes.HasPrefix(rest, []byte("\n")) {
			return nil, errChunks
		}
		rest = rest[1:]
	}
}

// inChunks encodes a body in the chunked transfer coding.
func inChunks(body []byte) []byte {
	const end = "0\r\n\r\n"
	if len(body) == 0 {
		return []byte(end)
	}
	return fmt.Appendf(nil, "%x\r\n%s\r\n%s", len(body), body, end)
}
