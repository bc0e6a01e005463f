package writer

import (
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

	exemplars []model.BucketExemplar // kept to be used again
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

func newOpenMetrics1(o *options) body {
	return &openMetrics1{openMetrics: newOpenMetrics(o, &openMetrics1Suffixes)}
}

func (t *openMetrics1) family(o *output, f *model.MetricFamily) { t.write(o, f, t) }

func (t *openMetrics1) put(o *output, f *model.MetricFamily, metrics []model.Metric) {
	t.lines(o, f, metrics, t)
}

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
	if exemplar, ok := t.exemplar(o, m.Exemplars()); ok {
		b = t.appendExemplar(o, b, &exemplar)
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
		h, ok := t.histogram(o, m)
		if !ok {
			continue
		}
		t.begin(o, m, "_bucket")
		for j, bucket := range h.buckets {
			b = appendCount(t.appendRowHead(b, t.numbers.at(j, bucket.UpperBound)), bucket.Count)
			b = append(b, t.tail...)
			if len(h.exemplars) > 0 && h.exemplars[0].Bucket == j {
				b = t.appendExemplar(o, b, &h.exemplars[0].Exemplar)
				h.exemplars = h.exemplars[1:]
			}
			b = o.drain(append(b, '\n'))
		}
		if h.hasSum {
			b = t.appendTotal(b, sumName, m.Histogram().Sum)
			b = t.appendCount(b, countName, h.count())
		}
		if t.typ == model.Histogram {
			b = t.appendCreated(b, m)
		}
		b = o.drain(b)
	}
	o.buf = b
}

func (t *openMetrics1) summaries(o *output, metrics []model.Metric) {
	b := o.buf
	for i := range metrics {
		m := &metrics[i]
		v := m.Summary()
		t.begin(o, m, "")
		for j, q := range t.mender.quantilesOf(o, v) {
			b = appendCanonical(t.appendRowHead(b, t.numbers.at(j, q.Quantile)), q.Value)
			b = o.drain(append(append(b, t.tail...), '\n'))
		}
		hasCount, hasSum := totals(o, v)
		if hasSum {
			b = t.appendTotal(b, "_sum", v.Sum)
		}
		if hasCount {
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
