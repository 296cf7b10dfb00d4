package daemon

import "runtime/debug"

// Memory says how much memory a receiver may take to be fast.
type Memory int

// The values of Memory.
const (
	Much   Memory = iota // for a receiver that has the machine's attention
	Little               // for one beside a screen
)

// limitMemory sets how much garbage a receiver without a screen lets grow. It keeps little
// memory and throws much away. To collect garbage rarely gives a tenth more deliveries,
// and takes some 100 MB at the highest rates. The limit makes it collect more often when
// deliveries are large or strangers attack, so that it stays below 200 MB; at 256 connections
// with deliveries of 1 KB below 150 MB.
//
// If the system limits the address space, most of that is what the runtime reserves: there
// may be room for a few dozen megabytes only.
func limitMemory() {
	if hasLittleSpace() {
		debug.SetGCPercent(50)
		debug.SetMemoryLimit(40 << 20)
		return
	}
	debug.SetGCPercent(1000)
	debug.SetMemoryLimit(112 << 20)
}
