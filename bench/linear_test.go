package bench

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/bench/page"
	"github.com/promfmt/promfmt/convert"
)

var largest = flag.Int("largest", 100, "size of the largest pages of BenchmarkLinear in MB; there are pages of 1, 10, 100 and 1000")

// linearReader is a decoder that reads one file after the other.
type linearReader struct {
	workers int
	decoder *convert.Decoder
}

// BenchmarkLinear reads files of growing size, with one worker and with as many as there are cores.
func BenchmarkLinear(b *testing.B) {
	limit := *largest
	if testing.Short() {
		limit = 1
	}
	for _, shape := range []string{"ksm", "alltypes"} {
		var readers []linearReader
		for _, workers := range slices.Compact([]int{1, runtime.GOMAXPROCS(0)}) {
			readers = append(readers, linearReader{workers, convert.NewDecoder(nil, convert.Reuse(), anew, convert.Workers(workers))})
		}
		for megabytes := 1; megabytes <= min(limit, 1000); megabytes *= 10 {
			b.Run(fmt.Sprintf("page=%s/size=%dMB", shape, megabytes), func(b *testing.B) {
				file, size, samples := writeLarge(b, shape, int64(megabytes)*1e6)
				for _, r := range readers {
					b.Run(fmt.Sprintf("workers=%d", r.workers), func(b *testing.B) {
						b.SetBytes(size)
						b.ReportAllocs()
						var a account
						for b.Loop() {
							a = account{}
							_, err := file.Seek(0, io.SeekStart)
							require.NoError(b, err)
							r.decoder.Reset(file)
							require.NoError(b, a.readHostile(r.decoder))
						}
						require.Equal(b, samples, a.samples)
						reportPerByte(b, int(size))
					})
				}
			})
		}
	}
}

// writeLarge writes a page of at least so many bytes to a file that goes away by itself, and waits until the disk is
// idle again.
func writeLarge(tb testing.TB, name string, least int64) (file *os.File, size int64, samples int) {
	tb.Helper()
	shape, ok := page.ShapeByName(name)
	require.True(tb, ok)
	file, err := os.Create(filepath.Join(tb.TempDir(), "page.txt"))
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, file.Close()) })
	buffered := bufio.NewWriterSize(file, 1<<20)
	counter := &sampleCounter{Writer: buffered}
	require.NoError(tb, page.Write(counter, shape, seed, least))
	require.NoError(tb, buffered.Flush())
	require.NoError(tb, file.Sync())
	return file, counter.size, counter.samples
}

// sampleCounter counts the samples of families that are written one at a time.
type sampleCounter struct {
	io.Writer
	size    int64
	samples int
}

func (c *sampleCounter) Write(p []byte) (int, error) {
	c.samples += page.Samples(p)
	c.size += int64(len(p))
	return c.Writer.Write(p)
}

func TestALargeFileHasASizeAndSamples(t *testing.T) {
	file, size, samples := writeLarge(t, "node", 100_000)
	text, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	require.InDelta(t, 100_000, size, 10_000)
	require.EqualValues(t, len(text), size)
	require.Equal(t, page.Samples(text), samples)
}
