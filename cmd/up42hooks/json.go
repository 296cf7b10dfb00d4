package main

import "github.com/up42/up42-webhooks/receiver"

// printJSON prints values as lines of JSON that do no harm to a terminal.
func printJSON[T any](w world, values ...T) error {
	var lines []byte
	var err error
	for _, v := range values {
		if lines, err = receiver.AppendJSONLine(lines, v); err != nil {
			return err
		}
	}
	_, err = w.stdout.Write(lines)
	return err
}
