package conformance

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSelect(t *testing.T) {
	tests := []struct {
		sentence string
		words    []string
		has      []string
		hasNot   []string
	}{
		{"no words stand for all", nil, []string{"pages/node-exporter.pb", "openmetrics2/valid/states.txt"}, nil},
		{
			"a word may be a format", []string{"text"},
			[]string{"valid/empty.txt", "regress/lone-hash.txt"}, []string{"regress/timestamp-1e300.openmetrics.txt", "pages/prometheus.pb"},
		},
		{
			"a format may be a folder too", []string{"openmetrics"},
			[]string{"openmetrics/invalid/comment.txt", "pages/python-client.openmetrics.txt"}, []string{"openmetrics2/invalid/comment.txt"},
		},
		{
			"a word may be a folder", []string{"openmetrics/valid/", "valid"},
			[]string{"valid/empty.txt", "openmetrics/valid/end-mark-alone.txt"}, []string{"openmetrics/invalid/comment.txt"},
		},
		{"a word may be a file", []string{"valid/empty.txt"}, []string{"valid/empty.txt"}, []string{"valid/histogram.txt"}},
	}
	for _, test := range tests {
		t.Run(test.sentence, func(t *testing.T) {
			files, err := Select(test.words)
			require.NoError(t, err)
			var names []string
			for _, f := range files {
				names = append(names, f.Name)
			}
			for _, name := range test.has {
				require.True(t, slices.Contains(names, name), name)
			}
			for _, name := range test.hasNot {
				require.False(t, slices.Contains(names, name), name)
			}
		})
	}
	for _, word := range []string{"", "val", "xml", "/", "valid/empty"} {
		_, err := Select([]string{"text", word})
		require.ErrorContains(t, err, "is no format, folder or file of the corpus; there are text, protobuf, openmetrics, ", word)
	}
}
