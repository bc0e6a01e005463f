//go:build !windows

package main

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

// newPendingFile makes a temporary file beside the file name, which it will replace. It has the mode of that file, or
// 0644 without what the umask takes away.
func newPendingFile(name string) (pendingFile, error) {
	return renameio.NewPendingFile(name,
		renameio.WithTempDir(filepath.Dir(name)),
		renameio.WithPermissions(0o644),
		renameio.WithExistingPermissions(),
	)
}
