package convert

import (
	"encoding/binary"
	"io"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/promfmt/promfmt/diag"
)

// wireMessage is the encoding of one family.
type wireMessage struct {
	// body is the encoding, valid until the next message is asked for. It is not there as long as the message is plain.
	body []byte
	// place is where the body begins in the input.
	place diag.Position
	// text is the first line of a message that was text, whose diagnostics are about the message as a whole.
	text []byte
	// missing is how many bytes the input lacks at its end, and failed tells that this was the reader's failure.
	missing uint64
	failed  bool
}

// messageSource cuts an input into messages.
type messageSource interface {
	// reset begins with another input, whose messages are no longer than limit unless that is 0. It may use the buffer.
	reset(r io.Reader, limit int, buffer []byte)
	// giveBuffer gives back a buffer at the end of the input.
	giveBuffer() []byte
	// next gives r its next message, but for the body, which it returns. It is not ok if there is none, which may be because
	// of something that it has reported.
	next(r *wireReader) (body []byte, ok bool)
	// ended is what the input has ended with, nil as long as it has not.
	ended() error
}

// messagesPerLine is how many times as long as a line a message may be: it holds a family, which in text is many lines.
const messagesPerLine = 16

// messageLimit is the greatest length of a message, 0 if there is none.
func messageLimit(l Limits) int {
	if l.LineBytes <= 0 || l.LineBytes > math.MaxInt/messagesPerLine {
		return 0
	}
	return messagesPerLine * l.LineBytes
}

// minBuffer is how much is read at a time at least.
const minBuffer = 512

// inputSize is about how long an input is, or as much of it as is read at a time. Readers of what is in memory mostly tell
// how much there is.
func inputSize(r io.Reader) int {
	if sized, ok := r.(interface{ Len() int }); ok {
		return min(sized.Len(), blockBytes)
	}
	return blockBytes / 4
}

// wireSource cuts an input into messages that have their length before them, and before that a tag if they are fields of
// a message.
type wireSource struct {
	source
	// tagged tells that the input as a whole is a message, whose fields of number 1 are the messages.
	tagged bool
	// lost tells that it is not known where the next message begins.
	lost bool
}

func (s *wireSource) reset(r io.Reader, limit int, buffer []byte) {
	*s = wireSource{source: source{reader: r, buffer: buffer, limit: limit}, tagged: s.tagged}
}

// giveBuffer gives up the buffer of a source that has come to its end.
func (s *source) giveBuffer() []byte {
	buffer := s.buffer
	s.buffer, s.begin, s.end = nil, 0, 0
	return buffer
}

func (s *wireSource) next(r *wireReader) (body []byte, ok bool) {
	if s.begin == s.end && !s.have(1) || s.tagged && !s.nextTag(r) {
		return nil, false
	}
	start := s.offset
	length, ok := s.varint(r)
	switch {
	case !ok:
		return nil, false
	case exceeds(int(min(length, math.MaxInt)), s.limit):
		r.reportAt(diag.MessageTooLong, start, "the message has %d bytes, more than %d (limit LineBytes, %d times)",
			length, s.limit, messagesPerLine)
		s.discard(length)
		return nil, false
	}
	m := &r.message
	m.place.Offset = s.offset
	m.missing, m.failed = 0, false
	if uint64(s.end-s.begin) < length && !s.have(length) {
		m.missing = length - uint64(s.end-s.begin)
		m.failed = s.err != io.EOF
		length -= m.missing
	}
	body = s.buffer[s.begin : s.begin+int(length)]
	s.advance(int(length))
	return body, true
}

func (s *wireSource) ended() error {
	switch {
	case s.lost && (s.err == nil || s.err == io.EOF):
		return io.EOF
	case s.lost || s.begin == s.end:
		return s.err
	}
	return nil
}

// nextTag reads the tag of a field and leaves out the field unless it is a message to be given out.
func (s *wireSource) nextTag(r *wireReader) (found bool) {
	at := s.offset
	tag, ok := s.varint(r)
	number := tag >> 3
	switch {
	case !ok:
		return false
	case tag == 1<<3|bytesType:
		return true
	case number < uint64(protowire.MinValidNumber) || number > uint64(protowire.MaxValidNumber):
		s.lose(r, at, wireProblems[badTag])
		return false
	case number == 1:
		r.reportAt(diag.ProtobufField, at, "field 1 of a MetricSet is not encoded as a message; it is skipped")
	}
	size := uint64(0)
	switch tag & 7 {
	case varintType:
		s.varint(r)
	case fixed64Type:
		size = 8
	case fixed32Type:
		size = 4
	case bytesType:
		size, _ = s.varint(r)
	default:
		s.lose(r, at, wireProblems[badTag])
	}
	if !s.discard(size) && s.err == io.EOF {
		s.lose(r, s.offset, inputCut)
	}
	return false
}

// varint reads a number. If there is none the rest of the input is lost.
func (s *wireSource) varint(r *wireReader) (n uint64, ok bool) {
	if n, end := shortVarint(s.buffer[:s.end], s.begin); end > 0 {
		s.advance(end - s.begin)
		return uint64(n), true
	}
	for size := 1; s.have(uint64(size)); size++ {
		if s.buffer[s.begin+size-1] < 0x80 {
			n, consumed := protowire.ConsumeVarint(s.buffer[s.begin : s.begin+size])
			if consumed < 0 {
				s.lose(r, s.offset, wireProblems[varintTooLong])
				return 0, false
			}
			s.advance(size)
			return n, true
		}
		if size == binary.MaxVarintLen64 {
			s.lose(r, s.offset, wireProblems[varintTooLong])
			return 0, false
		}
	}
	if s.err == io.EOF {
		s.lose(r, s.offset+int64(s.end-s.begin), inputCut)
	}
	s.advance(s.end - s.begin)
	return 0, false
}

const inputCut = "the input ends within a message"

// lose reports that there is no telling where the next message begins.
func (s *wireSource) lose(r *wireReader, at int64, problem string) {
	r.reportAt(diag.ProtobufSyntax, at, "%s", problem)
	s.lost = true
}

// advance goes on behind n bytes of what has been read.
func (s *wireSource) advance(n int) { s.source.discard(s.begin + n) }

// discard leaves out n bytes, and reports whether there were so many.
func (s *wireSource) discard(n uint64) bool {
	for n > 0 && s.have(1) {
		some := min(n, uint64(s.end-s.begin))
		s.advance(int(some))
		n -= some
	}
	return n == 0
}

// have reads until n bytes are there, and reports whether they are. The buffer grows with what has come in, not with
// what has been announced.
func (s *wireSource) have(n uint64) bool {
	for uint64(s.end-s.begin) < n {
		if s.err != nil || s.lost {
			return false
		}
		s.fill()
	}
	return true
}
