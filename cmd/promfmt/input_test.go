package main

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestEndOfOpenMetricsIsKnown(t *testing.T) {
	for _, test := range []struct {
		name  string
		input string
		want  bool
	}{
		{"it is a line", "up 1\n# EOF\n", true},
		{"whose line feed may be missing", "up 1\n# EOF", true},
		{"and all there is", "# EOF\n", true},
		{"but not the end of a line", "up 1 # EOF\n", false},
		{"nor the beginning of one", "# EOF!\n", false},
		{"nor anywhere before the end", "# EOF\nup 1\n", false},
		{"an empty input has none", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(test.input), iotest.OneByteReader(strings.NewReader(test.input))} {
				end := &tail{Reader: r}
				_, err := io.Copy(io.Discard, end)
				require.NoError(t, err)
				require.Equal(t, test.want, end.isOpenMetrics())
			}
		})
	}
}
