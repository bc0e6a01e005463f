package writer

import (
	"errors"
	"fmt"
	"math"

	"github.com/promfmt/promfmt/model"
)

// usage counts the features of a family that can be lost, so that what a format lacks can be told before anything is
// written. What takes a look at every name or string is found while they are written instead.
type usage struct {
	counts [featureCount]int
	set    featureSet // those that are not 0
	// oddExemplars is how many of the exemplars have labels that are no set, so that they can stand in no format.
	oddExemplars int
	// oddNanos tells that a timestamp has nanoseconds that are none.
	oddNanos bool
	// spell writes a bound or quantile as it comes back from the format, by which those are told that were spelled in
	// another way. It is nil if nobody asks.
	spell func([]byte, float64) []byte
	text  []byte
}

func (u *usage) add(f Feature, n int) {
	if n > 0 {
		u.counts[f] += n
		u.set |= 1 << f
	}
}

// surveyOf says of each type which feature it is, if it is more than FeatureType, which one its creation times are, how
// many exemplars a metric has a place for, besides those of its buckets, in formats that have them, and what surveys the
// value of a metric.
var surveyOf = [...]struct {
	feature   Feature
	created   Feature
	exemplars int
	value     func(*usage, *model.Metric) error
}{
	model.Unknown:        {FeatureType, FeatureOtherCreated, 0, (*usage).simple},
	model.Counter:        {FeatureType, FeatureCreated, 1, (*usage).simple},
	model.Gauge:          {FeatureType, FeatureOtherCreated, 0, (*usage).simple},
	model.Histogram:      {FeatureType, FeatureCreated, math.MaxInt, (*usage).histogram},
	model.GaugeHistogram: {FeatureGaugeHistogram, FeatureCreated, math.MaxInt, (*usage).histogram},
	model.Summary:        {FeatureType, FeatureCreated, 0, (*usage).summary},
	model.Info:           {FeatureInfo, FeatureOtherCreated, 0, (*usage).simple},
	model.StateSet:       {FeatureStateSet, FeatureOtherCreated, 0, (*usage).simple},
}

// survey counts the features of f. It gives an error if f contradicts itself, so that no encoder has to reckon with
// that.
func (u *usage) survey(f *model.MetricFamily) error {
	if u.set != 0 || u.oddNanos {
		*u = usage{spell: u.spell, text: u.text}
	}
	if f.Name == "" {
		return errors.New("it has no name")
	}
	if int(f.Type) >= len(surveyOf) {
		return fmt.Errorf("it is of no known type: %d", uint8(f.Type))
	}
	of := &surveyOf[f.Type]
	if of.feature != FeatureType {
		u.add(of.feature, 1)
	}
	if f.HasUnit {
		u.add(FeatureUnit, 1)
	}
	if !f.Type.IsComplex() && areNumbers(f.Metrics) && len(f.Loose) == 0 {
		return nil
	}
	for i := range f.Metrics {
		m := &f.Metrics[i]
		if m.Timestamp.Set {
			u.timestamp(m.Timestamp)
		}
		if m.Extra != nil {
			u.extra(f.Type, m.Extra)
		}
		if err := of.value(u, m); err != nil {
			return fmt.Errorf("metric %d %w", i+1, err)
		}
	}
	if err := u.loose(f.Loose); err != nil {
		return err
	}
	if u.oddNanos {
		return errors.New("it has a timestamp whose nanoseconds are not 0 to 999,999,999")
	}
	return nil
}

// areNumbers reports whether all metrics are nothing but labels and a finite number, as most are.
func areNumbers(metrics []model.Metric) bool {
	for i := range metrics {
		m := &metrics[i]
		if m.Timestamp.Set || m.Extra != nil || !isFinite(m.Value) {
			return false
		}
	}
	return true
}

func (u *usage) simple(m *model.Metric) error {
	if m.Histogram() != nil || m.Summary() != nil {
		return errors.New("is a histogram or a summary, which the family is not")
	}
	u.value(m.Value)
	return nil
}

func (u *usage) extra(typ model.Type, extra *model.Extra) {
	if extra.Created.Set {
		u.add(surveyOf[typ].created, 1)
		u.nanos(extra.Created)
	}
	more := FeatureMoreExemplars
	if surveyOf[typ].exemplars == 0 {
		more = FeatureOtherExemplars
	}
	placed := min(len(extra.Exemplars), surveyOf[typ].exemplars)
	u.add(FeatureExemplars, placed)
	u.add(more, len(extra.Exemplars)-placed)
	for i := range extra.Exemplars {
		u.exemplar(&extra.Exemplars[i])
	}
}

func (u *usage) exemplar(e *model.Exemplar) {
	if !areSet(e.Labels) {
		u.oddExemplars++
	}
	u.nanos(e.Timestamp)
}

