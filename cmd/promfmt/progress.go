package main

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// The words for when there is a progress bar.
const (
	progressAuto   = "auto"
	progressAlways = "always"
	progressNever  = "never"
)

// progressDelay is how long an input has to take before there is a bar, unless one is asked for.
const progressDelay = time.Second

// tracked is a reader, or work without one, that moves a bar on.
type tracked struct {
	io.Reader
	screen *screen
	name   string
	size   int64
	unit   []progressbar.Option
	appear time.Time
}

// inBytes shows sizes for what they are.
var inBytes = []progressbar.Option{progressbar.OptionShowBytes(true), progressbar.OptionUseIECUnits(true)}

// track shows a bar while r is read, described by name: how much of size bytes has come, or, if size is not known and
// -1, how much in all. The bar appears only after the delay. Close takes it away.
func (s *screen) track(r io.Reader, name string, size int64, delay time.Duration) io.ReadCloser {
	return s.follow(&tracked{Reader: r, name: name, size: size, unit: inBytes}, delay)
}

// count shows a bar while n things are done. Each moves it on with advance, and Close takes it away.
func (s *screen) count(name string, n int, delay time.Duration) *tracked {
	return s.follow(&tracked{name: name, size: int64(n)}, delay)
}

func (s *screen) follow(t *tracked, delay time.Duration) *tracked {
	t.screen, t.appear = s, time.Now().Add(delay)
	t.advance(0)
	return t
}

func (t *tracked) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.advance(n)
	return n, err
}

func (t *tracked) Close() error {
	t.screen.mu.Lock()
	defer t.screen.mu.Unlock()
	t.screen.erase()
	t.screen.bar = nil
	return nil
}

func (t *tracked) advance(n int) {
	s := t.screen
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bar == nil {
		s.bar = t.newBar()
	}
	_ = s.bar.Add(n)
	s.drawn = s.drawn || !time.Now().Before(t.appear)
}

// newBar is a bar that writes nothing before it is due.
func (t *tracked) newBar() *progressbar.ProgressBar {
	size := t.size
	if size <= 0 {
		size = -1
	}
	return progressbar.NewOptions64(size, append([]progressbar.Option{
		progressbar.OptionSetWriter(due{t}),
		progressbar.OptionSetDescription(t.name),
		progressbar.OptionSetTheme(progressbar.ThemeASCII),
		progressbar.OptionSetWidth(24),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100 * time.Millisecond),
		progressbar.OptionSetSpinnerChangeInterval(0), // no goroutine of its own: it turns as bytes come
		progressbar.OptionClearOnFinish(),
	}, t.unit...)...)
}

// due drops what a bar writes before it is to appear.
type due struct{ *tracked }

func (d due) Write(p []byte) (int, error) {
	if time.Now().Before(d.appear) {
		return len(p), nil
	}
	n, err := d.screen.w.Write(p)
	if err == nil {
		err = d.screen.w.Flush()
	}
	return n, err
}
