package convert

import (
	"bytes"
	"io"
	"iter"

	"github.com/promfmt/promfmt/model"
)

// ProtobufDecoder reads families from protobuf messages, straight from their encoding or from their text form. It follows
// the conventions of [Decoder], but for positions: in what is encoded there are no lines, and a diagnostic tells the byte
// by its offset alone.
//
// What a message says is what [FromDTO] makes of it, but that findings are judged by their rules, as those of text are. A
// metric that there is an error about is left out, and all others are kept; of a message that is broken off, or whose end
// cannot be made out, so is what comes before. Fields that are not known are skipped. A message of a name that an earlier
// one had is a further part of that family.
//
// At most one message is in memory, and it may be 16 times as long as [Limits].LineBytes lets a line be.
type ProtobufDecoder struct {
	options options
	// reader is nil at the end of the input, unless memory is reused.
	reader   *wireReader
	source   messageSource
	messages *messageSet
	// given tells that a family has been given out since the last call.
	given bool
}

// NewProtobufDecoder returns a ProtobufDecoder of io.prometheus.client.MetricFamily messages, each of which has its
// length before it. It reads ahead of them. Buckets of histograms have the bucket +Inf, which such messages may leave out.
func NewProtobufDecoder(r io.Reader, opts ...Option) *ProtobufDecoder {
	return newProtobufDecoder(r, &prometheusMessages, &wireSource{}, opts)
}

// NewOpenMetricsProtobufDecoder returns a ProtobufDecoder of a single openmetrics.MetricSet, the protobuf form of
// OpenMetrics 1.0. The families in it are read one after the other.
//
// A counter has the Suffix "_total" and an info family "_info", as in the text of OpenMetrics. The labels of an info
// value join those of its metric. Whole numbers beyond 2^53 are rounded. What the encoding leaves out because it is empty
// or 0 is not there, but for the count of a histogram or summary that has a sum, and every family has a type.
func NewOpenMetricsProtobufDecoder(r io.Reader, opts ...Option) *ProtobufDecoder {
	return newProtobufDecoder(r, &openMetricsMessages, &wireSource{tagged: true}, opts)
}

// NewPrototextDecoder returns a ProtobufDecoder of io.prometheus.client.MetricFamily messages in their text form: one a
// line, or several lines each with a blank line or the next name behind them. Its positions have a line: that of the
// error, or else the one at which the message begins.
func NewPrototextDecoder(r io.Reader, opts ...Option) *ProtobufDecoder {
	return newProtobufDecoder(r, &prometheusMessages, &prototextSource{}, opts)
}

func newProtobufDecoder(r io.Reader, messages *messageSet, source messageSource, opts []Option) *ProtobufDecoder {
	d := &ProtobufDecoder{options: newOptions(opts), messages: messages, source: source}
	d.Reset(r)
	return d
}

// Reset makes d begin anew with another input and the same options. It keeps its memory, so that with [Reuse] one
// decoder reads one page after the other.
func (d *ProtobufDecoder) Reset(r io.Reader) {
	if d.reader == nil {
		d.reader = takeWireReader(&d.options)
	}
	if r == nil {
		r = bytes.NewReader(nil)
	}
	d.takeBackBuffer()
	input := inputSize(r)
	d.reader.reset(&d.options, d.messages, input)
	d.source.reset(r, messageLimit(d.options.limits), d.reader.takeBuffer(input))
	d.given = false
}

// takeBackBuffer has the reader keep the buffer of the source, if it has one.
func (d *ProtobufDecoder) takeBackBuffer() {
	if buffer := d.source.giveBuffer(); buffer != nil {
		d.reader.buffer = buffer
	}
}

// Families yields what is left of the input: the families in order, each with a nil error, and between them the errors.
// After a *[diag.Diagnostic] the iteration goes on; any other error is of the reader and ends it.
func (d *ProtobufDecoder) Families() iter.Seq2[*model.MetricFamily, error] {
	return families(d.Next, d.source.ended)
}

// Next is the next family, or the next error: a *[diag.Diagnostic] after which Next may be called again, or else an
// error that ends the input, io.EOF if it is merely at its end.
func (d *ProtobufDecoder) Next() (*model.MetricFamily, error) {
	r := d.reader
	if r == nil {
		return nil, d.source.ended()
	}
	if d.given {
		d.given = false
		if d.options.reuse {
			r.takeBack()
		}
	}
	for {
		if err := r.reporter.nextError(); err != nil {
			return nil, err
		}
		if !r.inProgress {
			if d.source.ended() != nil {
				return nil, d.end()
			}
			if body, ok := d.source.next(r); ok {
				if f := r.plainFamily(body); f != nil {
					d.given = true
					return f, nil
				}
				r.begin(body)
			}
		}
		if r.inProgress && r.readMetrics() {
			d.given = true
			return r.finish(), nil
		}
	}
}

// end is what the input has ended with. What d has left of memory is there for the next input.
func (d *ProtobufDecoder) end() error {
	d.takeBackBuffer()
	if !d.options.reuse {
		d.reader.release()
		d.reader = nil
	}
	return d.source.ended()
}
