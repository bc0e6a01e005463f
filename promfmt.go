// Package promfmt reads Prometheus expositions into typed metric families.
//
// [TextStringToMetricFamilies] and [TextReaderToMetricFamilies] are the short way in. The packages beside this one hold
// the rest: convert reads and converts, model is what families are made of, writer writes them in other formats, diag
// says what is wrong with an input, grammar and lexer are the text formats themselves.
package promfmt

import (
	"io"
	"iter"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/model"
)

// Option alters how an exposition is read; package convert has them, for instance [convert.Strict].
type Option = convert.Option

// TextStringToMetricFamilies yields the metric families of an exposition in the Prometheus text format 0.0.4 or 1.0.0.
//
// A family comes with a nil error and is the caller's to keep. Text that is wrong comes as a nil family with a
// *diag.Diagnostic as the error, in its place between the families; the iteration goes on behind it unless the caller
// ends it. Each iteration reads the text anew.
func TextStringToMetricFamilies(text string, opts ...Option) iter.Seq2[*model.MetricFamily, error] {
	return func(yield func(*model.MetricFamily, error) bool) {
		convert.NewStringDecoder(text, opts...).Families()(yield)
	}
}

// TextReaderToMetricFamilies is TextStringToMetricFamilies for a reader, which it reads as it goes on. An error of the
// reader other than io.EOF is yielded as it is, and ends the iteration. What has been read does not come again: a second
// iteration goes on where the first was ended.
func TextReaderToMetricFamilies(r io.Reader, opts ...Option) iter.Seq2[*model.MetricFamily, error] {
	return convert.NewDecoder(r, opts...).Families()
}
