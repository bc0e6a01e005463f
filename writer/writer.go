package writer

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// encodings is the one table of the formats that are written, by format.
var encodings = [...]encoding{
	format.Text: {
		carries:  textFeatures,
		optional: setOf(FeatureCreated, FeatureOtherCreated),
		body:     newText,
	},
	format.Text1: {
		carries:  textFeatures | setOf(FeatureUTF8Names),
		optional: setOf(FeatureCreated, FeatureOtherCreated),
		body:     newText,
	},
	format.OpenMetrics: {
		carries: openMetricsFeatures,
		whole:   true,
		spell:   appendCanonical,
		body:    newOpenMetrics1,
	},
	format.OpenMetrics2: {
		carries: openMetricsFeatures | setOf(FeatureMoreExemplars, FeatureNativeHistograms),
		whole:   true,
		spell:   appendFloat, // composite values have numbers
		body:    newOpenMetrics2,
	},
	format.Protobuf: {
		carries: protobufFeatures,
		spell:   appendFloat,
		body:    newProtobuf,
	},
	format.Prototext: {
		carries: protobufFeatures,
		spell:   appendFloat,
		body:    newPrototext,
	},
	format.OpenMetricsProtobuf: {
		carries: openMetricsFeatures,
		whole:   true,
		spell:   appendFloat,
		body:    newOpenMetricsProtobuf,
	},
	format.JSON: {
		carries: allFeatures,
		body:    newJSON,
	},
	format.Graphite: {
		carries:  setOf(FeatureLooseSamples, FeatureAnyCount, FeatureBoundTexts),
		optional: setOf(FeatureCreated, FeatureOtherCreated, FeatureNonFinite),
		inherent: setOf(FeatureHelp, FeatureType, FeatureUnit, FeatureInfo, FeatureStateSet, FeatureGaugeHistogram,
			FeatureUTF8Names, FeatureMilliseconds, FeatureNanoseconds),
		body: newGraphite,
	},
}

// encoding is how families are written in a format.
type encoding struct {
	// carries is what the format has a place for. What it lacks is a loss, unless it is inherent.
	carries featureSet
	// optional is what an option can have it carry besides.
	optional featureSet
	// whole tells that a document has each family in one place.
	whole bool
	// inherent is what nobody expects of the format, so that nothing is said where it is left out.
	inherent featureSet
	// spell writes a bound or quantile as it comes back, if the format does not carry its text.
	spell func([]byte, float64) []byte
	// body makes what writes families. It is nil for a format that is not written.
	body func(*options) body
}

// encodingOf is how a format is written. The zero encoding is for one that is not.
func encodingOf(f format.Format) encoding {
	if int(f) < len(encodings) {
		return encodings[f]
	}
	return encoding{}
}

// lacks is what the format has no place for although it might be expected to.
func (e encoding) lacks() featureSet { return allFeatures &^ (e.carries | e.inherent) }

// Formats are the formats that can be written, in the order of their constants.
func Formats() []format.Format {
	return slices.DeleteFunc(format.All(), func(f format.Format) bool { return encodingOf(f).body == nil })
}

// Carries reports whether a format has a place for the feature, without regard to options. One that cannot be written
// has none.
func Carries(f format.Format, feature Feature) bool { return encodingOf(f).carries.has(feature) }

// TakesParts reports whether a document in the format may have a family in several parts, of which all but the first are
// Continued. Where it may not, the parts have to be put together before they are written, as convert.Collect does.
func TakesParts(f format.Format) bool { return !encodingOf(f).whole }

// Encoder writes families in one format. It is not safe for concurrent use.
type Encoder interface {
	// Encode writes a family, which it only reads and does not keep. What is written may stay in a buffer until Close.
	//
	// It gives an error if the family contradicts itself, or, with Strict, if the format does not carry all of it;
	// then nothing of the family is written, and the next one may be. An error of the underlying writer is given as it
	// is, and again by every later call.
	Encode(*model.MetricFamily) error
	// Close ends the document and writes out what is left. It does not close the underlying writer.
	Close() error
}

