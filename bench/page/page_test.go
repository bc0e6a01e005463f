package page

import (
	"bufio"
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPagesHaveTheirSizes(t *testing.T) {
	tests := []struct {
		shape                     string
		families, samples, kBytes int
	}{
		{"node", 283, 507, 57},
		{"alltypes", 237, 2237, 188},
		{"ksm", 25, 50_000, 9596},
		{"hist", 12, 1923 * 26, 8951},
	}
	for _, test := range tests {
		t.Run(test.shape, func(t *testing.T) {
			page := generate(t, test.shape, 1)
			require.Equal(t, test.families, bytes.Count(page, []byte("# TYPE ")))
			require.Equal(t, test.samples, Samples(page))
			require.Equal(t, test.kBytes, (len(page)+500)/1000)
		})
	}
	require.Len(t, tests, len(Shapes()))
}

func TestTheSameSeedMakesTheSamePage(t *testing.T) {
	for _, shape := range Shapes() {
		first := Generate(shape, 7)
		require.True(t, bytes.Equal(first, Generate(shape, 7)), shape)
		require.False(t, bytes.Equal(first, Generate(shape, 8)), shape)
	}
}

func TestALongPageHasMoreFamiliesAndNotLargerOnes(t *testing.T) {
	for _, shape := range Shapes() {
		size := 2*len(Generate(shape, 1)) + 1
		var page bytes.Buffer
		require.NoError(t, Write(&page, shape, 1, int64(size)))
		require.GreaterOrEqual(t, page.Len(), size)

		// Everything between a TYPE line and the next is one family, but for the help of the next.
		names := make(map[string]bool)
		length, longest := 0, 0
		lines := bufio.NewScanner(&page)
		for lines.Scan() {
			if rest, ok := strings.CutPrefix(lines.Text(), "# TYPE "); ok {
				name, _, _ := strings.Cut(rest, " ")
				require.False(t, names[name], "family %s occurs twice", name)
				names[name] = true
				length = 0
			}
			length += len(lines.Bytes()) + 1
			longest = max(longest, length)
		}
		require.NoError(t, lines.Err())
		require.Less(t, longest, 1_000_000, shape)
		require.Less(t, page.Len()-size, longest+1000, shape)
	}
}

func TestASeriesOccursOnce(t *testing.T) {
	for _, shape := range Shapes() {
		series := make(map[string]bool)
		for line := range strings.Lines(string(generate(t, shape.String(), 1))) {
			if line[0] == '#' {
				continue
			}
			name := line[:strings.LastIndexByte(line, ' ')]
			if brace := strings.LastIndexByte(line, '}'); brace >= 0 {
				name = line[:brace]
			}
			require.False(t, series[name], "%s occurs twice", name)
			series[name] = true
		}
	}
}

func TestAnErrorOfTheWriterEndsThePage(t *testing.T) {
	shape, ok := ShapeByName("node")
	require.True(t, ok)
	broken := &brokenWriter{errors.New("full"), 1000}
	require.ErrorIs(t, Write(broken, shape, 1, 1_000_000), broken.err)
}

// brokenWriter fails when it has taken so many bytes.
type brokenWriter struct {
	err  error
	left int
}

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, w.err
	}
	return len(p), nil
}

func generate(t *testing.T, name string, seed uint64) []byte {
	t.Helper()
	shape, ok := ShapeByName(name)
	require.True(t, ok)
	return Generate(shape, seed)
}
