package status

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

// A hundred thousand rows are held: what one takes is part of its contract.
func TestARowStaysSmall(t *testing.T) {
	assert.LessOrEqual(t, unsafe.Sizeof(Row{}), uintptr(96))
}
