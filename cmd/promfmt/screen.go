package main

import (
	"bufio"
	"os"
	"sync"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// screen is standard error: lines that stay, and under them a progress bar while there is one. A line never mixes with
// the bar, which is cleared first and drawn again with the next bytes that are read. Where nobody is watching, lines
// are held back until there are many, or Flush. The methods may be called from several goroutines.
type screen struct {
	mu       sync.Mutex
	w        *bufio.Writer
	terminal bool
	bar      *progressbar.ProgressBar // nil if there is none
	drawn    bool                     // the bar stands on the current line
}

func newScreen(file *os.File) *screen {
	return &screen{w: bufio.NewWriterSize(file, 32<<10), terminal: isTerminal(file)}
}

func isTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }

// Write writes whole lines. After a write that failed, it gives the same error again.
func (s *screen) Write(lines []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
	n, err := s.w.Write(lines)
	if err == nil && s.terminal {
		err = s.w.Flush()
	}
	return n, err
}

// Flush writes what is held back.
func (s *screen) Flush() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Flush()
}

// clear erases the bar, unless another goroutine is just writing.
func (s *screen) clear() {
	if s.mu.TryLock() {
		s.erase()
		s.mu.Unlock()
	}
}

func (s *screen) erase() {
	if s.drawn {
		_ = s.bar.Clear() // a bar is decoration: its errors are nobody's
		s.drawn = false
	}
}