func (u *usage) nanos(t model.Timestamp) { u.oddNanos = u.oddNanos || t.Nanos < 0 || t.Nanos >= 1e9 }

func (u *usage) histogram(m *model.Metric) error {
	h := m.Histogram()
	switch {
	case h == nil || m.Summary() != nil:
		return errors.New("is not a histogram, which the family is")
	case h.BoundTexts != nil && len(h.BoundTexts) != len(h.Buckets):
		return fmt.Errorf("has %d buckets and the texts of %d bounds", len(h.Buckets), len(h.BoundTexts))
	}
	u.texts(h.BoundTexts, func(i int) float64 { return h.Buckets[i].UpperBound })
	for _, b := range h.Buckets {
		u.value(b.Count)
	}
	u.totals(h.HasCount, h.Count, h.HasSum, h.Sum)
	last := -1
	for i := range h.Exemplars {
		e := &h.Exemplars[i]
		switch {
		case e.Bucket < max(last, 0) || e.Bucket >= len(h.Buckets):
			return fmt.Errorf("has an exemplar of bucket %d, which does not exist or is out of order", e.Bucket)
		case e.Bucket == last:
			u.add(FeatureMoreExemplars, 1)
		default:
			u.add(FeatureExemplars, 1)
		}
		u.exemplar(&e.Exemplar)
		last = e.Bucket
	}
	if h.Native == nil {
		return nil
	}
	return u.native(h.Native)
}

func (u *usage) native(n *model.NativeHistogram) error {
	if covered(n.NegativeSpans) != uint64(len(n.NegativeCounts)) || covered(n.PositiveSpans) != uint64(len(n.PositiveCounts)) {
		return errors.New("has spans that do not cover its native buckets")
	}
	if hasCustomBounds(n) {
		u.add(FeatureCustomBounds, 1)
	} else {
		u.add(FeatureNativeHistograms, 1)
	}
	return nil
}

// hasCustomBounds reports whether the bounds of n are listed and do not follow from its schema.
func hasCustomBounds(n *model.NativeHistogram) bool { return n.Schema == -53 || n.CustomBounds != nil }

// covered is the number of buckets that spans cover.
func covered(spans []model.Span) uint64 {
	var n uint64
	for _, s := range spans {
		n += uint64(s.Length)
	}
	return n
}

func (u *usage) summary(m *model.Metric) error {
	v := m.Summary()
	switch {
	case v == nil || m.Histogram() != nil:
		return errors.New("is not a summary, which the family is")
	case v.QuantileTexts != nil && len(v.QuantileTexts) != len(v.Quantiles):
		return fmt.Errorf("has %d quantiles and the texts of %d", len(v.Quantiles), len(v.QuantileTexts))
	}
	u.texts(v.QuantileTexts, func(i int) float64 { return v.Quantiles[i].Quantile })
	for _, q := range v.Quantiles {
		u.value(q.Value)
	}
	u.totals(v.HasCount, v.Count, v.HasSum, v.Sum)
	if _, ok := wholeCount(v.Count); v.HasCount && !ok {
		u.add(FeatureAnyCount, 1)
	}
	return nil
}

// texts counts the texts that are not how their numbers are spelled.
func (u *usage) texts(texts []string, number func(int) float64) {
	if u.spell == nil {
		return
	}
	for i, text := range texts {
		if u.text = u.spell(u.text[:0], number(i)); string(u.text) != text {
			u.add(FeatureBoundTexts, 1)
		}
	}
}

func (u *usage) totals(hasCount bool, count float64, hasSum bool, sum float64) {
	if hasCount {
		u.value(count)
	}
	if hasSum {
		u.value(sum)
	}
}

func (u *usage) loose(samples []model.Sample) error {
	for i := range samples {
		s := &samples[i]
		if s.Name == "" {
			return fmt.Errorf("loose sample %d has no name", i+1)
		}
		u.value(s.Value)
		if s.Timestamp.Set {
			u.timestamp(s.Timestamp)
		}
		if s.Exemplar != nil {
			u.add(FeatureOtherExemplars, 1)
			u.exemplar(s.Exemplar)
		}
	}
	u.add(FeatureLooseSamples, len(samples))
	return nil
}

func (u *usage) value(v float64) {
	if !isFinite(v) {
		u.add(FeatureNonFinite, 1)
	}
}

func (u *usage) timestamp(t model.Timestamp) {
	u.nanos(t)
	const far = math.MaxInt64 / 1000 // beyond which milliseconds fit no int64
	if t.Nanos == 0 && -far <= t.Seconds && t.Seconds <= far {
		return
	}
	if _, exact := t.Millis(); !exact {
		u.add(FeatureNanoseconds, 1)
	} else if t.Nanos != 0 {
		u.add(FeatureMilliseconds, 1)
	}
}
