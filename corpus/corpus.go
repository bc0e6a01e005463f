package corpus

import (
	"embed"
	"iter"
	"path"
	"strings"
)

// The directories of the corpus.
const (
	Pages   = "pages"
	Valid   = "valid"
	Invalid = "invalid"
	Regress = "regress"
)

// The formats of the files, in the words of the command's --from.
const (
	Text        = "text" // 0.0.4, or 1.0.0 where names are quoted
	OpenMetrics = "openmetrics"
	Protobuf    = "protobuf"
)

//go:embed pages/*.txt pages/*.pb valid/*.txt invalid/*.txt regress/*.txt
var files embed.FS

// File is one exposition.
type File struct {
	// Name is the path of the file in the corpus, such as "valid/histogram.txt".
	Name string
	// Format is Text, OpenMetrics or Protobuf: what the file is meant to be, whether or not it is well formed.
	Format string
	// Data is a copy that belongs to the caller.
	Data []byte
}

// Files yields the files of one directory, ordered by name. A directory that the corpus does not have is empty.
func Files(dir string) iter.Seq[File] {
	return func(yield func(File) bool) {
		entries, err := files.ReadDir(dir)
		if err != nil {
			return
		}
		for _, entry := range entries {
			name := path.Join(dir, entry.Name())
			data, err := files.ReadFile(name)
			if err != nil || !yield(File{Name: name, Format: format(name), Data: data}) {
				return
			}
		}
	}
}

// All yields the files of all directories: pages, valid, invalid, regress.
func All() iter.Seq[File] {
	return func(yield func(File) bool) {
		for _, dir := range []string{Pages, Valid, Invalid, Regress} {
			for file := range Files(dir) {
				if !yield(file) {
					return
				}
			}
		}
	}
}

// format tells the format of a file by the end of its name.
func format(name string) string {
	switch {
	case strings.HasSuffix(name, ".openmetrics.txt"):
		return OpenMetrics
	case strings.HasSuffix(name, ".pb"):
		return Protobuf
	}
	return Text
}
