package cli

import "github.com/up42/up42-webhooks/receiver"

// PrintJSON prints values as lines of JSON that do no harm to a terminal.
func PrintJSON[T any](w Env, values ...T) error {
	var lines []byte
	var err error
	for _, v := range values {
		if lines, err = receiver.AppendJSONLine(lines, v); err != nil {
			return err
		}
	}
	_, err = w.Stdout.Write(lines)
	return err
}
