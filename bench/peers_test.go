package bench

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	prometheus "github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

// parseExpfmt reads a page into families, in no order.
func parseExpfmt(page []byte) (map[string]*dto.MetricFamily, error) {
	parser := expfmt.NewTextParser(prometheus.UTF8Validation)
	return parser.TextToMetricFamilies(bytes.NewReader(page))
}

func readExpfmt(page []byte) (samples int, err error) {
	families, err := parseExpfmt(page)
	for _, f := range families {
		samples += dtoSamples(f)
	}
	return samples, err
}

// dtoSamples counts the samples of a family.
func dtoSamples(f *dto.MetricFamily) int {
	samples := 0
	switch f.GetType() {
	case dto.MetricType_HISTOGRAM:
		for _, m := range f.Metric {
			samples += len(m.Histogram.Bucket) + 2 // sum and count
		}
	case dto.MetricType_SUMMARY:
		for _, m := range f.Metric {
			samples += len(m.Summary.Quantile) + 2
		}
	default:
		samples = len(f.Metric)
	}
	return samples
}

// readTextparse reads a page series by series, as a scrape of Prometheus does for series that it knows already, or with
// the labels of each series, as it does for new ones.
func readTextparse(page []byte, withLabels bool) (samples int, err error) {
	return parseSeries(textparse.NewPromParser(page, labels.NewSymbolTable(), false), withLabels)
}

// parseSeries reads all series of a parser.
func parseSeries(parser textparse.Parser, withLabels bool) (samples int, err error) {
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return samples, nil
		}
		if err != nil {
			return samples, err
		}
		if entry != textparse.EntrySeries {
			continue
		}
		parser.Series()
		if withLabels {
			var series labels.Labels
			parser.Labels(&series)
		}
		samples++
	}
}

// expfmtWriter gives a function that writes the families of a page.
func expfmtWriter(page []byte, format expfmt.FormatType) (func(io.Writer) error, error) {
	byName, err := parseExpfmt(page)
	if err != nil {
		return nil, err
	}
	var families []*dto.MetricFamily
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		families = append(families, byName[name])
	}
	// Without escaping, which no name of the pages needs and which copies every family.
	withoutEscaping := expfmt.NewFormat(format).WithEscapingScheme(prometheus.NoEscaping)
	return func(w io.Writer) error {
		encoder := expfmt.NewEncoder(w, withoutEscaping)
		for _, f := range families {
			if err := encoder.Encode(f); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// decodeExpfmt counts the samples of what a writer has written.
func decodeExpfmt(output []byte, format expfmt.FormatType) (samples int, err error) {
	decoder := expfmt.NewDecoder(bytes.NewReader(output), expfmt.NewFormat(format))
	for {
		var f dto.MetricFamily
		err := decoder.Decode(&f)
		if errors.Is(err, io.EOF) {
			return samples, nil
		}
		if err != nil {
			return samples, err
		}
		samples += dtoSamples(&f)
	}
}
