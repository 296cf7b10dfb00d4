//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
)

// serviceUser runs the program as a system user without a home. If the tests do not run
// as root, that is the user of the tests.
type serviceUser struct {
	// dir is a folder that the user can read. The user owns the folder state in it and
	// the file secrets, which has clitest.Secret.
	dir, secrets, program string
	attr                  *syscall.SysProcAttr
}

// serviceID is the user and group of the service: of no account of this machine.
const serviceID = 64123

func asAnotherUser(t *testing.T) serviceUser {
	t.Helper()
	dir, err := os.MkdirTemp("", "up42hooks-service-")
	require.NoError(t, err)
	u := serviceUser{dir: dir, secrets: filepath.Join(dir, "secrets"), program: filepath.Join(dir, "up42hooks")}
	t.Cleanup(func() {
		_ = os.Chmod(filepath.Join(dir, "home"), 0o700)
		_ = os.RemoveAll(dir)
	})
	require.NoError(t, os.Chmod(dir, 0o755))
	found, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	copyProgram(t, found, u.program)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "state"), 0o700))
	require.NoError(t, os.WriteFile(u.secrets, []byte(clitest.Secret+"\n"), 0o600))
	if os.Getuid() == 0 {
		u.attr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: serviceID, Gid: serviceID}}
		for _, name := range []string{u.secrets, filepath.Join(dir, "state")} {
			require.NoError(t, os.Chown(name, serviceID, serviceID))
		}
	}
	return u
}

// copyProgram copies a program to a place where every user can run it. Meanwhile no process is started:
// it would have the file open for writing, too, until it is the program that it is to be, and nobody can
// run a file that somebody writes.
func copyProgram(t *testing.T, from, to string) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	in, err := os.Open(from)
	require.NoError(t, err)
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE, 0o755)
	require.NoError(t, err)
	_, err = io.Copy(out, in)
	require.NoError(t, err)
	require.NoError(t, out.Close())
}

// start starts the program as that user. The end of the test kills it.
func (u serviceUser) start(t *testing.T, env []string, args ...string) *clitest.Process {
	t.Helper()
	return clitest.StartCommand(t, &exec.Cmd{Path: u.program, Args: append([]string{"up42hooks"}, args...), Env: env, Dir: u.dir, SysProcAttr: u.attr})
}

// awaitReceiver waits until a receiver has written its address into the lock of the default
// store.
func awaitReceiver(t *testing.T, env []string) {
	t.Helper()
	require.Eventually(t, func() bool {
		holder, err := store.HeldBy(clitest.StoreOf(env))
		return err == nil && holder != nil && holder.Address != ""
	}, clitest.Patience, 10*time.Millisecond)
}
