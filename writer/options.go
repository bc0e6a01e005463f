package writer

import (
	"fmt"
	"strings"
	"time"

	prommodel "github.com/prometheus/common/model"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// Option alters how an Encoder writes. An option whose doc names a format means nothing to the others.
type Option func(*options)

type options struct {
	severities diag.Severities
	onLoss     func(Loss)
	escaping   prommodel.EscapingScheme
	wanted     featureSet // of those that are optional
	graphite   graphiteOptions
}

type graphiteOptions struct {
	prefix string
	tags   bool
	stamp  func(model.Timestamp) time.Time
}

func defaultOptions(to format.Format) options {
	o := options{severities: diag.DefaultSeverities(), escaping: prommodel.NoEscaping}
	if encodingOf(to).lacks().has(FeatureUTF8Names) {
		o.escaping = prommodel.UnderscoreEscaping
	}
	return o
}

// check gives an error if the options do not go together with the format.
func (o *options) check(to format.Format) error {
	switch {
	case o.escaping < prommodel.NoEscaping || o.escaping > prommodel.ValueEncodingEscaping:
		return fmt.Errorf("unknown escaping scheme %d", int(o.escaping))
	case o.escaping == prommodel.NoEscaping && encodingOf(to).lacks().has(FeatureUTF8Names):
		return fmt.Errorf("%s has no quoted names and needs a scheme to escape them", to)
	case strings.ContainsFunc(o.graphite.prefix, func(r rune) bool { return r <= ' ' || r == ';' || r == 0x7f }):
		return fmt.Errorf("the Graphite prefix %q holds white space, a semicolon or a control character", o.graphite.prefix)
	}
	return nil
}

// Strict weighs losses by their strict severities: with few exceptions a loss becomes the error of Encode, and nothing
// of the family is written.
func Strict() Option { return WithSeverities(diag.StrictSeverities()) }

// WithSeverities says what becomes of each loss: one that is Off is not reported, a Warning goes to OnLoss, and an Error
// is what Encode gives back. By default every loss that matters is a Warning.
func WithSeverities(s diag.Severities) Option {
	return func(o *options) { o.severities = s }
}

// OnLoss has report called for every loss of severity Warning, after its family has been encoded.
func OnLoss(report func(Loss)) Option {
	return func(o *options) { o.onLoss = report }
}

// Escaping sets how metric and label names with characters outside of the old set [a-zA-Z0-9_:] are written, by the
// schemes of prometheus/common/model. By default Text replaces such characters with underscores, and the other formats
// keep the names as they are; Text cannot, so New refuses NoEscaping for it. Names within the old set are never altered.
// Graphite has a character set of its own and does not ask for the scheme.
//
// Where two families get one name, Text and Text1 write the second as a part of the first, without a TYPE of its own, and
// the formats of OpenMetrics leave it out; both are losses. Text knows the first 100,000 names of a document for that.
func Escaping(scheme prommodel.EscapingScheme) Option {
	return func(o *options) { o.escaping = scheme }
}

// Created writes creation times as gauges called NAME_created, in seconds, where they are a loss otherwise: behind
// their family in Text and Text1, beside the other samples in Graphite.
func Created() Option {
	return func(o *options) { o.wanted |= setOf(FeatureCreated, FeatureOtherCreated) }
}

// GraphitePrefix is for Graphite: it puts prefix and a dot before every path. The prefix is not altered.
func GraphitePrefix(prefix string) Option {
	return func(o *options) { o.graphite.prefix = prefix }
}

// GraphiteTags is for Graphite: it writes labels as tags, path;label=value, instead of as parts of the path.
func GraphiteTags() Option {
	return func(o *options) { o.graphite.tags = true }
}

// GraphiteNonFinite is for Graphite: it writes NaN and the infinities, which carbon does not store, instead of leaving
// them out.
func GraphiteNonFinite() Option {
	return func(o *options) { o.wanted |= setOf(FeatureNonFinite) }
}

// GraphiteTime is for Graphite: stamp gives the time of a line for the timestamp of its sample, which is not Set for
// most. A sample for which it gives the zero time is left out, which is a loss; so the method expression
// model.Timestamp.Time keeps just the samples that have a timestamp. By default a sample without one is given the time
// at which its family is encoded.
func GraphiteTime(stamp func(model.Timestamp) time.Time) Option {
	return func(o *options) { o.graphite.stamp = stamp }
}
