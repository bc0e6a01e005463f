package bench

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/bench/page"
	"github.com/promfmt/promfmt/convert"
)

// reader is a way to read a page to its end.
type reader struct {
	by string
	// read counts the samples by what it is given, a family or series at a time.
	read func(page []byte) (samples int, err error)
	// only are the pages to measure with, where the others would take too long or are of no interest.
	only []string
}

var readers = []reader{
	{by: "expfmt", read: readExpfmt},
	{by: "textparse", read: func(page []byte) (int, error) { return readTextparse(page, false) }},
	{by: "textparse-labels", read: func(page []byte) (int, error) { return readTextparse(page, true) }},
	{by: "promfmt", read: inTurn(keeping(oneWorker))},
	{by: "promfmt-reuse", read: inTurn(reusing(oneWorker))},
	{by: "promfmt-string", read: inTurn(func(page []byte) (int, error) {
		// The conversion is not the reader's work; who has a string has it for nothing.
		return readPromfmt(convert.NewStringDecoder(asString(page), oneWorker))
	})},
	{by: "promfmt-stream", read: inTurn(func(page []byte) (int, error) { return readPromfmt(streamDecoder(page, oneWorker)) })},
	{by: "promfmt-stream-reuse", read: inTurn(streaming(oneWorker))},
	{by: "promfmt-anew", read: inTurn(keeping(oneWorker, anew))},
	{by: "promfmt-anew-reuse", read: inTurn(reusing(oneWorker, anew))},
	{by: "promfmt-grammar", read: keeping(oneWorker, convert.UseGrammar()), only: []string{"node"}},
}

// measure reads an input of so many samples over and over, which counts for so many bytes.
func (r reader) measure(b *testing.B, input []byte, samples, size int) {
	found, err := r.read(input)
	require.NoError(b, err)
	require.Equal(b, samples, found)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.read(input); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead reads text. Bytes are those of the page.
func BenchmarkRead(b *testing.B) {
	onOneCore(b)
	for _, shape := range page.Shapes() {
		text := pages()[shape.String()]
		for _, r := range readers {
			if r.only != nil && !slices.Contains(r.only, shape.String()) {
				continue
			}
			b.Run("page="+shape.String()+"/by="+r.by, func(b *testing.B) { r.measure(b, text, page.Samples(text), len(text)) })
		}
	}
}
