package writer

import (
	"math"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// openMetrics1 writes OpenMetrics 1.0: lines as in text 1.0.0, with times in seconds and exemplars behind them. The name
// of a family has no suffix, those of its samples have the one of their kind.
//
// A histogram is written with a bucket +Inf, and with a count if and only if it has a sum: without one the count stands
// in that bucket alone.
type openMetrics1 struct {
	openMetrics
}

// openMetrics1Suffixes are those of the samples that a family may have, whether it has them or not.
var openMetrics1Suffixes = sampleSuffixes{
	model.Counter:        totalSuffix | createdSuffix,
	model.Histogram:      bucketSuffix | countSuffix | sumSuffix | createdSuffix,
	model.GaugeHistogram: bucketSuffix | gaugeCountSuffix | gaugeSumSuffix,
	model.Summary:        countSuffix | sumSuffix | createdSuffix,
	model.Info:           infoSuffix,
}

// demandedSuffixes are those of the simple samples of a type.
var demandedSuffixes = [...]string{model.Counter: "_total", model.Info: "_info", model.StateSet: ""}

// exemplarRunes is how many characters the labels of an exemplar may have.
const exemplarRunes = 128

func newOpenMetrics1(o *options) body {
	return &openMetrics1{newOpenMetrics(o, &openMetrics1Suffixes)}
}

func (t *openMetrics1) family(o *output, f *model.MetricFamily) { t.write(o, f, t) }

func (t *openMetrics1) place(o *output, f *model.MetricFamily) bool {
	full, ended := t.nameOf(o, f.Name, f.Suffix), true
	t.typ, t.name, t.suffix = f.Type, full, demandedSuffixes[f.Type]
	if t.suffix != "" {
		t.name, ended = full.without(t.suffix)
	}
	if t.taken.take(&t.name, t.typ) {
		if !ended && len(f.Metrics) > 0 {
			o.lose(diag.LossSuffix, 1, t.suffix)
		}
		if t.typ == model.GaugeHistogram {
			o.lacking(setOf(FeatureCreated))
		}
		return true
	}
	// A gauge may have the name of a counter but for the suffix; then the name of the sample is free as that of a family.
	if t.suffix != "" && ended && t.taken.take(&full, model.Unknown) {
		o.lose(diag.LossType, 1, f.Type.String(), " becomes unknown, as a family before has its name")
		o.lacking(setOf(FeatureCreated, FeatureExemplars))
		t.typ, t.name, t.suffix = model.Unknown, full, ""
		return true
	}
	o.lose(diag.LossNameTaken, 1, t.name.name, t.name.suffix)
	return false
}

func (t *openMetrics1) unitFits(name []byte, unit string) bool {
	return mayHaveUnit(t.typ) && endsInUnit(name, unit)
}

func (t *openMetrics1) statePoints(int) int { return 1 }

func (t *openMetrics1) appendExtra(o *output, b []byte, m *model.Metric) []byte {
	if t.typ != model.Counter {
		return append(b, '\n')
	}
	if exemplars := m.Exemplars(); len(exemplars) > 0 {
		b = t.appendExemplar(o, b, &exemplars[0], exemplarRunes)
	}
	b = append(b, '\n')
	if created := m.Created(); created.Set {
		b = appendSeconds(t.appendSeries(o, b, &t.name, "_created", m.Labels), created)
		b = append(appendStamp(b, m.Timestamp), '\n')
	}
	return b
}

func (t *openMetrics1) histograms(o *output, metrics []model.Metric) {
	b := o.buf
	sumName, countName := "_sum", "_count"
	if t.typ == model.GaugeHistogram {
		sumName, countName = "_gsum", "_gcount"
	}
	for i := range metrics {
		m := &metrics[i]
		h := m.Histogram
		buckets, exemplars, ok := t.mender.histogram(o, h, wholeCounts)
		if !ok {
			continue
		}
		t.begin(o, m, "_bucket")
		for j := range buckets {
			b = appendCount(t.appendRowHead(b, t.numbers.at(j, buckets[j].UpperBound)), buckets[j].Count)
			b = append(b, t.tail...)
			if len(exemplars) > 0 && exemplars[0].Bucket == j {
				b = t.appendBucketExemplar(o, b, &exemplars[0].Exemplar, buckets[j].UpperBound)
				for len(exemplars) > 0 && exemplars[0].Bucket == j {
					exemplars = exemplars[1:]
				}
			}
			b = o.drain(append(b, '\n'))
		}
		if n := len(m.Exemplars()); n > 0 {
			o.lose(diag.LossExemplar, n, "it belongs to no bucket")
		}
		if h.HasSum && t.mayHaveSum(h.Sum, buckets[0].UpperBound < 0) {
			b = t.appendTotal(b, sumName, h.Sum)
			b = t.appendCount(b, countName, buckets[len(buckets)-1].Count)
		} else if h.HasSum {
			o.lose(diag.LossValue, 1, "the sum")
		}
		if t.typ == model.Histogram {
			b = t.appendCreated(b, m)
		}
		b = o.drain(b)
	}
	o.buf = b
}

// mayHaveSum reports whether a histogram may have the sum, by whether it has buckets for negative observations. If so that
// of a histogram would be no counter; and if not, that of a gauge histogram cannot be negative.
func (t *openMetrics1) mayHaveSum(sum float64, negative bool) bool {
	if t.typ == model.GaugeHistogram {
		return sum >= 0 || negative && !math.IsNaN(sum)
	}
	return sum >= 0 && !negative
}

// appendBucketExemplar appends the exemplar of a bucket, which must be one of the observations that it counts.
func (t *openMetrics1) appendBucketExemplar(o *output, b []byte, e *model.Exemplar, bound float64) []byte {
	if !(e.Value <= bound) {
		o.lose(diag.LossExemplar, 1, "it is not within its bucket")
		return b
	}
	return t.appendExemplar(o, b, e, exemplarRunes)
}

func (t *openMetrics1) summaries(o *output, metrics []model.Metric) {
	b := o.buf
	for i := range metrics {
		m := &metrics[i]
		v := m.Summary
		t.begin(o, m, "")
		for j, q := range t.mender.quantilesOf(o, v) {
			b = appendCanonical(t.appendRowHead(b, t.numbers.at(j, q.Quantile)), q.Value)
			b = o.drain(append(append(b, t.tail...), '\n'))
		}
		if v.HasSum && v.Sum >= 0 {
			b = t.appendTotal(b, "_sum", v.Sum)
		} else if v.HasSum {
			o.lose(diag.LossValue, 1, "the sum")
		}
		if v.HasCount && wholeCounts.allows(v.Count) { // else the survey has reported it
			b = t.appendCount(b, "_count", v.Count)
		}
		b = o.drain(t.appendCreated(b, m))
	}
	o.buf = b
}

// appendTotal appends a line of the metric that t has begun.
func (t *openMetrics1) appendTotal(b []byte, suffix string, value float64) []byte {
	b = appendCanonical(t.appendLineHead(b, &t.name, suffix), value)
	return append(append(b, t.tail...), '\n')
}

func (t *openMetrics1) appendCount(b []byte, suffix string, count float64) []byte {
	b = appendCount(t.appendLineHead(b, &t.name, suffix), count)
	return append(append(b, t.tail...), '\n')
}

func (t *openMetrics1) appendCreated(b []byte, m *model.Metric) []byte {
	created := m.Created()
	if !created.Set {
		return b
	}
	b = appendSeconds(t.appendLineHead(b, &t.name, "_created"), created)
	return append(append(b, t.tail...), '\n')
}
