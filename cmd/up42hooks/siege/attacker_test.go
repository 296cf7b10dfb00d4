package siege

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// The attackers are a process of their own: a good sender should wait for the receiver, and
// not for them. It has the lowest priority, because real attackers have machines of their
// own: here they get what the receiver leaves of the processors.

// Variables of an attacker.
const (
	attackName = "UP42_SIEGE_ATTACK"
	attackFrom = "UP42_SIEGE_FROM"
	attackOn   = "UP42_SIEGE_ON"
)

// startAttack attacks an address from another one until stop is called, which returns how
// many answers the attackers got. The end of the test also ends it. open is closed once each
// attacker has had a connection.
func startAttack(t *testing.T, name string, from net.IP, address string) (open <-chan struct{}, stop func() (answers int)) {
	t.Helper()
	cmd := exec.Command("nice", "-n", "19", os.Args[0], "-test.run=^TestAttacker$")
	cmd.Env = append(os.Environ(), attackName+"="+name, attackFrom+"="+from.String(), attackOn+"="+address)
	in, err := cmd.StdinPipe() // its end is that of the attack
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	connected, answered := make(chan struct{}), make(chan int, 1)
	go func() {
		answers := 0
		_, _ = fmt.Fscanln(out, new(string))
		close(connected)
		_, _ = fmt.Fscanf(out, "answers %d", &answers)
		_, _ = io.Copy(io.Discard, out)
		answered <- answers
	}()
	stop = sync.OnceValue(func() int {
		_ = in.Close()
		answers := <-answered
		_ = cmd.Wait()
		return answers
	})
	t.Cleanup(func() { stop() })
	return connected, stop
}

// TestAttacker is the process of the attackers.
func TestAttacker(t *testing.T) {
	name := os.Getenv(attackName)
	if name == "" {
		t.Skip("TestSiege runs it")
	}
	all := attacks(t)
	a := all[slices.IndexFunc(all, func(a attack) bool { return a.name == name })]
	ctx, stop := context.WithCancel(t.Context())
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); stop() }()
	a.from = net.ParseIP(os.Getenv(attackFrom))
	var opening, saying sync.WaitGroup
	opening.Add(a.conns)
	a.tried = opening.Done
	saying.Go(func() { opening.Wait(); fmt.Println("open") })
	answers := a.run(ctx, os.Getenv(attackOn))
	saying.Wait()
	fmt.Println("answers", answers)
}
