package convert

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// Option alters how an exposition is read. A nil one alters nothing.
type Option func(*options)

type options struct {
	dialect      lexer.Dialect
	file         string
	severities   diag.Severities
	onDiagnostic func(*diag.Diagnostic)
	limits       Limits
	reuse        bool
	grammar      bool
	workers      int
	remembered   int
	// apart has a Decoder take nothing that others have left, and leave nothing to them, as with reuse.
	apart bool
	// For tests: read every line on its own, cut smaller inputs into smaller pieces, and make rosters of fewer lines.
	unpredicted bool
	largeInput  int
	pieceBytes  int
	blockBytes  int
	rosterLines int
}

// sharesMemory reports whether a Decoder takes memory that others have left, and leaves its own to them.
func (o *options) sharesMemory() bool { return !o.reuse && !o.apart }

func newOptions(opts []Option) options {
	o := options{
		severities:  diag.DefaultSeverities(),
		limits:      DefaultLimits(),
		remembered:  rememberedBytes,
		largeInput:  largeInput,
		pieceBytes:  pieceBytes,
		blockBytes:  blockBytes,
		rosterLines: rosterLines,
	}
	for _, set := range opts {
		if set != nil {
			set(&o)
		}
	}
	return o
}

// Strict weighs findings by the letter of the specification: most of what is otherwise accepted with a warning becomes
// an error. Reading goes on after an error all the same; it is for the caller to stop at the first.
func Strict() Option { return WithSeverities(diag.StrictSeverities()) }

// WithSeverities weighs findings by the given severities. A rule that nothing sensible can be made of, such as
// diag.Syntax, refuses its text whatever its severity is here.
func WithSeverities(severities diag.Severities) Option {
	return func(o *options) { o.severities = severities }
}

// OpenMetrics reads OpenMetrics 1.0, the format of the content type application/openmetrics-text; version=1.0.0, instead
// of the Prometheus text format. Families have the names of their metadata, without the suffixes of the samples; a counter
// or info family has its suffix as Suffix. Creation times become those of their metrics, and exemplars stand with their
// counters and buckets. Timestamps are exact to the nanosecond.
//
// By default what has one meaning is accepted with a diagnostic, as in the Prometheus text format, such as an input
// without its EOF line; with [Strict] all is refused that the specification does not have.
func OpenMetrics() Option { return func(o *options) { o.dialect = lexer.OpenMetrics } }

// OpenMetrics2 reads OpenMetrics 2.0, as of its first release candidate, the format of the content type
// application/openmetrics-text; version=2.0.0. Samples are called like their families there, and histograms, gauge
// histograms and summaries have composite values. A family of unknown type whose values are composite becomes one of the
// type that they show. Start timestamps become creation times. For the rest it is like [OpenMetrics].
func OpenMetrics2() Option { return func(o *options) { o.dialect = lexer.OpenMetrics2 } }

// File gives the name of the input that positions carry.
func File(name string) Option { return func(o *options) { o.file = name } }

// OnDiagnostic has report called with every warning, in the order of the input. Errors are not passed to it: they come
// out of the iteration. The diagnostic is the callee's to keep.
func OnDiagnostic(report func(*diag.Diagnostic)) Option {
	return func(o *options) { o.onDiagnostic = report }
}

// Reuse makes a family and all that hangs off it valid only until the next step of the iteration, which then takes the
// same memory again and allocates nothing for a sample. Without it families own their memory and may be kept.
func Reuse() Option { return func(o *options) { o.reuse = true } }

// Remember sets up to how many bytes an input is remembered, to compare others with it that come after it: 16 MiB unless
// this option is given, and none if bytes is 0. Where they have the same families and series, as one page of a server mostly
// has those of the page before, only the values are read, which is two to five times as fast. The families and the diagnostics
// are the same, in the same order each.
//
// A [Decoder] compares what it reads with what it has read itself, by way of [Decoder.Reset] and [Decoder.ResetBytes]. One
// that reads its first input begins with what another one remembered that had the same options, unless memory is reused. The
// second input is remembered, the eighth if the first is larger than a mebibyte, which takes about as long as to read ten, and another
// one as soon as what comes is not much like it any more; where that is of no use it is tried less and less often. What is
// remembered takes one to three times the bytes of an input of large families, and up to eight times those of small families.
// Families share its strings and may be kept all the same.
func Remember(bytes int) Option { return func(o *options) { o.remembered = bytes } }

// rememberedBytes is how long an input is, at most, that is remembered unless something else is asked for. Longer ones are
// mostly read by workers, and are rarely those of a server that is read again and again.
const rememberedBytes = 16 << 20

// UseGrammar reads every line through the participle grammar instead of the fast reader. The result is the same and
// comes about a hundred times more slowly; it is there as a check on the fast reader.
func UseGrammar() Option { return func(o *options) { o.grammar, o.unpredicted = true, true } }

// Workers sets how many goroutines read parts of an input at the same time, if it is larger than a mebibyte: as many as
// there are processors (GOMAXPROCS) unless this option is given, or if n is 0 or less. With 1 all is read by the caller's, as is
// what is compared with an input that is remembered (see [Remember]).
// The families and diagnostics are the same, in the same order. Goroutines end by themselves, also if the rest of an
// input is never asked for.
func Workers(n int) Option { return func(o *options) { o.workers = n } }

// WithLimits replaces the limits.
func WithLimits(limits Limits) Option { return func(o *options) { o.limits = limits } }

// Limits bound what an input can make a reader hold in memory. What goes beyond a limit is refused with a diagnostic
// that names the limit. A limit of 0 or less is none.
type Limits struct {
	// LineBytes is the greatest length of a line, without its line feed.
	LineBytes int
	// Labels is the greatest number of labels of a series.
	Labels int
	// Parts is the greatest number of exemplars of a sample, of labels of all of them, and of numbers or pairs of numbers
	// of a list in a composite value.
	Parts int
	// Samples is the greatest number of samples of a family, or of the part of one if its lines do not stand together.
	Samples int
	// Families is how many families are remembered, to tell when one comes back later in the input.
	Families int
}

// DefaultLimits are the limits that hold unless others are given: lines of 16 MiB, 4,096 labels, 10,000 parts, 10
// million samples a family, 100,000 families.
func DefaultLimits() Limits {
	return Limits{LineBytes: 16 << 20, Labels: 4096, Parts: 10_000, Samples: 10_000_000, Families: 100_000}
}

// exceeds reports whether n is beyond limit.
func exceeds(n, limit int) bool { return limit > 0 && n > limit }
