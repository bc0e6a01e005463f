package convert

import (
	"bytes"
	"errors"
	"io"
)

// blockBytes is about how much text is handed on at a time: enough that the cost of a block does not count, and little
// enough to stay in a processor's cache.
const blockBytes = 64 << 10

// source cuts an input into blocks of whole lines.
type source struct {
	reader io.Reader // nil if buffer holds the whole input
	buffer []byte
	limit  int // of a line, 0 or less for none
	block  int // about how much of a whole input is handed on at a time, and no less than want
	// begin and end bound what has been read and not handed on, scanned is up to where it has no line feed.
	begin, end, scanned int
	// offset is that of the next block in the input.
	offset int64
	// skipping tells that the rest of a line that was too long is to be left out.
	skipping bool
	// want is how much text is gathered before it is handed on, unless the input ends.
	want int
	// immutable tells that a whole input does not change as long as anybody refers to it.
	immutable bool
	// err is what the reader ended with.
	err error
}

// next is the next block: whole lines, or the last line without its end, or the beginning of a line that is longer than
// the limit, whose rest is left out. A block is valid until the next call. At the end it is io.EOF, or the error with
// which the reader failed; then a last line without its end is not handed on, since it may have been cut.
func (s *source) next() (block []byte, offset int64, err error) {
	if s.reader == nil {
		return s.nextOfWhole()
	}
	for {
		if n := bytes.LastIndexByte(s.buffer[s.scanned:s.end], '\n'); n >= 0 {
			if s.skipping {
				s.skip()
				continue
			}
			if s.end-s.begin < s.want && s.err == nil {
				s.fill()
				continue
			}
			return s.take(s.scanned + n + 1)
		}
		s.scanned = s.end
		if s.skipping {
			s.discard(s.end)
		}
		switch {
		case exceeds(s.end-s.begin, s.limit):
			s.skipping = true
			return s.take(s.end)
		case s.err == io.EOF && s.end > s.begin:
			return s.take(s.end)
		case s.err != nil:
			return nil, s.offset, s.err
		}
		s.fill()
	}
}

func (s *source) nextOfWhole() (block []byte, offset int64, err error) {
	if s.begin == len(s.buffer) {
		return nil, s.offset, io.EOF
	}
	end := min(s.begin+max(s.block, s.want), len(s.buffer))
	if n := bytes.IndexByte(s.buffer[end:], '\n'); n >= 0 {
		end += n + 1
	} else {
		end = len(s.buffer)
	}
	return s.take(end)
}

// take hands on the text up to end.
func (s *source) take(end int) (block []byte, offset int64, err error) {
	block, offset = s.buffer[s.begin:end], s.offset
	s.discard(end)
	return block, offset, nil
}

// swap hands over the buffer with what has been handed on of it, and takes another one instead, which may be nil.
func (s *source) swap(other []byte) (buffer []byte) {
	rest := s.buffer[s.begin:s.end]
	if len(other) < len(rest)+s.want {
		other = make([]byte, len(rest)+s.want+s.want/4)
	}
	copy(other, rest)
	buffer, s.buffer = s.buffer, other
	s.begin, s.end, s.scanned = 0, len(rest), s.scanned-s.begin
	return buffer
}

// discard forgets the text up to end.
func (s *source) discard(end int) {
	s.offset += int64(end - s.begin)
	s.begin, s.scanned = end, max(s.scanned, end)
}

// isOver reports whether nothing comes behind the latest block, not even the beginning of a line.
func (s *source) isOver() bool {
	if s.reader == nil {
		return s.begin == len(s.buffer)
	}
	return s.begin == s.end && s.err != nil
}

// isLongerThan reports whether it is known that the input has more than n bytes.
func (s *source) isLongerThan(n int) bool {
	if s.reader == nil {
		return len(s.buffer) > n
	}
	return s.offset > int64(n)
}

// hasMore reports whether the latest block could be had with more lines behind it.
func (s *source) hasMore() bool { return !s.isOver() && s.err == nil && !s.skipping }

// giveBack takes the last n bytes of the latest block back, if there is more to come. The next block begins with them, and has
// more as far as whole lines are at hand: as many bytes are as are wanted, unless the input ends before.
func (s *source) giveBack(n, want int) {
	s.begin -= n
	s.offset -= int64(n)
	s.scanned, s.want = s.begin, want
}

// skip leaves out the rest of a line that was too long, of which the end has been read.
func (s *source) skip() {
	n := bytes.IndexByte(s.buffer[s.begin:s.end], '\n')
	s.skipping = false
	s.discard(s.begin + n + 1)
	s.scanned = s.begin
}

// fill reads more text behind what is there, in a larger buffer if need be.
func (s *source) fill() {
	if s.begin > 0 {
		copy(s.buffer, s.buffer[s.begin:s.end])
		s.begin, s.end, s.scanned = 0, s.end-s.begin, s.scanned-s.begin
	}
	if s.end == len(s.buffer) {
		larger := make([]byte, max(blockBytes, s.want+s.want/4, 2*len(s.buffer)))
		copy(larger, s.buffer)
		s.buffer = larger
	}
	for range 100 {
		n, err := s.reader.Read(s.buffer[s.end:])
		if n < 0 || n > len(s.buffer)-s.end {
			s.err = errors.New("convert: reader returned an impossible count of bytes")
			return
		}
		s.end += n
		s.err = err
		if n > 0 || err != nil {
			return
		}
	}
	s.err = io.ErrNoProgress
}
