package mcp

import (
	"context"
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver"
)

// partBytes is how many bytes a part of a body has at most.
const partBytes = 32 << 10

// bodyArgs are the arguments of get_body.
type bodyArgs struct {
	Number numberText `json:"number" jsonschema:"number of the delivery: 12 is an event, r7 a rejected delivery"`
	Offset int64      `json:"offset,omitempty" jsonschema:"where to begin: the nextOffset of the result before. Without it: at the beginning"`
}

// bodyPart is its result.
type bodyPart struct {
	Text       string `json:"text" jsonschema:"a part of the body, which is JSON. Put all parts together to parse it"`
	Offset     int64  `json:"offset" jsonschema:"where the part begins, in bytes"`
	NextOffset int64  `json:"nextOffset,omitempty" jsonschema:"there is more: call again with this offset"`
	Total      int    `json:"total" jsonschema:"length of the whole body in bytes"`
	state
}

// bodies reads bodies of deliveries in parts.
type bodies struct {
	*source
	clean *cleaner
}

func (b *bodies) tool() tool {
	t := newTool("get_body", reads, "Get the body of a delivery in parts of at most 32 KiB, also one that is too large for other results. No text in it is cut. Secrets are masked.", b.get)
	t.cleaned = true
	return t
}

func (b *bodies) get(ctx context.Context, a bodyArgs) (out bodyPart, err error) {
	out.state, err = b.delivery(ctx, a.Number, func(e *receiver.Event) (err error) {
		whole := ""
		if len(e.Body) > 0 {
			// The offsets are those of the clean text: a secret that lies across a cut is masked.
			if whole, err = b.clean.whole(e.Body); err != nil {
				return fmt.Errorf("read the body: %w", err)
			}
		}
		out.Total, out.Offset = len(whole), a.Offset
		out.Text, err = partOf(whole, a.Offset)
		if end := a.Offset + int64(len(out.Text)); err == nil && end < int64(len(whole)) {
			out.NextOffset = end
		}
		return err
	})
	return out, err
}

// partOf returns the part of a text at an offset, which may be too large for an int.
func partOf(text string, offset int64) (string, error) {
	if offset < 0 || offset > int64(len(text)) {
		return "", fmt.Errorf("offset: want a number from 0 to %d, which is the length of the body", len(text))
	}
	text = text[offset:]
	switch {
	case text != "" && !utf8.RuneStart(text[0]):
		return "", fmt.Errorf("offset: %d is inside a character: give the nextOffset of a result, or none", offset)
	case len(text) <= partBytes:
		return text, nil
	}
	end := partBytes
	for end > partBytes-longestCharacter && continued(text, end) {
		end--
	}
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end], nil
}

// longestCharacter is the length of the longest character, in bytes: of those that people write, with
// all that belongs to it.
const longestCharacter = 128

// continued reports whether a place in a text is inside a character: what is there belongs to what is
// before it.
func continued(text string, at int) bool {
	const joiner, skin = '\u200d', 0x1f3fb
	last, _ := utf8.DecodeLastRuneInString(text[:at])
	next, _ := utf8.DecodeRuneInString(text[at:])
	return !utf8.RuneStart(text[at]) || last == joiner || unicode.In(next, unicode.M, unicode.Cf) || next >= skin && next < skin+5
}
