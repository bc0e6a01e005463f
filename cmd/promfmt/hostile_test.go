package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

const megabyte = 1 << 20

// consumed is what was found in an input, and what reading it took.
type consumed struct {
	families, errors int
	allocated        int64
	err              error
}

// consume reads an INPUT as a command does, and ends after so many families unless that is 0.
func consume(t *testing.T, name string, how *reading, families int) (c consumed) {
	t.Helper()
	how.progress.value = progressNever
	how.workers = 1
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c.err = newApp().read(name, how, visitor{
		found: func(d *diag.Diagnostic) error {
			if d.Severity == diag.Error {
				c.errors++
			}
			return nil
		},
		use: func(*model.MetricFamily) error {
			c.families++
			if c.families == families {
				return errEnough
			}
			return nil
		},
	})
	runtime.ReadMemStats(&after)
	c.allocated = int64(after.TotalAlloc - before.TotalAlloc)
	return c
}

var errEnough = errors.New("enough")

// TestBombsTakeNoMoreMemoryThanPlainText holds that what a small compressed file becomes is read as it comes, that a line
// of it is refused where it is too long, and that a zstd file gets the window it asks for, but none beyond our limit.
func TestBombsTakeNoMoreMemoryThanPlainText(t *testing.T) {
	const (
		longestLine = 16 * megabyte
		window      = zstdWindow
		little      = 4 * megabyte
	)
	comments := strings.Repeat("# "+strings.Repeat("x", 1000)+"\n", 32*1000)
	tests := []struct {
		name      string
		file      []byte
		errors    int
		fails     string
		allocated int64 // at most
	}{
		{name: "comments in gzip", file: zipped(t, comments), allocated: little},
		{name: "one line in gzip", file: zipped(t, strings.Repeat("x", 2*longestLine)), errors: 1, allocated: 5 * longestLine},
		{name: "nothing in gzip, again and again", file: bytes.Repeat(zipped(t, ""), 20_000), allocated: little},
		{name: "blank lines in zstd", file: zstdFrame(10, '\n', 256), allocated: little},
		{name: "one line in zstd", file: zstdFrame(10, 'x', 256), errors: 1, allocated: 5 * longestLine},
		{name: "a window of 128 MiB in zstd", file: zstdFrame(17, '\n', 1), allocated: window + 2*little},
		{name: "a window of 256 MiB in zstd", file: zstdFrame(18, '\n', 1), fails: "window size exceeded", allocated: little},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "page.txt")
			require.NoError(t, os.WriteFile(name, test.file, 0o600))
			how := newReading()
			how.from.value = "text"
			c := consume(t, name, how, 0)
			if test.fails != "" {
				require.ErrorContains(t, c.err, test.fails)
			} else {
				require.NoError(t, c.err)
			}
			require.Equal(t, test.errors, c.errors)
			require.LessOrEqual(t, c.allocated, test.allocated)
		})
	}
}

func zipped(t *testing.T, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	require.NoError(t, err)
	_, err = io.WriteString(w, content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

// zstdFrame is a zstd frame that asks for a window of 1 KiB << window, of blocks that each are 128 KiB of one character.
func zstdFrame(window, character byte, blocks int) []byte {
	frame := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, window << 3}
	for i := range blocks {
		const repeated = 1 << 1
		header := uint32(128<<10<<3 | repeated)
		if i == blocks-1 {
			header |= 1 // the last
		}
		frame = append(frame, binary.LittleEndian.AppendUint32(nil, header)[:3]...)
		frame = append(frame, character)
	}
	return frame
}

// TestEndlessAnswersAreReadAsTheyCome holds that a server that never ends its answer neither fills the memory nor keeps
// the command from ending, and that it hears of the end.
func TestEndlessAnswersAreReadAsTheyCome(t *testing.T) {
	gone := make(chan struct{}, 1)
	write := func(w http.ResponseWriter, r *http.Request, text func(i int) string) {
		for i := 0; r.Context().Err() == nil; i++ {
			_, _ = io.WriteString(w, text(i))
		}
		gone <- struct{}{}
	}
	handlers := map[string]http.HandlerFunc{
		"/families": func(w http.ResponseWriter, r *http.Request) {
			write(w, r, func(i int) string { return fmt.Sprintf("# TYPE f%d gauge\nf%[1]d 1\n", i) })
		},
		"/error": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
			write(w, r, func(int) string { return "too many scrapes, " })
		},
		"/trickle": func(w http.ResponseWriter, r *http.Request) {
			write(w, r, func(i int) string {
				w.(http.Flusher).Flush()
				time.Sleep(time.Millisecond)
				return fmt.Sprintf("f%d 1\n", i)
			})
		},
	}
	mux := http.NewServeMux()
	for path, handler := range handlers {
		mux.Handle(path, handler)
	}
	server := httptest.NewServer(mux)
	defer server.Close()

	tests := []struct {
		name, path string
		families   int // after which the command ends
		fails      string
		allocated  int64 // at most
	}{
		{name: "families", path: "/families", families: 50_000, fails: errEnough.Error(), allocated: 32 * megabyte},
		{name: "a few bytes a time", path: "/trickle", families: 50, fails: errEnough.Error(), allocated: 4 * megabyte},
		{name: "the words of an error", path: "/error", fails: "503 Service Unavailable: too many scrapes", allocated: 4 * megabyte},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := consume(t, server.URL+test.path, newReading(), test.families)
			require.ErrorContains(t, c.err, test.fails)
			require.LessOrEqual(t, c.allocated, test.allocated)
			<-gone
		})
	}
}

// TestAnswersThatSayTooMuchTakeNoMemory holds that no header, no length and no compression of an answer makes the command
// take memory for what has not come.
func TestAnswersThatSayTooMuchTakeNoMemory(t *testing.T) {
	bomb := zipped(t, string(zipped(t, strings.Repeat("# x\n", megabyte))))
	tests := []struct {
		name      string
		answer    func(io.Writer)
		fails     string
		allocated int64
	}{
		{
			name: "a length of a terabyte and a body of a line",
			answer: func(w io.Writer) {
				_, _ = io.WriteString(w, "HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\na 1\n")
			},
			fails: "unexpected EOF", allocated: 4 * megabyte,
		},
		{
			name: "headers without an end",
			answer: func(w io.Writer) {
				_, err := io.WriteString(w, "HTTP/1.1 200 OK\r\n")
				for err == nil {
					_, err = io.WriteString(w, "X-A: "+strings.Repeat("x", 1000)+"\r\n")
				}
			},
			fails: "server response headers exceeded", allocated: 64 * megabyte,
		},
		{
			name: "a body that is a bomb on the way and in the file",
			answer: func(w io.Writer) {
				_, _ = fmt.Fprintf(w, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(bomb), bomb)
			},
			allocated: 4 * megabyte,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			defer func() { require.NoError(t, listener.Close()) }()
			go func() {
				connection, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = bufio.NewReader(connection).ReadString('\n')
				test.answer(connection)
				_ = connection.Close()
			}()
			c := consume(t, "http://"+listener.Addr().String()+"/", newReading(), 0)
			if test.fails != "" {
				require.ErrorContains(t, c.err, test.fails)
			} else {
				require.NoError(t, c.err)
			}
			require.LessOrEqual(t, c.allocated, test.allocated)
		})
	}
}
