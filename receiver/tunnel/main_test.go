//go:build unix

package tunnel_test

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

// These variables make this test binary run as a program of the tests: the mode says which
// one, and the file gets its notes.
const (
	modeVariable = "TUNNEL_TEST_MODE"
	fileVariable = "TUNNEL_TEST_FILE"
)

func TestMain(m *testing.M) {
	if mode := os.Getenv(modeVariable); mode != "" {
		runProgram(mode)
		return
	}
	testmain.Run(m)
}

const (
	banner = `2026-11-25T10:00:00Z INF Thank you for trying Cloudflare Tunnel. See https://developers.cloudflare.com/cloudflare-one/connections for more.
2026-11-25T10:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...
2026-11-25T10:00:01Z INF +----------------------------------------------------------+
2026-11-25T10:00:01Z INF |  Your quick Tunnel has been created! Visit it at:         |
`
	box     = "2026-11-25T10:00:01Z INF |  https://%s.trycloudflare.com  |\n"
	up      = "2026-11-25T10:00:02Z INF Registered tunnel connection connIndex=%d connection=bb527b3a-8a27-467b-9fca-84972898be5c event=0 ip=198.41.192.7 location=fra08 protocol=quic\n"
	served  = "2026-11-25T10:00:03Z ERR Failed to serve tunnel connection error=\"accept stream listener encountered a failure while serving\" connIndex=%d event=0 ip=198.41.192.7\n"
	retries = "2026-11-25T10:00:03Z INF Retrying connection in up to 1s connIndex=%d event=0 ip=198.41.192.7\n"
	failed  = `2026-11-25T10:00:01Z ERR Error unmarshaling QuickTunnel response error="Post \"https://api.trycloudflare.com/tunnel\": no" ` + "\x1b[31m\n"
)

func runProgram(mode string) {
	note("run %d %s", os.Getpid(), strings.Join(os.Args[1:], " "))
	switch mode {
	case "cloudflared":
		for _, v := range os.Environ() {
			note("env %s", v)
		}
		fmt.Fprint(os.Stderr, banner)
		fmt.Fprintf(os.Stderr, box, "quiet-sea-one")
		fmt.Fprintf(os.Stderr, up, 0)
		time.Sleep(time.Hour)
	case "ngrok":
		fmt.Println(`{"lvl":"info","msg":"starting web service","obj":"web","addr":"127.0.0.1:4040","t":"2026-11-25T10:00:00Z"}`)
		fmt.Println(`{"addr":"http://127.0.0.1:9888","lvl":"info","msg":"started tunnel","name":"command_line","obj":"tunnels","t":"2026-11-25T10:00:01Z","url":"https://sea.ngrok-free.app"}`)
		time.Sleep(time.Hour)
	case "refused": // ngrok refuses a token and repeats it
		fmt.Println(`{"lvl":"eror","msg":"failed to auth","err":"The authtoken you specified is not one. Your authtoken: 2abcSECRET\r\n\r\nERR_NGROK_105\r\n"}`)
		os.Exit(1)
	case "dies": // it survives the third time
		runs := strings.Count(noted(), "run ")
		fmt.Fprintf(os.Stderr, box, fmt.Sprintf("life-%d", runs))
		fmt.Fprintf(os.Stderr, up, 0)
		if runs < 3 {
			fmt.Fprint(os.Stderr, failed)
			os.Exit(1)
		}
		time.Sleep(time.Hour)
	case "silent":
		fmt.Fprint(os.Stderr, failed)
		time.Sleep(time.Hour)
	case "floods":
		long := strings.Repeat("x", 1<<20)
		for range 20 {
			fmt.Fprint(os.Stderr, long)
		}
		fmt.Fprintln(os.Stderr)
		fmt.Fprintf(os.Stderr, box, "after-the-flood")
		fmt.Fprintf(os.Stderr, up, 0)
		time.Sleep(time.Hour)
	case "stubborn": // so is its child
		signal.Ignore(syscall.SIGTERM)
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), modeVariable+"=deaf")
		child.Stderr = os.Stderr
		if err := child.Start(); err != nil {
			panic(err)
		}
		time.Sleep(time.Hour)
	case "deaf":
		signal.Ignore(syscall.SIGTERM)
		fmt.Fprintf(os.Stderr, box, "deaf")
		fmt.Fprintf(os.Stderr, up, 0)
		time.Sleep(time.Hour)
	case "plays":
		play()
	case "owner":
		runOwner()
	}
}

// note adds a line to the file of notes.
func note(format string, args ...any) {
	f, err := os.OpenFile(os.Getenv(fileVariable), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintf(f, format+"\n", args...); err != nil {
		panic(err)
	}
}

func noted() string {
	text, _ := os.ReadFile(os.Getenv(fileVariable))
	return string(text)
}

// scriptVariable names a file with what a program of the mode "plays" prints, in pieces with
// a zero byte between them. The piece WAIT waits until the file of notes has one more line
// "go", and END ends the program.
const scriptVariable = "TUNNEL_TEST_SCRIPT"

func play() {
	waits := 0
	script, err := os.ReadFile(os.Getenv(scriptVariable))
	if err != nil {
		panic(err)
	}
	for piece := range strings.SplitSeq(string(script), "\x00") {
		switch piece {
		case "WAIT":
			for waits++; strings.Count(noted(), "go\n") < waits; {
				time.Sleep(5 * time.Millisecond)
			}
		case "END":
			os.Exit(1)
		default:
			fmt.Fprint(os.Stderr, piece)
		}
	}
	time.Sleep(time.Hour)
}
