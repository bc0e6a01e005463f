package fuzz

import (
	"encoding/binary"
	"math"
)

// Choices are decisions taken by bytes: the same bytes always decide the same, and a byte more or less changes only what
// is decided from there on. When the bytes are used up every decision is the first of its possibilities, so what is
// first has to be the plainest and to come to an end.
type Choices struct {
	bytes []byte
}

// NewChoices lets data decide, which is only read.
func NewChoices(data []byte) *Choices { return &Choices{data} }

// Below is a number from 0 to n-1. It takes one byte for an n up to 256 and two for a larger one.
func (c *Choices) Below(n int) int {
	if n > 1<<8 {
		return int(binary.LittleEndian.Uint16(c.take(2))) % n
	}
	return int(c.take(1)[0]) % n
}

// OneIn is true for one of n bytes, and false when they are used up.
func (c *Choices) OneIn(n int) bool { return c.Below(n) == n-1 }

// Float is any number, those that are not finite included.
func (c *Choices) Float() float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(c.take(8)))
}

// Split takes n bytes for decisions of their own, which are there then however many bytes those before them take.
func (c *Choices) Split(n int) *Choices { return NewChoices(c.take(n)) }

// take gives the next n bytes, zeros if there are none.
func (c *Choices) take(n int) []byte {
	taken := make([]byte, n)
	c.bytes = c.bytes[copy(taken, c.bytes):]
	return taken
}

// Pick is one of the elements, of which there has to be one at least.
func Pick[T any](c *Choices, elements []T) T { return elements[c.Below(len(elements))] }
