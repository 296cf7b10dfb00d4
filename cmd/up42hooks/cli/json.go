package cli

import "github.com/up42/up42-webhooks/receiver"

// PrintJSON prints values as lines of JSON. Control characters are escaped, so
// that they can't change a terminal.
func PrintJSON[T any](env Env, values ...T) error {
	var lines []byte
	var err error
	for _, v := range values {
		if lines, err = receiver.AppendJSONLine(lines, v); err != nil {
			return err
		}
	}
	_, err = env.Stdout.Write(lines)
	return err
}
