package conformance

import (
	"fmt"
	"maps"
	"strings"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/model"
)

// Flat is a family as the expectations of the corpus have it: flat samples, and nothing that depends on how a program keeps
// them.
func Flat(f *model.MetricFamily) corpus.Family {
	flat := corpus.Family{Name: f.Name, Help: f.Help, Unit: f.Unit, Samples: []corpus.Sample{}}
	if f.HasType {
		flat.Type = f.Type.String()
	}
	// The samples of one metric at a time, so that what they do not say themselves can be added to them.
	part := *f
	part.Loose = nil
	for i := range f.Metrics {
		part.Metrics = f.Metrics[i : i+1]
		flat.Samples = append(flat.Samples, metricSamples(&part, &f.Metrics[i])...)
	}
	for _, s := range f.Loose {
		flat.Samples = append(flat.Samples, flatSample(s))
	}
	return flat
}

// metricSamples are the samples of a family that has one metric.
func metricSamples(f *model.MetricFamily, m *model.Metric) []corpus.Sample {
	var samples []corpus.Sample
	for s := range f.Samples() {
		samples = append(samples, flatSample(s))
	}
	switch {
	case m.Histogram() != nil:
		for i := range m.Histogram().Buckets { // which come first
			samples[i].Exemplars = nil
		}
		for _, e := range m.Histogram().Exemplars {
			bucket := &samples[e.Bucket]
			bucket.Exemplars = append(bucket.Exemplars, flatExemplar(e.Exemplar))
		}
		if native := m.Histogram().Native; native != nil {
			samples = append(samples, corpus.Sample{
				Name: f.Name, Labels: flatLabels(m.Labels), Native: flatNative(native), Timestamp: seconds(m.Timestamp),
				Exemplars: flatExemplars(m.Exemplars()),
			})
		}
	case !f.Type.IsComplex():
		samples[0].Exemplars = flatExemplars(m.Exemplars())
		if len(samples) == 1 { // the start is no sample
			samples[0].Start = seconds(m.Created())
		}
	}
	return samples
}

func flatSample(s model.Sample) corpus.Sample {
	flat := corpus.Sample{
		Name: s.Name, Labels: flatLabels(s.Labels), Value: model.FormatFloat(s.Value), Timestamp: seconds(s.Timestamp),
	}
	if s.Exemplar != nil {
		flat.Exemplars = []corpus.Exemplar{flatExemplar(*s.Exemplar)}
	}
	return flat
}

func flatExemplars(exemplars []model.Exemplar) (flat []corpus.Exemplar) {
	for _, e := range exemplars {
		flat = append(flat, flatExemplar(e))
	}
	return flat
}

func flatExemplar(e model.Exemplar) corpus.Exemplar {
	return corpus.Exemplar{
		Labels: flatLabels(e.Labels), Value: model.FormatFloat(e.Value), Timestamp: seconds(e.Timestamp),
	}
}

func flatLabels(labels model.Labels) map[string]string {
	return maps.Collect(labels.All())
}

func flatNative(n *model.NativeHistogram) *corpus.Native {
	flat := &corpus.Native{
		Schema:        int(n.Schema),
		ZeroThreshold: model.FormatFloat(n.ZeroThreshold),
		ZeroCount:     model.FormatFloat(n.ZeroCount),
		Negative:      byIndex(n.NegativeSpans, n.NegativeCounts),
		Positive:      byIndex(n.PositiveSpans, n.PositiveCounts),
	}
	for _, bound := range n.CustomBounds {
		flat.CustomBounds = append(flat.CustomBounds, model.FormatFloat(bound))
	}
	return flat
}

// byIndex are the counts of native buckets by the indexes of the buckets, which the spans tell.
func byIndex(spans []model.Span, counts []float64) map[int]string {
	flat := make(map[int]string)
	index := 0
	for _, span := range spans {
		index += int(span.Offset)
		for range min(int(span.Length), len(counts)) {
			flat[index] = model.FormatFloat(counts[0])
			counts = counts[1:]
			index++
		}
	}
	return flat
}

// seconds is a timestamp as a decimal number of seconds, exactly; empty if there is none.
func seconds(t model.Timestamp) string {
	if !t.Set {
		return ""
	}
	whole, nanos, sign := t.Seconds, t.Nanos, ""
	if whole < 0 && nanos > 0 { // rounded down, away from zero
		whole, nanos = whole+1, 1e9-nanos
		if whole == 0 {
			sign = "-"
		}
	}
	text := fmt.Sprintf("%s%d.%09d", sign, whole, nanos)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
