package client

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// entire is a transport whose answers are read to their end before anybody sees
// them: oauth2 does not tell an answer that broke off, which may come whole the
// next time, from one that is none.
type entire struct{ http.RoundTripper }

func (e entire) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := e.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := readAnswer(res)
	if err != nil && res.StatusCode/100 == 2 {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	res.Body = io.NopCloser(bytes.NewReader(answer))
	return res, nil
}
