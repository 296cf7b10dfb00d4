package signature_test

import (
	"fmt"
	"net/http"
	"time"

	"github.com/up42/up42-webhooks/receiver/signature"
)

func Example() {
	now := time.Unix(1790000000, 0)
	r := signature.Request{
		Header: http.Header{},
		Body:   []byte(`{"event": "order.status"}`),
	}
	if err := signature.Sign(r, "correct horse", nil, now); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Header.Get("Signature-Input"))

	v := signature.New(signature.Policy{Secrets: []string{"an old secret", "correct horse"}})
	res, err := v.Verify(r, now)
	fmt.Println(res.BodyCovered, res.Secret, err)

	r.Body = []byte(`{"event": "something else"}`)
	_, err = v.Verify(r, now)
	fmt.Println(err)

	// Output:
	// up42-sig=("date" "digest");created=1790000000
	// true 1 <nil>
	// digest-mismatch
}
