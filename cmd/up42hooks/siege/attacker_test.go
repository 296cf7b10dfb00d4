package siege

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
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
// many answers the attackers got. The end of the test also ends it.
func startAttack(t *testing.T, name string, from net.IP, address string) (stop func() (answers int)) {
	t.Helper()
	cmd := exec.Command("nice", "-n", "19", os.Args[0], "-test.run=^TestAttacker$")
	cmd.Env = append(os.Environ(), attackName+"="+name, attackFrom+"="+from.String(), attackOn+"="+address)
	in, err := cmd.StdinPipe() // its end is that of the attack
	require.NoError(t, err)
	var out strings.Builder
	cmd.Stdout = &out
	require.NoError(t, cmd.Start())
	stop = sync.OnceValue(func() (answers int) {
		_ = in.Close()
		_ = cmd.Wait()
		_, _ = fmt.Sscanf(out.String(), "answers %d", &answers)
		return answers
	})
	t.Cleanup(func() { stop() })
	return stop
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
	fmt.Println("answers", a.run(ctx, os.Getenv(attackOn)))
}
