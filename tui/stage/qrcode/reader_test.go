package qrcode_test

import (
	"math/bits"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// code are the modules of a QR code, in rows; true is dark. It is read here as ISO/IEC 18004 says,
// without the package that draws it.
type code [][]bool

func (c code) version() int { return (len(c) - 17) / 4 }

// checkPatterns checks all by which a reader finds the code.
func (c code) checkPatterns(t *testing.T) {
	t.Helper()
	size := len(c)
	require.Equal(t, 17+4*c.version(), size)
	for _, corner := range [][2]int{{3, 3}, {size - 4, 3}, {3, size - 4}} {
		for y := -4; y <= 4; y++ {
			for x := -4; x <= 4; x++ {
				col, row := corner[0]+x, corner[1]+y
				if col >= 0 && col < size && row >= 0 && row < size {
					ring := max(x, -x, y, -y)
					require.Equal(t, ring != 2 && ring != 4, c[row][col], "finder at %v: %d, %d", corner, x, y)
				}
			}
		}
	}
	for i := 8; i < size-8; i++ {
		require.Equal(t, i%2 == 0, c[6][i], "timing %d", i)
		require.Equal(t, i%2 == 0, c[i][6], "timing %d", i)
	}
	require.True(t, c[size-8][8], "the dark module")
	for _, at := range c.alignments() {
		for y := -2; y <= 2; y++ {
			for x := -2; x <= 2; x++ {
				require.Equal(t, max(x, -x, y, -y) != 1, c[at[1]+y][at[0]+x], "alignment at %v", at)
			}
		}
	}
	c.checkVersion(t)
	level, _ := c.format(t)
	assert.Equal(t, 1, level, "level L")
}

// alignments are the centres of the alignment patterns (annex E).
func (c code) alignments() (all [][2]int) {
	v := c.version()
	if v == 1 {
		return nil
	}
	count := v/7 + 2
	step := (v*4 + count*2 + 1) / (count*2 - 2) * 2
	if v == 32 {
		step = 26
	}
	places := []int{6}
	for i := count - 2; i >= 0; i-- {
		places = append(places, len(c)-7-i*step)
	}
	for i, x := range places {
		for j, y := range places {
			corner := i == 0 && j == 0 || i == 0 && j == count-1 || i == count-1 && j == 0
			if !corner {
				all = append(all, [2]int{x, y})
			}
		}
	}
	return all
}

// checkVersion checks both copies of the version (annex D).
func (c code) checkVersion(t *testing.T) {
	t.Helper()
	if c.version() < 7 {
		return
	}
	var copies [2]int
	for i := range 18 {
		a, b := len(c)-11+i%3, i/3
		copies[0] |= bit(c[b][a]) << i
		copies[1] |= bit(c[a][b]) << i
	}
	require.Equal(t, copies[0], copies[1])
	require.Equal(t, c.version(), copies[0]>>12)
	require.Zero(t, remainder(copies[0], 0x1f25))
}

// format reads both copies of the format information (annex C).
func (c code) format(t *testing.T) (level, mask int) {
	t.Helper()
	size := len(c)
	var copies [2]int
	for i := range 15 {
		row, col := [15]int{0, 1, 2, 3, 4, 5, 7, 8, 8, 8, 8, 8, 8, 8, 8}[i], [15]int{8, 8, 8, 8, 8, 8, 8, 8, 7, 5, 4, 3, 2, 1, 0}[i]
		copies[0] |= bit(c[row][col]) << i
		if i < 8 {
			copies[1] |= bit(c[8][size-1-i]) << i
		} else {
			copies[1] |= bit(c[size-15+i][8]) << i
		}
	}
	require.Equal(t, copies[0], copies[1])
	format := copies[0] ^ 0x5412
	require.Zero(t, remainder(format, 0x537))
	return format >> 13, format >> 10 & 7
}

func bit(dark bool) int {
	if dark {
		return 1
	}
	return 0
}

// remainder divides polynomials over GF(2).
func remainder(n, by int) int {
	for bits.Len(uint(n)) >= bits.Len(uint(by)) {
		n ^= by << (bits.Len(uint(n)) - bits.Len(uint(by)))
	}
	return n
}

// isData reports whether a module belongs to the data.
func (c code) isData(x, y int) bool {
	size := len(c)
	switch {
	case x == 6, y == 6, x < 9 && y < 9, x >= size-8 && y < 9, x < 9 && y >= size-8:
		return false
	case c.version() >= 7 && (x >= size-11 && y < 6 || x < 6 && y >= size-11):
		return false
	}
	for _, at := range c.alignments() {
		if x >= at[0]-2 && x <= at[0]+2 && y >= at[1]-2 && y <= at[1]+2 {
			return false
		}
	}
	return true
}

// masks are the patterns that are on the data (7.8.2).
var masks = [8]func(x, y int) bool{
	func(x, y int) bool { return (x+y)%2 == 0 },
	func(_, y int) bool { return y%2 == 0 },
	func(x, _ int) bool { return x%3 == 0 },
	func(x, y int) bool { return (x+y)%3 == 0 },
	func(x, y int) bool { return (y/2+x/3)%2 == 0 },
	func(x, y int) bool { return x*y%2+x*y%3 == 0 },
	func(x, y int) bool { return (x*y%2+x*y%3)%2 == 0 },
	func(x, y int) bool { return ((x+y)%2+x*y%3)%2 == 0 },
}

// codewords reads the data in pairs of columns, up and down, from the right on (7.7.3).
func (c code) codewords(mask int) (all []byte) {
	size, word, n, up := len(c), 0, 0, true
	for right := size - 1; right > 0; right -= 2 {
		if right == 6 {
			right--
		}
		for i := range size {
			y := i
			if up {
				y = size - 1 - i
			}
			for x := right; x > right-2; x-- {
				if !c.isData(x, y) {
					continue
				}
				if word = word<<1 | bit(c[y][x] != masks[mask](x, y)); n%8 == 7 {
					all = append(all, byte(word))
				}
				n++
			}
		}
		up = !up
	}
	return all
}

// checkWords and blocksOf are, by version, how many codewords of a block are for errors, and how many
// blocks there are at level L (table 9).
var (
	checkWords = [41]int{1: 7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30}
	blocksOf   = [41]int{1: 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25}
)

// blocks takes the codewords apart, which are interleaved (7.6).
func (c code) blocks(words []byte) [][]byte {
	count, check := blocksOf[c.version()], checkWords[c.version()]
	all := make([][]byte, count)
	short := len(words) / count
	long := len(words) % count // that many of them, the last ones, have a word more
	data := len(words) - count*check
	next := 0
	for round := 0; next < data; round++ {
		for i := range all {
			if round < short-check || i >= count-long {
				all[i] = append(all[i], words[next])
				next++
			}
		}
	}
	for i, word := range words[data:] {
		all[i%count] = append(all[i%count], word)
	}
	return all
}

// sound reports whether all codewords are as they were written: each block is a multiple of its
// generator polynomial (7.5.2).
func (c code) sound() bool {
	for _, block := range c.blocks(c.codewords(0)) {
		root := byte(1)
		for range checkWords[c.version()] {
			sum := byte(0)
			for _, word := range block {
				sum = times(sum, root) ^ word
			}
			if sum != 0 {
				return false
			}
			root = times(root, 2)
		}
	}
	return true
}

// times multiplies in GF(256).
func times(a, b byte) (product byte) {
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			product ^= a
		}
		carry := a >= 0x80
		if a <<= 1; carry {
			a ^= 0x1d
		}
	}
	return product
}

