// Package smtptest is a mail server for tests.
package smtptest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Options configure a Server.
type Options struct {
	// Implicit: TLS begins with the connection. Bare: there is no TLS.
	Implicit, Bare bool
	// Auth is what the server offers to sign in, such as "PLAIN LOGIN". If it is not empty,
	// who is not Username with Password may send nothing.
	Auth               string
	Username, Password string
	// Answer, if set, returns an answer to a line of a client instead of the usual one, or
	// "".
	Answer func(line string) string
}

// Server is a mail server on this machine.
type Server struct {
	// Addr is its host and port. CAFile has its certificate.
	Addr, CAFile string
	// Mails has a message for each that was taken.
	Mails chan Mail
	o     Options
	tls   *tls.Config
	open  sync.WaitGroup
}

// Mail is a message that the server took.
type Mail struct {
	From, To, User string
	// Encrypted: the connection was.
	Encrypted bool
	Data      string
}

// Start starts a server. The end of the test ends it.
func Start(t *testing.T, o Options) *Server {
	t.Helper()
	s := &Server{o: o, Mails: make(chan Mail, 100), CAFile: filepath.Join(t.TempDir(), "ca.pem")}
	s.tls = certificate(t, s.CAFile)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.Addr = l.Addr().String()
	s.open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.open.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		s.open.Wait()
	})
	return s
}

// certificate makes a certificate for this machine and writes it into a file.
func certificate(t *testing.T, file string) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
}

// session is one connection.
type session struct {
	s    *Server
	conn net.Conn
	r    *bufio.Reader
	mail Mail
}

func (s *Server) serve(conn net.Conn) {
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	c := &session{s: s, conn: conn}
	defer func() { _ = c.conn.Close() }()
	if s.o.Implicit {
		c.encrypt()
	}
	c.r = bufio.NewReader(c.conn)
	c.say("220 ready")
	for {
		line, ok := c.read()
		if !ok || !c.answer(line) {
			return
		}
	}
}

func (c *session) encrypt() {
	c.conn = tls.Server(c.conn, c.s.tls)
	c.r, c.mail.Encrypted = bufio.NewReader(c.conn), true
}

func (c *session) say(line string) { _, _ = fmt.Fprintf(c.conn, "%s\r\n", line) }

func (c *session) read() (string, bool) {
	line, err := c.r.ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err == nil
}

// answer answers a line. It returns false if the connection ends.
func (c *session) answer(line string) bool {
	if c.s.o.Answer != nil {
		if a := c.s.o.Answer(line); a != "" {
			c.say(a)
			return true
		}
	}
	verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
	switch verb {
	case "EHLO":
		c.greet()
	case "STARTTLS":
		c.say("220 go")
		c.encrypt()
	case "AUTH":
		c.signIn(line)
	case "MAIL":
		if c.s.o.Auth != "" && c.mail.User == "" {
			c.say("530 sign in first")
			break
		}
		c.mail.From = address(line)
		c.say("250 ok")
	case "RCPT":
		c.mail.To = address(line)
		c.say("250 ok")
	case "DATA":
		c.take()
	case "QUIT":
		c.say("221 bye")
		return false
	default:
		c.say("500 what?")
	}
	return true
}

func address(line string) string {
	_, rest, _ := strings.Cut(line, "<")
	a, _, _ := strings.Cut(rest, ">")
	return a
}

func (c *session) greet() {
	lines := []string{"mail.example.com"}
	if !c.mail.Encrypted && !c.s.o.Bare {
		lines = append(lines, "STARTTLS")
	}
	if c.s.o.Auth != "" {
		lines = append(lines, "AUTH "+c.s.o.Auth)
	}
	for i, l := range lines {
		mark := "-"
		if i == len(lines)-1 {
			mark = " "
		}
		c.say("250" + mark + l)
	}
}

func (c *session) signIn(line string) {
	words := strings.Fields(line)
	var user, password string
	switch strings.ToUpper(words[1]) {
	case "PLAIN":
		text, _ := base64.StdEncoding.DecodeString(words[2])
		parts := strings.Split(string(text), "\x00")
		user, password = parts[1], parts[2]
	case "LOGIN":
		user, password = c.ask("Username:"), c.ask("Password:")
	}
	if user != c.s.o.Username || password != c.s.o.Password {
		c.say("535 5.7.8 not you")
		return
	}
	c.mail.User = user
	c.say("235 welcome")
}

func (c *session) ask(question string) string {
	c.say("334 " + base64.StdEncoding.EncodeToString([]byte(question)))
	line, _ := c.read()
	text, _ := base64.StdEncoding.DecodeString(line)
	return string(text)
}

func (c *session) take() {
	c.say("354 go on")
	var data strings.Builder
	for {
		line, ok := c.read()
		switch {
		case !ok:
			return
		case line == ".":
			c.mail.Data = data.String()
			c.s.Mails <- c.mail
			c.say("250 taken")
			return
		}
		data.WriteString(strings.TrimPrefix(line, ".") + "\n")
	}
}
