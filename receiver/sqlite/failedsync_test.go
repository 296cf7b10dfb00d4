package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest/straced"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// failingSyncs is what a child does whose log can't be synced now and then.
const failingSyncs = "failing syncs"

// appendDespiteFailures appends large deliveries, and a small one after each that was refused,
// until some were.
func appendDespiteFailures(file string) error {
	ctx, t := context.Background(), &testing.T{}
	l, err := sqlite.Open(ctx, file, sqlite.Options{}.WithLogPages(20))
	if err != nil {
		return err
	}
	const large, most = 60_000, 8
	size := large
	for n, refused := 0, 0; refused < most; n++ {
		e := delivery(t, orderBody(fmt.Sprint("m", n), "o", "PLACED", start, size), receiver.Verified)
		size = large
		r, err := l.Append(ctx, e)
		switch {
		case errors.Is(err, sqlite.ErrDamaged):
			return err
		case err != nil:
			size = 0
			refused++
			fmt.Println("refused")
		default:
			fmt.Println(r.Seq, e.MessageID)
		}
	}
	return l.Close()
}

// A transaction that can't be synced has left its pages in the log, which a shorter one overwrites in
// part. The rest of them is no damage, and nothing that was acknowledged is lost.
func TestALogThatCanNotBeSyncedIsNotDamaged(t *testing.T) {
	t.Parallel()
	straced.Needs(t, "a log that can't be synced is not tested")
	file := filepath.Join(t.TempDir(), "events.db")
	cmd := exec.CommandContext(t.Context(), "strace", "-f", "-o", os.DevNull, "-e", "signal=none", "-P", file+"-wal",
		"-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=5+4", os.Args[0])
	cmd.Env = append(os.Environ(), childFile+"="+file, childDoes+"="+failingSyncs)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	acknowledged, refused := map[int64]string{}, 0
	for line := range strings.Lines(string(out)) {
		var seq int64
		var id string
		if n, _ := fmt.Sscan(line, &seq, &id); n == 2 {
			acknowledged[seq] = id
		} else if strings.TrimSpace(line) == "refused" {
			refused++
		}
	}
	assert.NotZero(t, refused)
	l := open(t, file, sqlite.Options{})
	require.NoError(t, l.Damage())
	checkStore(t, l, acknowledged)
	checkIndexes(t, l)
}
