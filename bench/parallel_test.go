package bench

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/bench/page"
	"github.com/promfmt/promfmt/convert"
)

// BenchmarkParallel reads large pages with one worker and with two. All cores are there for both, so with one worker
// the garbage collector has another core to itself. Pages are read as if each were the first one, since one that is compared
// with another is read by one.
func BenchmarkParallel(b *testing.B) {
	for _, name := range []string{"ksm", "hist"} {
		text := pages()[name]
		for _, r := range []struct {
			by   string
			read func(opts ...convert.Option) func(page []byte) (samples int, err error)
		}{{"promfmt", keeping}, {"promfmt-reuse", reusing}} {
			for _, workers := range []int{1, 2} {
				b.Run(fmt.Sprintf("page=%s/by=%s/workers=%d", name, r.by, workers), func(b *testing.B) {
					read := r.read(anew, convert.Workers(workers))
					samples, err := read(text)
					require.NoError(b, err)
					require.Equal(b, page.Samples(text), samples)
					b.SetBytes(int64(len(text)))
					b.ReportAllocs()
					for b.Loop() {
						if _, err := read(text); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}
