package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestTailKeepsTheEnd(t *testing.T) {
	for _, input := range []string{"", "# EOF", "up 1\n# EOF\n", strings.Repeat("up 1\n", 1000)} {
		for _, r := range []io.Reader{strings.NewReader(input), iotest.OneByteReader(strings.NewReader(input))} {
			end := &tail{Reader: r}
			_, err := io.Copy(io.Discard, end)
			require.NoError(t, err)
			require.Equal(t, input[max(0, len(input)-8):], string(end.kept))
		}
	}
}

func TestEndOfAFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "page")
	for input, want := range map[string]string{"": "", "a 1\n": "a 1\n", "a 1\n# EOF\n": "\n# EOF\n"} {
		require.NoError(t, os.WriteFile(name, []byte(input), 0o600))
		file, err := os.Open(name)
		require.NoError(t, err)
		require.Equal(t, want, strings.TrimPrefix(string(endOf(file)), "1"))
		require.NoError(t, file.Close())
		require.Nil(t, endOf(file), "a closed file has none")
	}
}
