package signature

// CheckDigest compares the digest headers of a request with its body, for a
// receiver that trusts the request for another reason than its signature. The
// algorithm is "" where there is no digest that counts; the error is
// DigestMismatch.
func CheckDigest(r Request) (algorithm string, err error) {
	var res Result
	err = checkDigests(&res, r)
	return res.Digest, err
}
