package codec

import "github.com/up42/up42-webhooks/receiver"

// The layouts of spans. The first one has single numbers instead of ranges.
const (
	seqsVersion  = 1
	spansVersion = 2
)

// AppendSpans appends ascending ranges of sequence numbers to dst. They begin after base,
// and each number is stored as the difference from the one before.
func AppendSpans(dst []byte, base int64, spans []receiver.Span) []byte {
	enc := encoder{dst}
	enc.byte(spansVersion)
	enc.uint(uint64(len(spans)))
	for _, s := range spans {
		enc.uint(uint64(s.First - base))
		enc.uint(uint64(s.Last - s.First))
		base = s.Last
	}
	return enc.b
}

// DecodeSpans is the inverse of AppendSpans. It also reads the first layout.
func DecodeSpans(blob []byte, base int64) ([]receiver.Span, error) {
	d := decoder{s: string(blob)}
	layout := d.byte()
	if layout != seqsVersion && layout != spansVersion {
		d.fail()
	}
	var spans []receiver.Span
	for range d.count() {
		s := receiver.Span{First: base + int64(d.uint())}
		s.Last = s.First
		if layout == spansVersion {
			s.Last += int64(d.uint())
		}
		if n := len(spans); n > 0 && layout == seqsVersion && spans[n-1].Last+1 == s.First {
			spans[n-1].Last = s.Last
		} else {
			spans = append(spans, s)
		}
		base = s.Last
	}
	return spans, d.err
}
