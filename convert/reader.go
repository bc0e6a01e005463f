package convert

import (
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// FamilyReader reads families from an exposition, one at a time. It is what the decoders of all formats have in common.
type FamilyReader interface {
	// Next is the next family, or the next error: a *[diag.Diagnostic] after which Next may be called again, or else an
	// error that ends the input, io.EOF if it is merely at its end.
	Next() (*model.MetricFamily, error)
	// Families yields what is left of the input: families with a nil error, and between them the errors.
	Families() iter.Seq2[*model.MetricFamily, error]
}

// families yields what next gives, up to the error that has ended the input.
func families(next func() (*model.MetricFamily, error), ended func() error) iter.Seq2[*model.MetricFamily, error] {
	return func(yield func(*model.MetricFamily, error) bool) {
		for {
			family, err := next()
			if err == io.EOF || !yield(family, err) || err != nil && err == ended() {
				return
			}
		}
	}
}

// readers is the one table of formats that can be read. What a format lacks here cannot be read.
var readers = map[format.Format]func(io.Reader, ...Option) FamilyReader{
	format.Text:                as(NewDecoder),
	format.Text1:               as(NewDecoder), // one page may have names of both kinds
	format.OpenMetrics:         with(OpenMetrics()),
	format.OpenMetrics2:        with(OpenMetrics2()),
	format.Protobuf:            as(NewProtobufDecoder),
	format.Prototext:           as(NewPrototextDecoder),
	format.CompactText:         as(NewPrototextDecoder),
	format.OpenMetricsProtobuf: as(NewOpenMetricsProtobufDecoder),
	format.JSON:                as(NewJSONDecoder),
}

// as makes functions that open readers of different types into those of one.
func as[R FamilyReader](open func(io.Reader, ...Option) R) func(io.Reader, ...Option) FamilyReader {
	return func(r io.Reader, opts ...Option) FamilyReader { return open(r, opts...) }
}

// with makes a function that opens the reader of a text format.
func with(dialect Option) func(io.Reader, ...Option) FamilyReader {
	return func(r io.Reader, opts ...Option) FamilyReader {
		return NewDecoder(r, append(slices.Clip(opts), dialect)...)
	}
}

// CanRead reports whether there is a reader of the format.
func CanRead(f format.Format) bool { return readers[f] != nil }

// NewReader returns a reader of an exposition in the format. It gives an error that names the format if there is no reader
// of it.
func NewReader(r io.Reader, f format.Format, opts ...Option) (FamilyReader, error) {
	open, ok := readers[f]
	if !ok {
		return nil, fmt.Errorf("there is no reading %s", f)
	}
	return open(r, opts...), nil
}
