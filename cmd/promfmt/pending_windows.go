package main

import (
	"os"
	"path/filepath"
)

// newPendingFile makes a temporary file beside the file name, which it will replace.
func newPendingFile(name string) (pendingFile, error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name))
	if err != nil {
		return nil, err
	}
	return replacement{file, name}, nil
}

// replacement does on Windows what renameio, which leaves it out, does elsewhere.
type replacement struct {
	*os.File
	name string
}

func (r replacement) CloseAtomicallyReplace() error {
	if err := r.Sync(); err != nil {
		return err
	}
	if err := r.Close(); err != nil {
		return err
	}
	return os.Rename(r.Name(), r.name)
}

func (r replacement) Cleanup() error {
	_ = r.Close() // it may be closed already
	return os.Remove(r.Name())
}
