package corpus

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func ExampleFiles() {
	for file := range Files(Pages) {
		fmt.Println(file.Name, file.Format)
	}
	// Output:
	// pages/alertmanager.txt text
	// pages/node-exporter.pb protobuf
	// pages/node-exporter.txt text
	// pages/prometheus-federate.txt text
	// pages/prometheus.pb protobuf
	// pages/prometheus.txt text
	// pages/pushgateway.txt text
	// pages/python-client.openmetrics.txt openmetrics
	// pages/python-client.txt text
	// pages/victoria-metrics.txt text
}

func names() []string {
	var names []string
	for file := range All() {
		names = append(names, file.Name)
	}
	return names
}

func TestEveryFileOfTheDirectoriesIsEmbedded(t *testing.T) {
	var onDisk []string
	for _, dir := range []string{Pages, Valid, Invalid, Regress} {
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.NotEmpty(t, slices.Collect(Files(dir)), dir)
		for _, entry := range entries {
			if filepath.Ext(entry.Name()) != ".json" {
				onDisk = append(onDisk, dir+"/"+entry.Name())
			}
		}
	}
	if diff := cmp.Diff(onDisk, names()); diff != "" {
		t.Errorf("on disk (-) and embedded (+):\n%s", diff)
	}
}

func TestEveryFileHasOneLineOfProvenance(t *testing.T) {
	text, err := os.ReadFile("PROVENANCE.md")
	require.NoError(t, err)
	var lines []string
	for _, line := range regexp.MustCompile("(?m)^- `(.+?)`: .+$").FindAllSubmatch(text, -1) {
		lines = append(lines, string(line[1]))
	}
	slices.Sort(lines)
	want := names()
	slices.Sort(want)
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("files (-) and lines of PROVENANCE.md (+):\n%s", diff)
	}
}

func TestOnlyOneFileIsEmpty(t *testing.T) {
	for file := range All() {
		if len(file.Data) == 0 && file.Name != "valid/empty.txt" {
			t.Errorf("%s is empty", file.Name)
		}
	}
}

func TestAnUnknownDirectoryIsEmpty(t *testing.T) {
	require.Empty(t, slices.Collect(Files("elsewhere")))
}

func TestIterationMayEndEarly(t *testing.T) {
	for file := range All() {
		require.Equal(t, "pages/alertmanager.txt", file.Name)
		break
	}
}

func TestDataBelongsToTheCaller(t *testing.T) {
	for first := range Files(Valid) {
		before := bytes.Clone(first.Data)
		clear(first.Data)
		for second := range Files(Valid) {
			require.Equal(t, before, second.Data)
			break
		}
		break
	}
}

func TestBytesThatAreEasilyLostAreThere(t *testing.T) {
	tests := []struct {
		sentence string
		name     string
		lost     func(data []byte) bool
	}{
		{"lines end in CR LF", "invalid/crlf.txt", func(d []byte) bool { return bytes.Count(d, []byte("\r\n")) != bytes.Count(d, []byte("\n")) }},
		{"a byte order mark begins the file", "invalid/byte-order-mark.txt", func(d []byte) bool { return !bytes.HasPrefix(d, []byte("\xef\xbb\xbf")) }},
		{"the last line has no line feed", "invalid/no-final-newline.txt", func(d []byte) bool { return bytes.HasSuffix(d, []byte("\n")) }},
		{"a line begins with NUL", "invalid/nul-at-line-start.txt", func(d []byte) bool { return !bytes.Contains(d, []byte("\n\x00")) }},
		{"a label value holds NUL", "valid/nul-bytes.txt", func(d []byte) bool { return !bytes.Contains(d, []byte("no\x00rth")) }},
		{"a label value is in Latin-1", "invalid/utf8-bad-label-value.txt", func(d []byte) bool { return !bytes.Contains(d, []byte("Z\xfcrich")) }},
		{"blanks stand at the end of a line", "invalid/trailing-blanks.txt", func(d []byte) bool { return !bytes.Contains(d, []byte(" 1 \n")) }},
	}
	for _, test := range tests {
		t.Run(test.sentence, func(t *testing.T) {
			data, err := files.ReadFile(test.name)
			require.NoError(t, err)
			require.False(t, test.lost(data), "%s", test.name)
		})
	}
}
