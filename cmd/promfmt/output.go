package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// standardOutput is the OUT that names standard output; the empty OUT does so too.
const standardOutput = "-"

// output is where converted data go, without a buffer of its own. Either commit or discard ends it; after commit,
// discard does nothing.
type output struct {
	io.Writer
	close func() error // after all has been written
	undo  func()       // instead
}

// create opens an OUT. What is written to a regular file or a new one appears under its name only with commit, whole.
// Standard output and what is not a regular file, such as /dev/null or a pipe, get the data as they come.
func (a *app) create(name string) (*output, error) {
	if name == "" || name == standardOutput {
		return &output{a.stdout, func() error { return nil }, func() {}}, nil
	}
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s is a directory", name)
	case err == nil && !info.Mode().IsRegular():
		file, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		return &output{file, file.Close, func() { _ = file.Close() }}, nil
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return nil, err
	}
	file, err := a.unfinished.begin(linked(name))
	if err != nil {
		return nil, err
	}
	keep := func() error {
		a.awaitSignal()
		return a.unfinished.keep()
	}
	return &output{file, keep, a.unfinished.drop}, nil
}

// linked is the name of what a symbolic link names, which is replaced and not the link, whether it exists or not. Any other
// name is given back.
func linked(name string) string {
	const mostLinks = 255 // as many as any system follows
	for range mostLinks {
		target, err := os.Readlink(name)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(name), target)
		}
		name = target
	}
	return name
}

// commit ends an output that is complete.
func (o *output) commit() error {
	o.undo = func() {}
	return o.close()
}

// discard ends an output that is not complete. A file that was there before stays as it was.
func (o *output) discard() { o.undo() }

// unfinished is the file that is being written, if there is one, as long as it does not have its name yet.
type unfinished struct {
	mu   sync.Mutex
	file pendingFile // nil if there is none
}

// pendingFile is a temporary file that becomes another one or goes away.
type pendingFile interface {
	io.Writer
	Name() string
	CloseAtomicallyReplace() error
	Cleanup() error
}

// begin makes a file that is to get the name.
func (u *unfinished) begin(name string) (io.Writer, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	file, err := newPendingFile(name)
	if err != nil {
		return nil, err
	}
	u.file = file
	return file, nil
}

// keep gives the file its name.
func (u *unfinished) keep() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	file := u.file
	u.file = nil
	if err := file.CloseAtomicallyReplace(); err != nil {
		_ = file.Cleanup()
		return err
	}
	return nil
}

// drop takes the file away.
func (u *unfinished) drop() {
	u.mu.Lock()
	defer u.mu.Unlock()
	_ = u.file.Cleanup() // the error that led here matters more
	u.file = nil
}

// abandon takes the file away while another goroutine may be writing to it, and keeps it from ever getting its name:
// the process is about to end.
func (u *unfinished) abandon() {
	u.mu.Lock() // never to be unlocked
	if u.file != nil {
		_ = os.Remove(u.file.Name())
	}
}
