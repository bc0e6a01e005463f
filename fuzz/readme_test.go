package fuzz

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	targetDeclared = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(f \*testing\.F\)`)
	targetInTable  = regexp.MustCompile("(?m)^\\| `([\\w/]+\\.Fuzz\\w+)` \\|")
)

// TestEveryTargetIsInTheTable holds that README.md has a line for every target of every module, and no other.
func TestEveryTargetIsInTheTable(t *testing.T) {
	var declared, inTable []string
	root := os.DirFS("..")
	require.NoError(t, fs.WalkDir(root, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := fs.ReadFile(root, name)
		for _, m := range targetDeclared.FindAllSubmatch(file, -1) {
			declared = append(declared, path.Dir(name)+"."+string(m[1]))
		}
		return err
	}))
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	for _, m := range targetInTable.FindAllSubmatch(readme, -1) {
		inTable = append(inTable, string(m[1]))
	}
	slices.Sort(declared)
	slices.Sort(inTable)
	require.Equal(t, declared, inTable)
}
