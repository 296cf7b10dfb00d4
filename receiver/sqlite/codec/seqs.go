package codec

const seqsVersion = 1

// AppendSeqs appends a list of ascending sequence numbers to dst. They are greater than
// base, and each is stored as the difference from the one before.
func AppendSeqs(dst []byte, base int64, seqs []int64) []byte {
	enc := encoder{dst}
	enc.byte(seqsVersion)
	enc.uint(uint64(len(seqs)))
	for _, seq := range seqs {
		enc.uint(uint64(seq - base))
		base = seq
	}
	return enc.b
}

// DecodeSeqs is the inverse of AppendSeqs.
func DecodeSeqs(blob []byte, base int64) ([]int64, error) {
	d := decoder{s: string(blob)}
	d.version(seqsVersion)
	n := d.count()
	if n == 0 {
		return nil, d.err
	}
	seqs := make([]int64, n)
	for i := range seqs {
		base += int64(d.uint())
		seqs[i] = base
	}
	return seqs, d.err
}
