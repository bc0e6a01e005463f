package model

// Type is the type of a metric family.
type Type uint8

// The types of OpenMetrics. Unknown is what the Prometheus text format calls untyped.
const (
	Unknown Type = iota
	Counter
	Gauge
	Histogram
	GaugeHistogram
	Summary
	Info
	StateSet
)

var typeNames = [...]string{
	Unknown: "unknown", Counter: "counter", Gauge: "gauge", Histogram: "histogram",
	GaugeHistogram: "gaugehistogram", Summary: "summary", Info: "info", StateSet: "stateset",
}

// String is the name of the type in OpenMetrics, in lower case.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return typeNames[Unknown]
}

// TypeByName is the type of that name, as String gives it.
func TypeByName(name string) (t Type, ok bool) {
	switch name {
	case "gauge":
		return Gauge, true
	case "counter":
		return Counter, true
	case "unknown":
		return Unknown, true
	case "histogram":
		return Histogram, true
	case "summary":
		return Summary, true
	case "info":
		return Info, true
	case "stateset":
		return StateSet, true
	case "gaugehistogram":
		return GaugeHistogram, true
	}
	return Unknown, false
}

// IsComplex reports whether a metric of this type is more than one value: a histogram, gauge histogram, summary or
// state set.
func (t Type) IsComplex() bool {
	return t == Histogram || t == GaugeHistogram || t == Summary || t == StateSet
}

// MetricFamily is a set of metrics of one name and type, with what is said about them.
type MetricFamily struct {
	// Name is the name in the family's metadata. The samples of a counter or info may add Suffix to it.
	Name string
	// Suffix is what the names of simple samples add to Name: "_total" for a counter and "_info" for an info family
	// whose metadata leave the suffix out, as OpenMetrics has it; empty otherwise. It is the same for all Metrics.
	Suffix string
	Help   string
	Unit   string
	Type   Type
	// HasType tells a stated type from none; a family without one is Unknown. HasHelp and HasUnit tell an empty help
	// text or unit from none.
	HasType bool
	HasHelp bool
	HasUnit bool
	// Continued marks a further part of a family whose first part came earlier in the same input. It repeats the
	// metadata that have been seen; HelpRepeated and TypeRepeated tell which of them an earlier part had already.
	Continued    bool
	HelpRepeated bool
	TypeRepeated bool
	// Line is the line of the input at which the family started, counted from 1; 0 if it was made by hand.
	Line int
	// Metrics are in the order of the input.
	Metrics []Metric
	// Loose are the samples that do not fit the type, in the order of the input.
	Loose []Sample
}

// SampleName is the name of the family's simple samples, Name and Suffix together.
func (f *MetricFamily) SampleName() string {
	if f.Suffix == "" {
		return f.Name
	}
	return f.Name + f.Suffix
}

// Metric is one point of a series or group of series.
type Metric struct {
	// Labels are in the order of the input, without le, quantile and the label that names a state.
	Labels Labels
	// Value is the value of a counter, gauge, info or unknown metric.
	Value     float64
	Timestamp Timestamp
	// Extra is nil for a metric that is one value and no more, as most are.
	Extra *Extra
}

// Extra is what a metric has beyond one value.
type Extra struct {
	// Histogram is set in families of type Histogram and GaugeHistogram, and only there.
	Histogram *HistogramValue
	// Summary is set in families of type Summary, and only there.
	Summary *SummaryValue
	// Created is when the metric began (OpenMetrics "created", protobuf created_timestamp, OpenMetrics 2.0 start
	// timestamp).
	Created Timestamp
	// Exemplars are those of a counter, gauge or unknown metric, and those of a native histogram, which belong to no
	// classic bucket.
	Exemplars []Exemplar
	// States are the states of a state set.
	States []State
}

// MakeExtra is m.Extra, made if it was nil: m.MakeExtra().Created = t keeps the histogram that m may have.
func (m *Metric) MakeExtra() *Extra {
	if m.Extra == nil {
		m.Extra = &Extra{}
	}
	return m.Extra
}