// New makes an Encoder that writes to w. It gives an error if the format cannot be written, an option does not fit it, or
// there is no w. An option that is nil alters nothing.
func New(w io.Writer, to format.Format, opts ...Option) (Encoder, error) {
	encoding := encodingOf(to)
	switch {
	case encoding.body == nil:
		return nil, fmt.Errorf("%s is not written", to)
	case w == nil:
		return nil, errors.New("there is nothing to write to")
	}
	o := defaultOptions(to)
	for _, opt := range opts {
		if opt != nil {
			opt(&o)
		}
	}
	if err := o.check(to); err != nil {
		return nil, err
	}
	o.wanted &= encoding.optional
	var spell func([]byte, float64) []byte
	if o.severities[diag.LossBoundText] != diag.Off {
		spell = encoding.spell
	}
	return &encoder{
		output:   output{w: w, buf: newBuffer(), hold: o.holds(), used: usage{spell: spell}},
		options:  o,
		body:     encoding.body(&o),
		reported: encoding.lacks() &^ o.wanted,
	}, nil
}

// body is what differs between the formats. It appends to the output's buffer and cannot fail: what could make it fail
// has been found by the survey. With end it ends the document, and is not called again.
type body interface {
	family(*output, *model.MetricFamily)
	end(*output)
}

// pool keeps what closed encoders leave for those to come, such as buffers and bodies: for a small page to make them
// would take longer than to write it. What is put there must not refer to families or to what a caller gave.
type pool[T any] struct{ pool sync.Pool }

func (p *pool[T]) get() *T {
	if x, ok := p.pool.Get().(*T); ok {
		return x
	}
	return new(T)
}

func (p *pool[T]) put(x *T) { p.pool.Put(x) }

var buffers pool[[]byte]

// bufferSize leaves room for some lines beyond flushSize.
const bufferSize = flushSize + flushSize/8

// newBuffer gives an empty buffer.
func newBuffer() []byte {
	if b := *buffers.get(); b != nil {
		return b[:0]
	}
	return make([]byte, 0, bufferSize)
}

// encoder is what all formats have in common.
type encoder struct {
	output
	options  options
	body     body
	reported featureSet // whose loss is reported
	closed   bool
}

var errClosed = errors.New("the encoder is closed")

func (e *encoder) Encode(f *model.MetricFamily) error {
	switch {
	case e.err != nil:
		return e.err
	case e.closed:
		return errClosed
	case f == nil:
		return errors.New("no family given")
	}
	if f.Type != model.Unknown && !f.HasType {
		typed := *f // somebody has made it who takes a type for said
		typed.HasType = true
		f = &typed
	}
	if err := e.used.survey(f); err != nil {
		return familyError(f, err)
	}
	e.losses = e.losses[:0]
	if odd := e.used.oddExemplars; odd > 0 {
		e.lose(diag.LossExemplar, odd, "its labels have no name, or one twice")
		f = withoutOddExemplars(f)
		if err := e.used.survey(f); err != nil {
			return familyError(f, err)
		}
	}
	if e.used.set&e.reported != 0 {
		e.lacking(e.reported)
	}
	begin := len(e.buf)
	e.body.family(&e.output, f)
	if e.err != nil {
		return e.err
	}
	if len(e.losses) > 0 {
		if err := e.settle(f); err != nil {
			e.buf = e.buf[:begin]
			return err
		}
	}
	e.families++
	if len(e.buf) >= flushSize {
		e.buf = e.write(e.buf)
	}
	return e.err
}

func (e *encoder) Close() error {
	if !e.closed && e.err == nil {
		e.body.end(&e.output)
		e.buf = e.write(e.buf)
		if cap(e.buf) == bufferSize {
			b := e.buf
			buffers.put(&b)
		}
		e.body, e.buf = nil, nil
	}
	e.closed = true
	return e.err
}

func familyError(f *model.MetricFamily, err error) error {
	if f.Line > 0 {
		return fmt.Errorf("family %q (line %d): %w", f.Name, f.Line, err)
	}
	return fmt.Errorf("family %q: %w", f.Name, err)
}
