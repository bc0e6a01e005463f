package model

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Builder makes a metric family by hand, as a custom collector does: it is made with a name, a help text and the names
// of the labels, gets one metric after the other, and gives the family as a whole.
//
//	requests := model.NewCounter("http_requests", "HTTP requests.", "method", "code")
//	requests.Add(1027, "GET", "200")
//	requests.Add(3, "POST", "400").Timestamp = model.TimestampFromTime(now)
//	family, err := requests.Family()
//
// V is the form in which a metric of the family's type is given. A Builder is not safe for concurrent use.
type Builder[V any] struct {
	family     MetricFamily
	labelNames []string
	put        func(*Metric, V)
	metrics    []*Metric
	errs       []error
}

// NewGauge begins a family of gauges, each given as its value. Without label names it is for a single metric.
func NewGauge(name, help string, labelNames ...string) *Builder[float64] {
	return newBuilder(Gauge, name, "", help, labelNames, putValue)
}

// NewCounter begins a family of counters, each given as its value. The name may be written with or without its ending
// _total: the family's Name is without it and its Suffix is "_total", as OpenMetrics has it.
func NewCounter(name, help string, labelNames ...string) *Builder[float64] {
	return newBuilder(Counter, name, totalSuffix, help, labelNames, putValue)
}

// NewUnknown begins a family of a type that is not known, which the text format calls untyped. Its metrics are given
// as their values.
func NewUnknown(name, help string, labelNames ...string) *Builder[float64] {
	return newBuilder(Unknown, name, "", help, labelNames, putValue)
}

// NewHistogram begins a family of histograms. HistogramOf makes the value of one that has classic buckets.
func NewHistogram(name, help string, labelNames ...string) *Builder[HistogramValue] {
	return newBuilder(Histogram, name, "", help, labelNames, putHistogram)
}

// NewGaugeHistogram begins a family of histograms of which the counts may fall.
func NewGaugeHistogram(name, help string, labelNames ...string) *Builder[HistogramValue] {
	return newBuilder(GaugeHistogram, name, "", help, labelNames, putHistogram)
}

// NewSummary begins a family of summaries. SummaryOf makes the value of one.
func NewSummary(name, help string, labelNames ...string) *Builder[SummaryValue] {
	return newBuilder(Summary, name, "", help, labelNames, func(m *Metric, value SummaryValue) {
		m.Extra = &Extra{Summary: &value}
	})
}

// NewInfo begins a family of infos, each given as the labels that tell what there is to tell; they follow the labels of
// which the names are given here. The name may be written with or without its ending _info, as NewCounter has it with
// _total.
func NewInfo(name, help string, labelNames ...string) *Builder[Labels] {
	return newBuilder(Info, name, infoSuffix, help, labelNames, func(m *Metric, info Labels) {
		m.Labels, m.Value = Labels{m.Labels.encoding + info.encoding}, 1
	})
}

// NewStateSet begins a family of state sets, each given as all of its states.
func NewStateSet(name, help string, labelNames ...string) *Builder[[]State] {
	return newBuilder(StateSet, name, "", help, labelNames, func(m *Metric, states []State) {
		m.Extra = &Extra{States: states}
	})
}

func putValue(m *Metric, value float64) { m.Value = value }

func putHistogram(m *Metric, value HistogramValue) { m.Extra = &Extra{Histogram: &value} }

func newBuilder[V any](t Type, name, suffix, help string, labelNames []string, put func(*Metric, V)) *Builder[V] {
	return &Builder[V]{
		family: MetricFamily{
			Name: strings.TrimSuffix(name, suffix), Suffix: suffix,
			Type: t, HasType: true,
			Help: help, HasHelp: true,
		},
		labelNames: labelNames,
		put:        put,
	}
}

// Unit states the unit of the values, such as "seconds". The name has to end in it: request_duration_seconds.
func (b *Builder[V]) Unit(unit string) *Builder[V] {
	b.family.Unit, b.family.HasUnit = unit, true
	return b
}

// Add adds a metric with these values of the labels, in the order of their names. The metric is given back to be
// completed with what few have, a Timestamp or what MakeExtra gives, before Family is called. What value refers to is
// kept, not copied. A wrong number of label values is an error of Family.
func (b *Builder[V]) Add(value V, labelValues ...string) *Metric {
	m := &Metric{}
	if len(labelValues) != len(b.labelNames) {
		b.errs = append(b.errs, &InvalidError{
			Family: b.family.Name,
			Part:   fmt.Sprintf("metric %q", labelValues),
			Reason: fmt.Sprintf("label values do not match the label names %q in number", b.labelNames),
		})
	} else {
		var encoding []byte
		for i, name := range b.labelNames {
			encoding = AppendLabel(encoding, name, labelValues[i])
		}
		m.Labels = Labels{string(encoding)}
		b.metrics = append(b.metrics, m)
	}
	b.put(m, value)
	return m
}

// Family is the family with the metrics added so far, provided that there was nothing wrong with their number of label
// values and that Validate finds it in order; otherwise it is nil, and the error joins all that is wrong.
func (b *Builder[V]) Family() (*MetricFamily, error) {
	family := b.family
	family.Metrics = make([]Metric, len(b.metrics))
	for i, m := range b.metrics {
		family.Metrics[i] = *m
	}
	if err := errors.Join(slices.Concat(b.errs, family.faults())...); err != nil {
		return nil, err
	}
	return &family, nil
}

// HistogramOf is a histogram of classic buckets, in rising order and with cumulative counts. If the last is the bucket
// +Inf, the histogram's count is that of this bucket.
func HistogramOf(sum float64, buckets ...Bucket) HistogramValue {
	h := HistogramValue{HasSum: true, Sum: sum, Buckets: buckets}
	if n := len(buckets); n > 0 && math.IsInf(buckets[n-1].UpperBound, 1) {
		h.HasCount, h.Count = true, buckets[n-1].Count
	}
	return h
}

// SummaryOf is a summary.
func SummaryOf(count, sum float64, quantiles ...Quantile) SummaryValue {
	return SummaryValue{HasCount: true, Count: count, HasSum: true, Sum: sum, Quantiles: quantiles}
}
