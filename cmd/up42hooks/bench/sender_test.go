package bench

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// statuses are those of an order, which has an event for each.
var statuses = []string{"CREATED", "BEING_PLACED", "PLACED", "BEING_FULFILLED", "FULFILLED"}

// bodySize is the length of a body, in bytes.
const bodySize = 1024

// deliveries numbers the deliveries of a run. It is safe for concurrent use.
type deliveries struct {
	run  string // makes ids differ from those of other runs
	next atomic.Int64
}

// body makes the body of the next delivery.
func (d *deliveries) body(at time.Time) []byte {
	n := d.next.Add(1) - 1
	body := fmt.Appendf(make([]byte, 0, bodySize+16), `{"event":"order.status","liveMode":true,"messageId":"%s","timestamp":"%s","body":{"orderId":"%s","orderType":"ARCHIVE","dataHostName":"oneatlas","status":"%s","note":"`,
		d.id('m', n), at.UTC().Format("2006-01-02T15:04:05.000000Z"), d.id('o', n/int64(len(statuses))), statuses[n%int64(len(statuses))])
	body = append(body, strings.Repeat("n", max(0, bodySize-len(body)-3))...)
	return append(body, `"}}`...)
}

// id makes a UUID.
func (d *deliveries) id(kind byte, n int64) string {
	u := sha256.Sum256(binary.BigEndian.AppendUint64(append([]byte(d.run), kind), uint64(n)))
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:16])
}

// sender sends deliveries over one connection. It reads no more of HTTP than it must, so that
// it takes little from the receiver that it shares the processors with.
type sender struct {
	conn    net.Conn
	answers *bufio.Reader
	out     bytes.Buffer
}

func dial(address string) (*sender, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &sender{conn: c, answers: bufio.NewReader(c)}, nil
}

// deliver signs and sends a body and waits for the answer. Any but 200 is an error.
func (s *sender) deliver(body []byte, at time.Time) error {
	h := http.Header{}
	if err := signature.Sign(signature.Request{Header: h, Body: body}, clitest.Secret, nil, at); err != nil {
		return err
	}
	s.out.Reset()
	fmt.Fprintf(&s.out, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", receiver.DefaultPath, len(body))
	for name, values := range h {
		s.out.WriteString(name + ": " + values[0] + "\r\n")
	}
	s.out.WriteString("\r\n")
	s.out.Write(body)
	if _, err := s.conn.Write(s.out.Bytes()); err != nil {
		return err
	}
	return s.readAnswer()
}

func (s *sender) readAnswer() error {
	var length int
	var status string
	for {
		line, err := s.answers.ReadSlice('\n')
		if err != nil {
			return err
		}
		line = bytes.TrimSpace(line)
		if status == "" {
			status = string(line)
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, _ = strconv.Atoi(string(value))
		}
		if len(line) == 0 {
			break
		}
	}
	if strings.Contains(status, " 200 ") {
		_, err := s.answers.Discard(length)
		return err
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(s.answers, text); err != nil {
		return err
	}
	return fmt.Errorf("answered %s: %s", status, text)
}
