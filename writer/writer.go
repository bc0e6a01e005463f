package writer

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// Format is a format that can be written. The zero Format is none.
type Format uint8

// The formats.
const (
	// Text is the Prometheus text format 0.0.4.
	Text Format = iota + 1
	// Text1 is the Prometheus text format 1.0.0, which quotes names outside of the old character set.
	Text1
	// OpenMetrics is the text format of OpenMetrics 1.0.
	OpenMetrics
	// OpenMetrics2 is OpenMetrics 2.0 as its first release candidate has it.
	OpenMetrics2
	// Protobuf is io.prometheus.client.MetricFamily, each message with its length before it.
	Protobuf
	// Prototext is the text form of the same messages, a blank line after each.
	Prototext
	// Graphite is the plaintext protocol of carbon, one line a sample.
	Graphite
	// JSON is an array of objects, one a family.
	JSON

	formatCount
)

// formats is the one table of formats.
var formats = [formatCount]struct {
	name        string
	contentType string
	// carries is what the format has a place for. What it lacks is a loss, unless it is inherent.
	carries featureSet
	// optional is what an option can have it carry besides.
	optional featureSet
	// inherent is what nobody expects of the format, so that nothing is said where it is left out.
	inherent featureSet
	// spell writes a bound or quantile as it comes back, if the format does not carry its text.
	spell func([]byte, float64) []byte
	body  func(*options) body
}{
	Text: {
		name:        "text",
		contentType: "text/plain; version=0.0.4; charset=utf-8",
		carries:     textFeatures,
		optional:    setOf(FeatureCreated, FeatureOtherCreated),
		body:        newText,
	},
	Text1: {
		name:        "text1",
		contentType: "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8",
		carries:     textFeatures | setOf(FeatureUTF8Names),
		optional:    setOf(FeatureCreated, FeatureOtherCreated),
		body:        newText,
	},
	OpenMetrics: {
		name:        "openmetrics",
		contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8",
		carries:     openMetricsFeatures,
		spell:       appendCanonical,
		body:        newOpenMetrics1,
	},
	OpenMetrics2: {
		name:        "openmetrics2",
		contentType: "application/openmetrics-text; version=2.0.0; charset=utf-8",
		carries:     openMetricsFeatures | setOf(FeatureMoreExemplars, FeatureNativeHistograms),
		spell:       appendFloat, // composite values have numbers
		body:        newOpenMetrics2,
	},
	Protobuf: {
		name:        "protobuf",
		contentType: "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
		carries:     protobufFeatures,
		spell:       appendFloat,
		body:        newProtobuf,
	},
	Prototext: {
		name:        "prototext",
		contentType: "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text",
		carries:     protobufFeatures,
		spell:       appendFloat,
		body:        newPrototext,
	},
	Graphite: {
		name:        "graphite",
		contentType: "text/plain; charset=utf-8",
		carries:     setOf(FeatureLooseSamples, FeatureAnyCount, FeatureBoundTexts),
		optional:    setOf(FeatureCreated, FeatureOtherCreated, FeatureNonFinite),
		inherent: setOf(FeatureHelp, FeatureType, FeatureUnit, FeatureInfo, FeatureStateSet, FeatureGaugeHistogram,
			FeatureUTF8Names, FeatureMilliseconds, FeatureNanoseconds),
		body: newGraphite,
	},
	JSON: {
		name:        "json",
		contentType: "application/json",
		carries:     allFeatures,
		body:        newJSON,
	},
}

// Formats are all formats, in the order of their constants.
func Formats() []Format {
	all := make([]Format, 0, formatCount-1)
	for f := Text; f < formatCount; f++ {
		all = append(all, f)
	}
	return all
}

// ParseFormat finds a format by the name that String gives it.
func ParseFormat(name string) (Format, error) {
	for _, f := range Formats() {
		if formats[f].name == name {
			return f, nil
		}
	}
	names := make([]string, 0, formatCount-1)
	for _, f := range Formats() {
		names = append(names, f.String())
	}
	return 0, fmt.Errorf("unknown format %q; there are %s", name, strings.Join(names, ", "))
}

// IsValid reports whether f is one of the formats.
func (f Format) IsValid() bool { return f > 0 && f < formatCount }

// String is the name of the format on the command line, such as "text1".
func (f Format) String() string {
	if !f.IsValid() {
		return fmt.Sprintf("Format(%d)", uint8(f))
	}
	return formats[f].name
}

// ContentType is the media type of the format in HTTP, empty for a Format that is none. Those of Text1 and of both
// versions of OpenMetrics are for names as they are; they have to name the scheme if names are escaped.
func (f Format) ContentType() string {
	if !f.IsValid() {
		return ""
	}
	return formats[f].contentType
}

// Carries reports whether the format has a place for the feature, without regard to options.
func (f Format) Carries(feature Feature) bool {
	return f.IsValid() && formats[f].carries.has(feature)
}

// lacks is what the format has no place for although it might be expected to.
func (f Format) lacks() featureSet {
	return allFeatures &^ (formats[f].carries | formats[f].inherent)
}

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

// New makes an Encoder that writes to w. It gives an error if the format is none or an option does not fit it.
func New(w io.Writer, format Format, opts ...Option) (Encoder, error) {
	if !format.IsValid() {
		return nil, fmt.Errorf("unknown format %s", format)
	}
	o := defaultOptions(format)
	for _, opt := range opts {
		opt(&o)
	}
	if err := o.check(format); err != nil {
		return nil, err
	}
	o.wanted &= formats[format].optional
	var spell func([]byte, float64) []byte
	if o.severities[diag.LossBoundText] != diag.Off {
		spell = formats[format].spell
	}
	return &encoder{
		output:   output{w: w, buf: newBuffer(), hold: o.holds(), used: usage{spell: spell}},
		options:  o,
		body:     formats[format].body(&o),
		reported: format.lacks() &^ o.wanted,
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
	if err := e.used.survey(f); err != nil {
		return familyError(f, err)
	}
	e.losses = e.losses[:0]
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
