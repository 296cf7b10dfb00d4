package status

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

// The page has fifty thousand rows, so the size of a row matters.
func TestARowStaysSmall(t *testing.T) {
	assert.LessOrEqual(t, unsafe.Sizeof(Row{}), uintptr(96))
}
