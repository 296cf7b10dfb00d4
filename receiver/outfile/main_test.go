package outfile_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

// childWay and childName are the environment variables that make the test program write a file, and
// do nothing else.
const (
	childWay  = "OUTFILE_TEST_WAY"
	childName = "OUTFILE_TEST_NAME"
)

// ways are how a whole file is written.
var ways = map[string]func(name string) error{
	"Write": func(name string) error {
		return outfile.Write(context.Background(), name, func(w io.Writer) error { _, err := io.WriteString(w, "text"); return err })
	},
	"Put": func(name string) error { return outfile.Put(name, []byte("text")) },
	"Make": func(name string) error {
		return outfile.Make(name, false, func(temp string) error { return os.WriteFile(temp, []byte("text"), 0o600) })
	},
	"Make, replacing": func(name string) error {
		return outfile.Make(name, true, func(temp string) error { return os.WriteFile(temp, []byte("text"), 0o600) })
	},
}

func TestMain(m *testing.M) {
	if write := ways[os.Getenv(childWay)]; write != nil {
		if err := write(os.Getenv(childName)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	testmain.Run(m)
}
