//go:build unix

// Package postgrestest runs a server of PostgreSQL in tests, with the programs that the machine
// has: on 127.0.0.1, with a port and a folder of its own.
package postgrestest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// Password is the password of the user postgres.
const Password = "hush-postgres"

// ready bounds how long a server may take to start.
const ready = 30 * time.Second

// Server is a running server.
type Server struct {
	// Address is HOST:PORT.
	Address string
	// PassFile is a file with the password, for ?passfile=.
	PassFile string

	t      testing.TB
	folder string
	bin    string
	as     *syscall.Credential // nil: this user
	port   int
	cmd    *exec.Cmd
}

// Start starts a server. The end of the test stops it. The test is skipped where the programs
// of PostgreSQL are missing, or where they can't be run.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{t: t, bin: programs(t)}
	if os.Getuid() == 0 {
		s.as = another(t)
	}
	folder, err := os.MkdirTemp("", "postgres")
	if err != nil {
		t.Skipf("PostgreSQL has no folder: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	s.folder = folder
	password := filepath.Join(folder, "password")
	if err := os.WriteFile(password, []byte(Password+"\n"), 0o600); err != nil {
		t.Skipf("PostgreSQL has no password: %v", err)
	}
	if s.as != nil {
		for _, path := range []string{folder, password} {
			if err := os.Chown(path, int(s.as.Uid), int(s.as.Gid)); err != nil {
				t.Skipf("PostgreSQL gets no folder: %v", err)
			}
		}
	}
	out, err := s.command("initdb", "-D", s.data(), "-U", "postgres", "--auth=scram-sha-256", "--pwfile="+password, "--no-sync", "--wal-segsize=1", "--locale=C", "--encoding=UTF8").CombinedOutput()
	if err != nil {
		t.Skipf("initdb can't be run here: %v: %s", err, out)
	}
	s.port = receivertest.FreePort(t)
	s.Address = fmt.Sprintf("127.0.0.1:%d", s.port)
	s.PassFile = filepath.Join(t.TempDir(), "pgpass")
	if err := os.WriteFile(s.PassFile, []byte("*:*:*:postgres:"+Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	s.Start()
	return s
}

// URL is the address of a database for the user postgres.
func (s *Server) URL(database string) string {
	return fmt.Sprintf("postgres://postgres@%s/%s?sslmode=disable&passfile=%s", s.Address, database, s.PassFile)
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

func (s *Server) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, program), args...)
	cmd.Dir = s.folder
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "HOME=" + s.folder}
	if s.as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as}
	}
	return cmd
}

// Start starts a server that was stopped.
func (s *Server) Start() {
	s.t.Helper()
	var out bytes.Buffer
	s.cmd = s.command("postgres", "-D", s.data(), "-c", "listen_addresses=127.0.0.1", "-c", "port="+strconv.Itoa(s.port),
		"-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "shared_buffers=8MB", "-c", "max_connections=20")
	s.cmd.Stdout, s.cmd.Stderr = &out, &out
	if err := s.cmd.Start(); err != nil {
		s.t.Skipf("PostgreSQL can't be started here: %v", err)
	}
	for deadline := time.Now().Add(ready); ; time.Sleep(10 * time.Millisecond) {
		if err := s.command("pg_isready", "-q", "-h", "127.0.0.1", "-p", strconv.Itoa(s.port)).Run(); err == nil {
			return
		}
		if time.Now().After(deadline) {
			s.Stop()
			s.t.Skipf("PostgreSQL does not start here: %s", &out)
		}
	}
}

// Stop stops the server, without waiting for its clients.
func (s *Server) Stop() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Signal(os.Interrupt)
	_ = s.cmd.Wait()
	s.cmd = nil
}

// programs returns the folder with the programs of the server.
func programs(t testing.TB) string {
	t.Helper()
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if path, err := exec.LookPath("initdb"); err == nil {
		folders = append(folders, filepath.Dir(path))
	}
	for i := range folders {
		folder := folders[len(folders)-1-i]
		complete := true
		for _, program := range []string{"initdb", "postgres", "pg_isready"} {
			if _, err := os.Stat(filepath.Join(folder, program)); err != nil {
				complete = false
			}
		}
		if complete {
			return folder
		}
	}
	t.Skip("it needs PostgreSQL: initdb, postgres and pg_isready")
	return ""
}

// another returns the user as whom root runs the server, which refuses to run as root.
func another(t testing.TB) *syscall.Credential {
	t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			continue
		}
		if gid, err := strconv.ParseUint(u.Gid, 10, 32); err == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	t.Skip("PostgreSQL does not run as root, and there is no user postgres or nobody")
	return nil
}
