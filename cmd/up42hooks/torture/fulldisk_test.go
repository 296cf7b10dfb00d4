//go:build linux

package torture

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// fullDisks is the variable that says how often the disk gets full.
const fullDisks = "UP42_FULL_DISKS"

// pauseOnDisk is how long a sender waits after each answer, so that its deliveries do not fill the disk
// before the test does, and forwarding keeps up.
const pauseOnDisk = 20 * time.Millisecond

// A small disk gets full and has room again, many times: while it is full no delivery is
// answered 200 that is not stored, and then the receiver goes on, without a restart.
func TestADiskThatIsFullAgainAndAgain(t *testing.T) {
	times := clitest.Count(t, fullDisks, 1)
	env := clitest.WithSecret(clitest.Home(t))
	folder := filepath.Dir(clitest.StoreOf(env))
	require.NoError(t, os.MkdirAll(folder, 0o700))
	size := 40 + times // MB: the write-ahead log takes up to 40, as it grows while it can not be copied, and what is stored each time 0.6
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%dm", size)); err != nil {
		t.Skip("can't mount a small disk:", err)
	}
	t.Cleanup(func() { assert.NoError(t, unix.Unmount(folder, 0)) })
	// Without retention: a store has room where events were deleted, and takes deliveries although its disk is full.
	x := newTortureIn(t, env, 0, pauseOnDisk)
	p := clitest.Receive(t, x.env, nil, x.args()...)
	ballast := filepath.Join(folder, "ballast")
	for n := range times {
		answered := x.senders.count()
		require.True(t, x.senders.await(func() bool { return x.senders.count() >= answered+2*sendersAtOnce }), "time %d: it takes deliveries; it said %s", n, p.Stderr)
		answered, refused := x.senders.count(), x.senders.refusals()
		require.True(t, x.senders.await(func() bool {
			fillUp(t, ballast)
			return x.senders.refusals() >= refused+sendersAtOnce
		}), "time %d: the disk is full: %d deliveries were taken, %d were refused", n, x.senders.count()-answered, x.senders.refusals()-refused)
		require.NoError(t, os.Remove(ballast))
	}
	answered := x.senders.count()
	require.True(t, x.senders.await(func() bool { return x.senders.count() > answered }), "it goes on; it said %s", p.Stderr)
	assert.Equal(t, 1, strings.Count(p.Stderr.String(), "receiving deliveries"), "it was not started again")
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	x.senders.stop()
	t.Logf("the disk was full %d times, %d deliveries were refused with 503", times, x.senders.refusals())
	x.check()
}

// fillUp writes to a file until there is no room.
func fillUp(t *testing.T, file string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if errors.Is(err, syscall.ENOSPC) {
		return
	}
	require.NoError(t, err)
	for _, size := range []int{1 << 20, 4 << 10} {
		for some := make([]byte, size); err == nil; {
			_, err = f.Write(some)
		}
		require.ErrorIs(t, err, syscall.ENOSPC)
		err = nil
	}
	require.NoError(t, f.Close())
}

// A store on a file system that can only be read is refused with a word, and used when the
// file system can be written again.
func TestAStoreThatCanOnlyBeRead(t *testing.T) {
	env := clitest.WithSecret(clitest.Home(t))
	folder := filepath.Dir(clitest.StoreOf(env))
	require.NoError(t, os.MkdirAll(folder, 0o700))
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "size=6m"); err != nil {
		t.Skip("can't mount a disk:", err)
	}
	t.Cleanup(func() { assert.NoError(t, unix.Unmount(folder, 0)) })
	p := clitest.Receive(t, env, nil)
	status, answer, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m", "o", "PLACED"))
	require.NoError(t, err)
	require.Equal(t, 200, status, answer)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	require.NoError(t, unix.Mount("", folder, "", unix.MS_REMOUNT|unix.MS_RDONLY, "size=6m"))
	_, said, code := clitest.Run(t, env, "listen", "--listen", "127.0.0.1:0")
	assert.Equal(t, 1, code)
	assert.Regexp(t, `(?i)read[- ]only|only be read|not writable|may not write`, said)
	require.NoError(t, unix.Mount("", folder, "", unix.MS_REMOUNT, "size=6m"))
	out, said, code := clitest.Run(t, env, "events", "--json")
	assert.Zero(t, code, said)
	assert.Equal(t, 1, strings.Count(out, "\n"))
	p = clitest.Receive(t, env, nil)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
}
