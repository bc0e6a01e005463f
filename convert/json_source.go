package convert

import (
	"bytes"
	"errors"
	"io"

	"github.com/promfmt/promfmt/diag"
)

// jsonSource is the input of tokens. It keeps what has been read and not consumed yet, and a little before that, so that
// the line around a token can be told.
type jsonSource struct {
	reader io.Reader
	// longest is the greatest length of a token, 0 or less for none.
	longest int
	// window is what is kept of the input, from the offset base on, and consumed is the offset of the next token.
	window         []byte
	base, consumed int64
	// line is the number of the line at the offset counted, and lineBegin where it begins.
	counted   int64
	line      int
	lineBegin int64
	// mark is the length of a byte order mark that was skipped, which offsets do not count.
	mark int
	// failed is what the reader ended with.
	failed error
}

const (
	// lookBack is how much is kept of what has been consumed: as much as an excerpt may show.
	lookBack = 1 << 10
	// jsonReadBytes is how much is read at a time.
	jsonReadBytes = 16 << 10
)

var errImpossibleCount = errors.New("convert: reader returned an impossible count of bytes")

// rest is what has been read and not consumed.
func (s *jsonSource) rest() []byte { return s.window[s.consumed-s.base:] }

// have reads until the rest has n bytes. It is not ok if the input ends before.
func (s *jsonSource) have(n int) (ok bool, err error) {
	for len(s.rest()) < n {
		switch err := s.fill(); {
		case err == io.EOF:
			return false, nil
		case err != nil:
			return false, err
		}
	}
	return true, nil
}

// fill reads more, and drops what is not kept any more.
func (s *jsonSource) fill() error {
	if exceeds(len(s.rest()), s.longest) {
		return errTokenTooLong
	}
	if n := s.consumed - s.base - lookBack; n > 0 {
		s.count(s.base + n)
		s.window = append(s.window[:0], s.window[n:]...)
		s.base += n
	}
	end := len(s.window)
	if cap(s.window)-end < jsonReadBytes {
		larger := make([]byte, end, 2*cap(s.window)+2*jsonReadBytes)
		copy(larger, s.window)
		s.window = larger
	}
	for range 100 {
		if s.failed != nil {
			return s.failed
		}
		var n int
		n, s.failed = s.reader.Read(s.window[end:cap(s.window)])
		if n < 0 || n > cap(s.window)-end {
			n, s.failed = 0, errImpossibleCount
		}
		if n > 0 {
			s.window = s.window[:end+n]
			return nil
		}
	}
	if s.failed == nil {
		s.failed = io.ErrNoProgress
	}
	return s.failed
}

// skipByteOrderMark leaves out the one that the input may begin with, and reports whether there was one. It is the first
// thing to be called.
func (s *jsonSource) skipByteOrderMark() bool {
	// What is wrong with the input comes again when it is read.
	if ok, err := s.have(len(byteOrderMark)); !ok || err != nil || !bytes.HasPrefix(s.window, byteOrderMark) {
		return false
	}
	s.mark = len(byteOrderMark)
	s.window = s.window[s.mark:]
	return true
}

// between is the text between two offsets, as far as it is kept.
func (s *jsonSource) between(begin, end int64) []byte {
	i := max(begin, s.base) - s.base
	j := min(end-s.base, int64(len(s.window)))
	if i >= j {
		return nil
	}
	return s.window[i:j]
}

// count counts the lines up to an offset.
func (s *jsonSource) count(offset int64) {
	if offset <= s.counted {
		return
	}
	text := s.between(s.counted, offset)
	if n := bytes.Count(text, lineFeed); n > 0 {
		s.line += n
		s.lineBegin = s.counted + int64(bytes.LastIndexByte(text, '\n')) + 1
	}
	s.counted = offset
}

// position is that of an offset that is kept and that lies behind those asked for before, or in the line of the last.
func (s *jsonSource) position(offset int64) diag.Position {
	s.count(offset)
	p := diag.Position{Line: s.line, Column: int(offset-s.lineBegin) + 1, Offset: offset + int64(s.mark)}
	if s.line == 1 {
		p.Column += s.mark
	}
	return p
}

// excerpt is the line around an offset, none if that is not kept any more.
func (s *jsonSource) excerpt(offset int64) diag.Excerpt {
	if offset < s.base {
		return diag.Excerpt{}
	}
	begin := s.base + int64(bytes.LastIndexByte(s.between(s.base, offset), '\n')) + 1
	line := s.between(begin, s.base+int64(len(s.window)))
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	return diag.NewExcerpt(line, int(offset-begin)+1)
}
