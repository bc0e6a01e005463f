package convert

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestResetWaitsForWorkers holds, under the race detector, that nobody reads the input before once a decoder begins anew, so
// that the bytes may be used for something else.
func TestResetWaitsForWorkers(t *testing.T) {
	t.Parallel()
	for name := range largePages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := largePage(name)
			want := described(t, NewBytesDecoder(page, Workers(1)))
			for _, opts := range [][]Option{{inPieces(700)}, {inPieces(700), Reuse()}} {
				d := NewBytesDecoder(nil, opts...)
				for n := range 4 {
					data := bytes.Clone(page)
					d.ResetBytes(data)
					for range n {
						_, _ = d.Next() // what is wrong with a page is known
					}
					d.Reset(bytes.NewReader(page))
					clear(data)
					for range n {
						_, _ = d.Next()
					}
				}
				d.ResetBytes(page)
				require.Equal(t, want, described(t, d))
			}
		})
	}
}

// TestBytesMayBeChangedAtTheEndOfTheInput holds, under the race detector, that workers are done with the input at its end.
func TestBytesMayBeChangedAtTheEndOfTheInput(t *testing.T) {
	t.Parallel()
	for name := range largePages {
		data := largePage(name)
		described(t, NewBytesDecoder(data, inPieces(700)))
		clear(data)
	}
}
