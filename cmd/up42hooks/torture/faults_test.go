package torture

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/receivertest/straced"
)

// allFaults is the variable that has all faults tried, not only some, or those of the calls that it
// names, as in "fcntl", or one, as in "pread64 error=EIO".
const allFaults = "UP42_FAULTS"

// faultsOfFiles are what can be wrong with the files of a store for a while.
func faultsOfFiles() (faults []fault) {
	if os.Getenv(allFaults) == "" {
		return []fault{{"pwrite64", "error=ENOSPC"}, {"fsync,fdatasync", "error=EIO:when=2+"}, {"fcntl", "error=ENOLCK:when=1"}}
	}
	if calls, how, one := strings.Cut(os.Getenv(allFaults), " "); one {
		return []fault{{calls, how}}
	}
	for _, f := range []struct{ calls, errors string }{
		{"pwrite64", "EIO ENOSPC EDQUOT EROFS EFBIG"},
		{"fsync,fdatasync", "EIO ENOSPC EROFS"},
		{"ftruncate,fallocate", "EIO ENOSPC"},
		{"?open,openat", "EIO EMFILE ENFILE EACCES EROFS"},
		{"fcntl", "ENOLCK EIO"},
		{"newfstatat,fstat,?stat", "EIO"},
		{"mmap", "ENOMEM"},
		{"?unlink,unlinkat", "EIO EROFS"},
	} {
		if named := os.Getenv(allFaults); named != "all" && named != f.calls {
			continue
		}
		for name := range strings.FieldsSeq(f.errors) {
			for _, when := range []string{"1", "1+", "2", "3+", "5", "8+", "13", "1+2", "1+3", "2+7"} {
				faults = append(faults, fault{f.calls, "error=" + name + ":when=" + when})
			}
		}
	}
	return faults
}

// Calls for the files of the store fail for a while: no delivery is answered 200 that is not
// stored, and when the calls work again so does the receiver, without a restart. (SQLite takes a
// read that fails for damage, which needs a repair.)
func TestFaultsOfARunningReceiver(t *testing.T) {
	straced.Needs(t, "faults of the system are not tested")
	x := newTorture(t, 300)
	p := clitest.Receive(t, x.env, nil, x.args()...)
	store := clitest.StoreOf(x.env)
	failed, refused := 0, 0
	for _, f := range faultsOfFiles() {
		answered, refusals := x.senders.count(), x.senders.refusals()
		end := f.attach(t, p.Cmd.Process.Pid, store, store+"-wal", store+"-shm", store+"-mark")
		if !x.senders.await(func() bool { return x.senders.refusals() >= refusals+20 || x.senders.count() >= answered+100 }) {
			t.Logf("%v: the receiver answers nothing", f)
		}
		n := end()
		t.Logf("%v: %d calls failed, %d deliveries were refused", f, n, x.senders.refusals()-refusals)
		failed += n
		refused += x.senders.refusals() - refusals
		answered = x.senders.count()
		require.True(t, x.senders.await(func() bool { return x.senders.count() >= answered+sendersAtOnce }),
			"%v: it takes deliveries again; it said %s", f, p.Stderr)
	}
	assert.NotZero(t, failed, "a test without faults would show nothing")
	assert.NotZero(t, refused)
	t.Logf("%d calls failed; %d deliveries were refused", failed, refused)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	x.senders.stop()
	x.check()
}

// args are those of a receiver.
func (x *torture) args() []string {
	args := []string{"--listen", x.address, "--forward-to", x.target.URL}
	if x.keep > 0 {
		args = append(args, "--keep-events", strconv.Itoa(x.keep))
	}
	return args
}
