package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// standardInput is the INPUT that names standard input.
const standardInput = "-"

// source is an INPUT as it comes: possibly compressed, of a format yet to be told.
type source struct {
	io.ReadCloser
	size        int64  // in bytes; -1 if it is not known
	layers      int    // how many layers of compression it may have
	contentType string // of a URL
	interactive bool   // somebody is typing it
}

// input is an INPUT that is open for reading, without compression and in a format that can be read.
type input struct {
	io.Reader
	tail    *tail // what the input ended in, as soon as it did; nil if the format was asked for
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
	src, err := a.openSource(name, how.timeout)
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

func (a *app) openSource(name string, timeout time.Duration) (*source, error) {
	if name == standardInput {
		return fileSource(a.stdin, io.NopCloser(a.stdin)), nil
	}
	if isURL(name) {
		return openURL(name, timeout)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		_ = file.Close()
		return nil, usageError{fmt.Errorf("%s is a directory; name the files in it", name)}
	}
	return fileSource(file, file), nil
}

func fileSource(file *os.File, content io.ReadCloser) *source {
	return &source{ReadCloser: content, size: sizeOf(file), layers: 1, interactive: isTerminal(file)}
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
		inner, err := decompress(content)
		if err != nil {
			return err
		}
		in.closers = append(in.closers, inner)
		content = inner
	}
	in.Reader = content
	if how.format != auto {
		return nil
	}
	buffered := bufio.NewReaderSize(content, headSize)
	head, err := buffered.Peek(headSize)
	if err != nil && err != io.EOF {
		return err
	}
	in.tail = &tail{Reader: buffered}
	in.Reader = in.tail
	return checkFormat(src.contentType, name, head)
}

// compressions are told by the bytes that they begin with, whatever the input is called: no exposition begins so.
var compressions = []struct {
	magic string
	open  func(io.Reader) (io.ReadCloser, error)
}{
	{"\x1f\x8b", func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) }},
	{"\x28\xb5\x2f\xfd", func(r io.Reader) (io.ReadCloser, error) {
		d, err := zstd.NewReader(r, zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}},
}

// zstdWindow is the most memory that a zstd stream may ask its reader to keep, as much as the zstd command allows.
const zstdWindow = 128 << 20

// decompress takes one layer of compression off r, if there is one. Compressed streams that follow each other read as
// one. Closing what it gives does not close r.
func decompress(r io.Reader) (io.ReadCloser, error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	head, err := buffered.Peek(4)
	if err != nil && err != io.EOF {
		return nil, err
	}
	for _, c := range compressions {
		if bytes.HasPrefix(head, []byte(c.magic)) {
			return c.open(buffered)
		}
	}
	return io.NopCloser(buffered), nil
}

// tail passes a reader through and keeps its end.
type tail struct {
	io.Reader
	kept []byte
}

const tailSize = 8

func (t *tail) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.kept = append(t.kept, p[max(0, n-tailSize):n]...)
	if over := len(t.kept) - tailSize; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return n, err
}

// isOpenMetrics reports whether the input ended as OpenMetrics demands and the Prometheus text format does not.
func (t *tail) isOpenMetrics() bool {
	return strings.HasSuffix("\n"+strings.TrimRight(string(t.kept), "\n"), "\n# EOF")
}
