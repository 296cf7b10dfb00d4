package remote

import (
	"context"
	"math"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAProcessorIsFreeForDeliveries(t *testing.T) {
	turns := newTurns()
	var leave []func()
	for range max(1, runtime.GOMAXPROCS(0)-1) {
		leave = append(leave, turns.await(t.Context()))
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	require.Nil(t, turns.await(over), "all turns are taken")
	leave[0]()
	assert.NotNil(t, turns.await(t.Context()))
}

func TestAScreenAddsToTheLimitOfMemory(t *testing.T) {
	before := debug.SetMemoryLimit(1 << 30)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	var s Server
	s.giveMemory(memoryOfScreen)
	assert.EqualValues(t, 1<<30+memoryOfScreen, debug.SetMemoryLimit(-1))
	s.giveMemory(-memoryOfScreen)
	assert.EqualValues(t, 1<<30, debug.SetMemoryLimit(-1))
	debug.SetMemoryLimit(math.MaxInt64) // a dashboard has none
	s.giveMemory(memoryOfScreen)
	assert.EqualValues(t, int64(math.MaxInt64), debug.SetMemoryLimit(-1))
}