// read returns the text of a code.
func (c code) read(t *testing.T) string {
	t.Helper()
	_, mask := c.format(t)
	require.Zero(t, mask, "sound knows only this one")
	require.True(t, c.sound())
	var in stream
	for _, block := range c.blocks(c.codewords(mask)) {
		in.words = append(in.words, block[:len(block)-checkWords[c.version()]]...)
	}
	size := 0 // of the count
	if c.version() >= 27 {
		size = 2
	} else if c.version() >= 10 {
		size = 1
	}
	switch mode := in.take(4); mode {
	case 1:
		return in.digits(in.take([3]int{10, 12, 14}[size]))
	case 2:
		return in.capitals(in.take([3]int{9, 11, 13}[size]))
	default:
		require.Equal(t, 4, mode, "bytes")
		text := make([]byte, in.take([3]int{8, 16, 16}[size]))
		for i := range text {
			text[i] = byte(in.take(8))
		}
		return string(text)
	}
}

// stream has bits.
type stream struct {
	words []byte
	next  int
}

func (s *stream) take(n int) (value int) {
	for range n {
		value = value<<1 | int(s.words[s.next/8]>>(7-s.next%8)&1)
		s.next++
	}
	return value
}

// digits reads three digits at a time (7.4.3).
func (s *stream) digits(count int) string {
	var b strings.Builder
	for ; count > 0; count -= 3 {
		n := min(count, 3)
		value := s.take([4]int{0, 4, 7, 10}[n])
		for _, unit := range []int{100, 10, 1}[3-n:] {
			b.WriteByte(byte('0' + value/unit%10))
		}
	}
	return b.String()
}

// capitals reads two characters at a time (7.4.4).
func (s *stream) capitals(count int) string {
	const characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	var b strings.Builder
	for ; count > 1; count -= 2 {
		value := s.take(11)
		b.WriteByte(characters[value/len(characters)])
		b.WriteByte(characters[value%len(characters)])
	}
	if count == 1 {
		b.WriteByte(characters[s.take(6)])
	}
	return b.String()
}
