package program

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/text"
)

// input is what a program gets: a line of JSON, and the main fields as variables.
type input struct {
	line   []byte
	fields [][2]string
}

// inputOf reads what the user looks at.
func inputOf(ctx context.Context, log receiver.Reader, s detail.Subject) (in *input, err error) {
	in = &input{}
	if s.Seq != 0 {
		e, err := receiver.EventAt(ctx, log, s.Seq, s.Rejected)
		if err != nil {
			return nil, err
		}
		if e == nil {
			return nil, errors.New("was not run: the delivery is not stored any more")
		}
		in.line, err = receiver.AppendJSONLine(nil, e)
		in.fields = [][2]string{
			{"UP42_KIND", string(e.Kind)},
			{"UP42_ID", e.ID},
			{"UP42_STATUS", string(e.Status)},
			{"UP42_LIVE", strconv.FormatBool(e.LiveMode)},
			{"UP42_SEQ", receiver.Number{Seq: s.Seq, Rejected: s.Rejected}.String()},
			{"UP42_VERDICT", string(e.Verdict)},
		}
		return in, err
	}
	r, ok, err := log.Row(ctx, s.Key)
	if err != nil {
		return nil, err
	}
	if !ok {
		r.Key = s.Key // only UP42's API knows it
	}
	in.line, err = receiver.AppendJSONLine(nil, r)
	in.fields = [][2]string{
		{"UP42_KIND", string(r.Kind)}, {"UP42_ID", r.ID}, {"UP42_STATUS", string(r.Status)}, {"UP42_LIVE", strconv.FormatBool(!r.Test)},
	}
	return in, err
}

// reader is no *os.File, so that a program that does not read all of it can end.
func (in *input) reader() io.Reader { return strings.NewReader(string(in.line)) }

func (in *input) variables() (env []string) {
	const longest = 4096
	for _, f := range in.fields {
		env = append(env, f[0]+"="+text.Head(strings.ReplaceAll(f[1], "\x00", ""), longest))
	}
	return env
}

// lastLine keeps the last line that is not empty of what is written to it. It is not safe for
// concurrent use.
type lastLine struct {
	line, last []byte
}

// longestLine is how much is kept of a line, in bytes.
const longestLine = 1000

// Write implements io.Writer. It never fails.
func (l *lastLine) Write(b []byte) (int, error) {
	for _, c := range b {
		switch {
		case c == '\n':
			l.end()
		case len(l.line) < longestLine:
			l.line = append(l.line, c)
		}
	}
	return len(b), nil
}

func (l *lastLine) end() {
	if len(strings.TrimSpace(string(l.line))) > 0 {
		l.last = append(l.last[:0], l.line...)
	}
	l.line = l.line[:0]
}

// text returns the line, clean.
func (l *lastLine) text() string {
	l.end()
	return text.Short(strings.TrimSpace(string(l.last)), 300)
}