// Histogram is the value of a histogram or gauge histogram, nil for others.
func (m *Metric) Histogram() *HistogramValue {
	if m.Extra == nil {
		return nil
	}
	return m.Extra.Histogram
}

// Summary is the value of a summary, nil for others.
func (m *Metric) Summary() *SummaryValue {
	if m.Extra == nil {
		return nil
	}
	return m.Extra.Summary
}

// Created is when the metric began; it is not Set where that is not known.
func (m *Metric) Created() Timestamp {
	if m.Extra == nil {
		return Timestamp{}
	}
	return m.Extra.Created
}

// Exemplars are those of the metric as a whole; those of classic buckets are with the histogram.
func (m *Metric) Exemplars() []Exemplar {
	if m.Extra == nil {
		return nil
	}
	return m.Extra.Exemplars
}

// States are the states of a state set.
func (m *Metric) States() []State {
	if m.Extra == nil {
		return nil
	}
	return m.Extra.States
}

// State is one state of a state set.
type State struct {
	Name    string
	Enabled bool
}

// Exemplar is an example observation, usually a trace.
type Exemplar struct {
	Labels    Labels
	Value     float64
	Timestamp Timestamp
}

// HistogramValue is the value of a histogram or gauge histogram: classic buckets, native ones, or both.
type HistogramValue struct {
	HasCount bool
	HasSum   bool
	// Count is the number of observations. A gauge histogram's may be any number.
	Count float64
	Sum   float64
	// Buckets are in the order of the input, their counts cumulative. The bucket +Inf is there only if it was given.
	Buckets []Bucket
	// BoundTexts, unless nil, is as long as Buckets and holds the text of each bound as it was given. It is nil where
	// every bound was written as Go writes a float64 in its shortest form, "+Inf" included.
	BoundTexts []string
	// Exemplars are those of classic buckets, ordered by bucket.
	Exemplars []BucketExemplar
	// Native is nil if there are no native buckets.
	Native *NativeHistogram
}

// Bucket is a classic bucket.
type Bucket struct {
	// UpperBound is inclusive.
	UpperBound float64
	// Count is cumulative: it counts the observations up to UpperBound.
	Count float64
}

// BucketExemplar is an exemplar of a classic bucket.
type BucketExemplar struct {
	// Bucket is an index into HistogramValue.Buckets.
	Bucket int
	Exemplar
}

// NativeHistogram holds the native buckets of a histogram.
type NativeHistogram struct {
	// Schema is the resolution, -4 to 8, or -53 for custom bounds.
	Schema        int32
	ZeroThreshold float64
	ZeroCount     float64
	// Float tells counts that may be fractional from whole ones. The protobuf format keeps them apart by their fields, and
	// OpenMetrics 2.0 by their form: 4.0 is a float and 4 is not. One float makes floats of all.
	Float         bool
	NegativeSpans []Span
	// NegativeCounts are absolute counts, one for each bucket that the spans cover, not deltas.
	NegativeCounts []float64
	PositiveSpans  []Span
	// PositiveCounts are absolute counts, as NegativeCounts are.
	PositiveCounts []float64
	// CustomBounds are the upper bounds of schema -53, rising and without +Inf.
	CustomBounds []float64
}

// Span is a run of consecutive native buckets.
type Span struct {
	// Offset is the gap to the span before, or, for the first span, the index of its first bucket.
	Offset int32
	Length uint32
}

// SummaryValue is the value of a summary.
type SummaryValue struct {
	HasCount bool
	HasSum   bool
	Count    float64
	Sum      float64
	// Quantiles are in the order of the input.
	Quantiles []Quantile
	// QuantileTexts are to Quantiles what BoundTexts are to Buckets.
	QuantileTexts []string
}

// Quantile is one quantile of a summary.
type Quantile struct {
	// Quantile is from 0 to 1.
	Quantile float64
	Value    float64
}
