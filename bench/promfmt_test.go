package bench

import (
	"bytes"
	"io"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

func bytesDecoder(page []byte, opts ...convert.Option) *convert.Decoder {
	return convert.NewBytesDecoder(page, opts...)
}

func streamDecoder(page []byte, opts ...convert.Option) *convert.Decoder {
	return convert.NewDecoder(bytes.NewReader(page), opts...)
}

// keeping reads each page with a decoder of its own.
func keeping(opts ...convert.Option) func(page []byte) (samples int, err error) {
	return func(page []byte) (int, error) { return readPromfmt(bytesDecoder(page, opts...)) }
}

// asString is a page as a string, converted once.
func asString(page []byte) string {
	key := &page[0]
	if text, ok := asStrings[key]; ok {
		return text
	}
	asStrings[key] = string(page)
	return asStrings[key]
}

var asStrings = make(map[*byte]string)

// reusing reads page after page with one decoder, as something that scrapes would.
func reusing(opts ...convert.Option) func(page []byte) (samples int, err error) {
	d := bytesDecoder(nil, append(opts, convert.Reuse())...)
	return func(page []byte) (int, error) {
		d.ResetBytes(page)
		return readPromfmt(d)
	}
}

// streaming is reusing for pages that come from a reader.
func streaming(opts ...convert.Option) func(page []byte) (samples int, err error) {
	d := streamDecoder(nil, append(opts, convert.Reuse())...)
	return func(page []byte) (int, error) {
		d.Reset(bytes.NewReader(page))
		return readPromfmt(d)
	}
}

// anew has nothing remembered of a page, so that each is read as if it were the first one.
var anew = convert.Remember(0)

// inTurn has a page read with its values and with others in turn, as something does that scrapes a server. It begins when the
// page has been remembered, for which eight are enough.
func inTurn(read func(page []byte) (samples int, err error)) func(page []byte) (samples int, err error) {
	type server struct {
		pages [2][]byte
		n     int
	}
	servers := make(map[*byte]*server)
	return func(page []byte) (samples int, err error) {
		s := servers[&page[0]]
		if s == nil {
			s = &server{pages: [2][]byte{page, withOtherValues(page)}}
			servers[&page[0]] = s
			for i := range 8 {
				if _, err := read(s.pages[i%2]); err != nil {
					return 0, err
				}
			}
		}
		s.n++
		return read(s.pages[s.n%2])
	}
}

func readPromfmt(d *convert.Decoder) (samples int, err error) {
	for f, err := range d.Families() {
		if err != nil {
			return samples, err
		}
		samples += familySamples(f)
	}
	return samples, nil
}

// familySamples counts the samples of a family without going through each of them.
func familySamples(f *model.MetricFamily) int {
	samples := len(f.Loose)
	switch f.Type {
	case model.Histogram:
		for i := range f.Metrics {
			samples += len(f.Metrics[i].Histogram().Buckets) + 2 // sum and count
		}
	case model.Summary:
		for i := range f.Metrics {
			samples += len(f.Metrics[i].Summary().Quantiles) + 2
		}
	default:
		samples += len(f.Metrics)
	}
	return samples
}

// promfmtWriter gives a function that writes the families of a page.
func promfmtWriter(page []byte, to format.Format, opts ...writer.Option) (func(io.Writer) error, error) {
	families, err := convert.Collect(bytesDecoder(page).Families())
	if err != nil {
		return nil, err
	}
	return func(w io.Writer) error {
		encoder, err := writer.New(w, to, opts...)
		if err != nil {
			return err
		}
		for _, f := range families {
			if err := encoder.Encode(f); err != nil {
				return err
			}
		}
		return encoder.Close()
	}, nil
}
