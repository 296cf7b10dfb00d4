package doctor

import "fmt"

// state is how bad a finding is.
type state string

const (
	ok state = "ok"
	// note is information; nothing is wrong.
	note state = "note"
	// warn means that something may not work, or could not be checked.
	warn state = "warn"
	// fail means that something does not work.
	fail state = "fail"
)

// finding is the result of a check, as --json prints it. It has no secret. Its texts
// are not cleaned for terminals.
type finding struct {
	Check  string `json:"check"`
	State  state  `json:"state"`
	Detail string `json:"detail"`
	// Todo is what to do. It may be empty.
	Todo string `json:"todo"`
}

func found(s state, format string, args ...any) finding {
	return finding{State: s, Detail: fmt.Sprintf(format, args...)}
}

// todo returns the finding with what to do.
func (f finding) todo(format string, args ...any) finding {
	f.Todo = fmt.Sprintf(format, args...)
	return f
}
