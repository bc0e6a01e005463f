package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/promfmt/promfmt/format"
)

// standardInput is the INPUT that names standard input.
const standardInput = "-"

// source is an INPUT as it comes: possibly compressed, of a format yet to be told.
type source struct {
	io.ReadCloser
	size        int64         // in bytes; -1 if it is not known
	layers      int           // how many layers of compression it may have
	contentType string        // of a URL
	interactive bool          // somebody is typing it
	end         func() []byte // what it ends in, before anything else is read; nil if that is not known
}

// input is an INPUT that is open for reading, without compression and in a format that can be read.
type input struct {
	io.Reader
	format  format.Format
	tail    *tail // what the input ended in, as soon as it did; nil unless it was taken for text
	closers []io.Closer
}

// Close closes all that the input was made of, the outermost layer first.
func (in *input) Close() error {
	var errs []error
	for _, closer := range slices.Backward(in.closers) {
		errs = append(errs, closer.Close())
	}
	return errors.Join(errs...)
}

// opening is how an input is to be opened.
type opening struct {
	// format is the name of a format, or auto.
	format string
	// timeout is how long a URL may keep silent; 0 is for ever.
	timeout time.Duration
	// track, if not nil, wraps what comes, so as to show how it goes on.
	track func(name string, src *source) io.ReadCloser
}

// open opens an INPUT. Errors name it.
func (a *app) open(name string, how opening) (*input, error) {
	src, err := a.openSource(name, how)
	if err != nil {
		return nil, err
	}
	in := &input{closers: []io.Closer{src}}
	if err := in.unwrap(name, src, how); err != nil {
		_ = in.Close()
		return nil, fmt.Errorf("%s: %w", displayName(name), err)
	}
	return in, nil
}

func (a *app) openSource(name string, how opening) (*source, error) {
	if name == standardInput {
		return a.fileSource(a.stdin, io.NopCloser(a.stdin)), nil
	}
	if isURL(name) {
		return openURL(name, acceptHeader(how.format), how.timeout)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		_ = file.Close()
		return nil, usageError{fmt.Errorf("%s is a directory; name the files in it", name)}
	}
	return a.fileSource(file, file), nil
}

func (a *app) fileSource(file *os.File, content io.ReadCloser) *source {
	info, err := file.Stat()
	a.piped = a.piped || err == nil && info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) != 0
	return &source{
		ReadCloser: content, size: sizeOf(file), layers: 1, interactive: isTerminal(file),
		end: func() []byte { return endOf(file) },
	}
}

// endOf is the end of a regular file, nil of any other.
func endOf(file *os.File) []byte {
	end := make([]byte, max(0, min(sizeOf(file), format.TailSize)))
	if len(end) == 0 {
		return nil
	}
	if _, err := file.ReadAt(end, sizeOf(file)-int64(len(end))); err != nil {
		return nil
	}
	return end
}

// sizeOf is the size of a regular file and -1 of any other.
func sizeOf(file *os.File) int64 {
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		return info.Size()
	}
	return -1
}

// unwrap takes the compression off src and tells its format.
func (in *input) unwrap(name string, src *source, how opening) error {
	var raw io.Reader = src
	if how.track != nil && !src.interactive {
		tracked := how.track(name, src)
		in.closers = append(in.closers, tracked)
		raw = tracked
	}
	content := raw
	for range src.layers {
		inner, compressed, err := decompress(content)
		if err != nil {
			return err
		}
		if compressed {
			src.end = nil
		}
		in.closers = append(in.closers, inner)
		content = inner
	}
	in.Reader = content
	if how.format != auto {
		var err error
		in.format, err = format.Parse(how.format)
		return err
	}
	return in.tell(name, src, content)
}

// tell tells the format of the content of an input.
func (in *input) tell(name string, src *source, content io.Reader) (err error) {
	buffered := bufio.NewReaderSize(content, format.HeadSize)
	evidence := format.Evidence{ContentType: src.contentType, Name: name}
	evidence.Head, err = buffered.Peek(format.HeadSize)
	switch {
	case err == io.EOF:
		evidence.Tail = evidence.Head
	case err != nil:
		return err
	case src.end != nil:
		evidence.Tail = src.end()
	}
	in.Reader = buffered
	if in.format, err = tellFormat(evidence); in.format == format.Text {
		in.tail = &tail{Reader: buffered}
		in.Reader = in.tail
	}
	return err
}

// compressions are told by the bytes that they begin with, whatever the input is called: no exposition begins so.
var compressions = []struct {
	magic string
	open  func(*bufio.Reader) (io.ReadCloser, error)
}{
	{gzipMagic, func(r *bufio.Reader) (io.ReadCloser, error) { return newGzipStreams(r) }},
	{"\x28\xb5\x2f\xfd", func(r *bufio.Reader) (io.ReadCloser, error) {
		d, err := zstd.NewReader(r, zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}},
}

// zstdWindow is the most memory that a zstd stream may ask its reader to keep, as much as the zstd command allows.
const zstdWindow = 128 << 20

// decompress takes one layer of compression off r, and reports whether there was one. Compressed streams that follow each
// other read as one. Closing what it gives does not close r.
func decompress(r io.Reader) (content io.ReadCloser, compressed bool, err error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	head, err := buffered.Peek(4)
	if err != nil && err != io.EOF {
		return nil, false, err
	}
	for _, c := range compressions {
		if bytes.HasPrefix(head, []byte(c.magic)) {
			content, err = c.open(buffered)
			return content, true, err
		}
	}
	return io.NopCloser(buffered), false, nil
}

// gzipMagic is what a gzip stream begins with.
const gzipMagic = "\x1f\x8b"

// gzipStreams reads gzip streams that follow each other as one, and tells what is behind them if it is something else.
type gzipStreams struct {
	*gzip.Reader
	from *bufio.Reader
}

func newGzipStreams(r *bufio.Reader) (*gzipStreams, error) {
	first, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	first.Multistream(false)
	return &gzipStreams{first, r}, nil
}

func (s *gzipStreams) Read(p []byte) (n int, err error) {
	for {
		if n, err = s.Reader.Read(p); n > 0 || err != io.EOF {
			return n, err
		}
		switch next, err := s.from.Peek(len(gzipMagic)); {
		case len(next) == 0:
			return 0, err
		case string(next) != gzipMagic:
			return 0, errors.New("behind the gzip stream there is something that is none")
		}
		if err := s.Reset(s.from); err != nil {
			return 0, err
		}
		s.Multistream(false)
	}
}

// tail passes a reader through and keeps its end.
type tail struct {
	io.Reader
	kept []byte
}

func (t *tail) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.kept = append(t.kept, p[max(0, n-format.TailSize):n]...)
	if over := len(t.kept) - format.TailSize; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return n, err
}
