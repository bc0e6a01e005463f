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

	OpenMetricsValid    = "openmetrics/valid"
	OpenMetricsInvalid  = "openmetrics/invalid"
	OpenMetrics2Valid   = "openmetrics2/valid"
	OpenMetrics2Invalid = "openmetrics2/invalid"
)

// The formats of the files, in the words of the command's --from.
const (
	Text         = "text" // 0.0.4, or 1.0.0 where names are quoted
	OpenMetrics  = "openmetrics"
	OpenMetrics2 = "openmetrics2"
	Protobuf     = "protobuf"
)

//go:embed pages/*.txt pages/*.pb valid/*.txt invalid/*.txt regress/*.txt openmetrics/*/*.txt openmetrics2/*/*.txt
//go:embed pages/*.json valid/*.json invalid/*.json regress/*.json openmetrics/*/*.json openmetrics2/*/*.json
var files embed.FS

// File is one exposition.
type File struct {
	// Name is the path of the file in the corpus, such as "valid/histogram.txt".
	Name string
	// Format is Text, OpenMetrics, OpenMetrics2 or Protobuf: what the file is meant to be, whether or not it is well
	// formed.
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
			if path.Ext(name) == expectationExt {
				continue
			}
			data, err := files.ReadFile(name)
			if err != nil || !yield(File{Name: name, Format: format(name), Data: data}) {
				return
			}
		}
	}
}

// All yields the files of the directories that are not of OpenMetrics alone: pages, valid, invalid, regress.
func All() iter.Seq[File] { return filesOf(Pages, Valid, Invalid, Regress) }

// Every yields all files there are.
func Every() iter.Seq[File] {
	return filesOf(Pages, Valid, Invalid, Regress,
		OpenMetricsValid, OpenMetricsInvalid, OpenMetrics2Valid, OpenMetrics2Invalid)
}

func filesOf(dirs ...string) iter.Seq[File] {
	return func(yield func(File) bool) {
		for _, dir := range dirs {
			for file := range Files(dir) {
				if !yield(file) {
					return
				}
			}
		}
	}
}

// format tells the format of a file by its directory or the end of its name.
func format(name string) string {
	switch {
	case strings.HasPrefix(name, "openmetrics/"):
		return OpenMetrics
	case strings.HasPrefix(name, "openmetrics2/"):
		return OpenMetrics2
	case strings.HasSuffix(name, ".openmetrics.txt"):
		return OpenMetrics
	case strings.HasSuffix(name, ".pb"):
		return Protobuf
	}
	return Text
}
