package convert

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// The types of encoding, as they stand in the lowest three bits of a tag. The rest of a tag is the number of the field.
const (
	varintType  = 0
	fixed64Type = 1
	bytesType   = 2
	groupType   = 3
	fixed32Type = 5
)

// wireProblem is why some bytes are not a protobuf message.
type wireProblem uint8

const (
	noProblem wireProblem = iota
	fieldCut
	fieldTooLong
	varintTooLong
	badTag
	badGroup
)

var wireProblems = [...]string{
	fieldCut:      "a field ends in its middle",
	fieldTooLong:  "a field is longer than what it is in",
	varintTooLong: "a number is longer than 64 bits",
	badTag:        "what stands here is no field",
	badGroup:      "a group does not end, or holds too many others",
}

// cursor reads the fields of a message. After the first problem there is nothing more to read, and it stands where that
// came up.
type cursor struct {
	b []byte
	i int
	// at is where b begins in the message that is read as a whole.
	at      int
	problem wireProblem
	// owned tells that nobody else has the memory of b.
	owned bool
}

func (c *cursor) more() bool { return c.i < len(c.b) }

// position is where c stands in the message that is read as a whole.
func (c *cursor) position() int { return c.at + c.i }

func (c *cursor) fail(p wireProblem) {
	if c.problem == noProblem {
		c.problem = p
	}
	c.b = c.b[:c.i]
}

// tag is the tag of the next field, of which there must be more.
func (c *cursor) tag() uint64 {
	b := c.b[c.i]
	if b >= 0x80 {
		return c.longVarint()
	}
	c.i++
	return uint64(b)
}

// varint is the number at c, 0 if there is none.
func (c *cursor) varint() uint64 {
	if c.more() {
		return c.tag()
	}
	return c.longVarint()
}

func (c *cursor) longVarint() uint64 {
	if n, end := varintAt(c.b, c.i); end > 0 {
		c.i = end
		return n
	}
	n, size := protowire.ConsumeVarint(c.b[c.i:])
	switch {
	case size > 0:
		c.i += size
	case len(c.b)-c.i >= binary.MaxVarintLen64:
		c.fail(varintTooLong)
	default:
		c.fail(fieldCut)
	}
	return n
}

// varintAt is the number at index i of b and the end of it, which is 0 if there is none that takes less than 63 bits.
func varintAt(b []byte, i int) (n uint64, end int) {
	for shift := 0; i < len(b) && shift < 63; shift += 7 {
		c := b[i]
		i++
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return n, i
		}
	}
	return 0, 0
}

// shortVarint is varintAt of a number that takes one byte or two, as nearly all lengths do.
func shortVarint(b []byte, i int) (n, end int) {
	if i >= len(b) {
		return 0, 0
	}
	n = int(b[i])
	if n < 0x80 {
		return n, i + 1
	}
	if i+1 >= len(b) || b[i+1] >= 0x80 {
		return 0, 0
	}
	return n&0x7f | int(b[i+1])<<7, i + 2
}

func (c *cursor) fixed64() uint64 {
	if len(c.b)-c.i < 8 {
		c.fail(fieldCut)
		return 0
	}
	c.i += 8
	return binary.LittleEndian.Uint64(c.b[c.i-8:])
}

func (c *cursor) double() float64 { return math.Float64frombits(c.fixed64()) }

// zigzag is a sint64 or, cut to its lower half, a sint32.
func (c *cursor) zigzag() int64 { return protowire.DecodeZigZag(c.varint()) }

// bytes is a field of bytes. They belong to the message.
func (c *cursor) bytes() []byte {
	begin := c.i + 1
	if begin > len(c.b) || c.b[c.i] >= 0x80 || begin+int(c.b[c.i]) > len(c.b) {
		return c.longBytes()
	}
	c.i = begin + int(c.b[c.i])
	return c.b[begin:c.i:c.i]
}

func (c *cursor) longBytes() []byte {
	n := c.varint()
	if n > uint64(len(c.b)-c.i) {
		c.fail(fieldTooLong)
		return nil
	}
	c.i += int(n)
	return c.b[c.i-int(n) : c.i : c.i]
}

// span is where the bytes of a field stand, at 0 if there are none.
func (c *cursor) span() span {
	b := c.bytes()
	if b == nil {
		return span{}
	}
	return span{c.i - len(b), c.i}
}

// message is a field that is a message.
func (c *cursor) message() cursor {
	b := c.bytes()
	return cursor{b: b, at: c.at + c.i - len(b)}
}

// skip leaves out the field whose tag has been read.
func (c *cursor) skip(tag uint64) {
	number := tag >> 3
	if number < uint64(protowire.MinValidNumber) || number > uint64(protowire.MaxValidNumber) {
		c.fail(badTag)
		return
	}
	switch tag & 7 {
	case varintType:
		c.varint()
	case fixed64Type:
		c.fixed64()
	case bytesType:
		c.bytes()
	case fixed32Type:
		if len(c.b)-c.i < 4 {
			c.fail(fieldCut)
			return
		}
		c.i += 4
	case groupType:
		n := protowire.ConsumeFieldValue(protowire.Number(number), protowire.StartGroupType, c.b[c.i:])
		if n < 0 {
			c.fail(badGroup)
			return
		}
		c.i += n
	default:
		c.fail(badTag)
	}
}

// joined is a message that comes in two parts: read one after the other they mean the same as if they had been merged.
// A field that is not repeated may be there several times, though no encoder writes it so.
func joined(first, more cursor) cursor {
	switch {
	case first.b == nil:
		return more
	case !first.owned:
		first.b = append(make([]byte, 0, len(first.b)+len(more.b)), first.b...)
		first.owned = true
	}
	first.b = append(first.b, more.b...)
	return first
}

// given reports whether there is a message at all.
func (c *cursor) given() bool { return c.b != nil }

// messageKind is what is known of a kind of message: its name, and for each number of a field the letter of its type of
// encoding: v for varint, d for fixed64, b for bytes, and any other for none.
type messageKind struct{ name, types string }

// contradicts reports whether the tag is that of a known field in another type of encoding.
func (k *messageKind) contradicts(tag uint64) bool {
	number := tag >> 3
	if number >= uint64(len(k.types)) {
		return false
	}
	switch k.types[number] {
	case 'v':
		return tag&7 != varintType
	case 'd':
		return tag&7 != fixed64Type
	case 'b':
		return tag&7 != bytesType
	}
	return false
}
