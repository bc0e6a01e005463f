package writer_test

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// document is what is known of the families before.
type document struct {
	// families and samples are the names that are taken in OpenMetrics.
	families, samples map[string]bool
	// types are those of the families before, by name.
	types map[string]model.Type
}

func newDocument() *document {
	return &document{families: make(map[string]bool), samples: make(map[string]bool), types: make(map[string]model.Type)}
}

// take takes a name for a family whose samples have those suffixes, if it is free.
func (d *document) take(name string, suffixes []string) bool {
	clashes := func(suffix string) bool { return d.families[name+suffix] }
	if d.families[name] || d.samples[name] || slices.ContainsFunc(suffixes, clashes) {
		return false
	}
	d.families[name] = true
	for _, suffix := range suffixes {
		d.samples[name+suffix] = true
	}
	return true
}

// place is what a document has for a family.
type place struct {
	// asked tells that there has to be one, and free that there is.
	asked, free bool
	// lacked is the suffix that the name has to have and has not.
	lacked string
	// otherwise tells that there is one only under the name of the samples, for a family of unknown type.
	otherwise bool
}

var openMetrics1Changes = slices.Concat([]change{
	{diag.LossNative, "there are no native buckets", dropNative(anyNative)},
	{diag.LossExemplar, "a counter and a bucket have one exemplar", dropExemplars(1, 1)},
	{diag.LossBoundText, "bounds and quantiles are spelled in one way", spellAgain(canonicalText)},
	{0, "of which nothing needs to be said", forgetTexts(canonicalText)},
}, openMetricsChanges, []change{
	{0, "the name of the family is without the suffix of the samples, and no other family may have one of them", takePlace1},
	{diag.LossNameTaken, "a family whose name is taken is left out", dropPlaceless},
	{diag.LossSuffix, "the samples of a counter and an info have their suffix", addSampleSuffix},
	{diag.LossType, "a counter or info whose name without the suffix is taken has no type", loseType},
	{diag.LossCreated, "then it has no creation times, and a gauge histogram never has", dropCreated(model.Counter, model.Summary, model.Histogram)},
	{diag.LossExemplar, "and no exemplars", dropOtherExemplars},
	{diag.LossUnit, "the unit ends the name, and an info or state set has none", dropUnitOutside(isEndOfName)},
	{0, "a family of which nothing is said has no line of its own", dropUnsaid},
}, openMetricsPoints, openMetricsHistograms(isWhole, isWhole), []change{
	{diag.LossExemplar, "an exemplar is in its bucket", dropOutsiders},
	{diag.LossExemplar, "an exemplar belongs to a bucket", dropBucketless},
	{diag.LossExemplar, "the labels of an exemplar have 128 characters", dropLongExemplars},
	{diag.LossValue, "a sum is not negative or NaN, and not there beside a negative bound", dropOddSums},
	{0, "a count comes with a sum", dropLonelyCounts},
	{diag.LossValue, "nor is the sum of a summary", dropOddSumsOfSummaries},
	{0, "a summary without all that has no line", dropMetrics(isEmptySummary)},
	{0, "bounds and quantiles have a point or an exponent", spellCanonically},
}, openMetricsLoose)

var openMetrics2Changes = slices.Concat([]change{
	{diag.LossNative, "there are no custom bounds", dropNative(customNative)},
	{diag.LossBoundText, "bounds and quantiles are numbers", spellAgain(model.FormatFloat)},
	{0, "of whose texts nothing is known", forgetTexts(model.FormatFloat)},
}, openMetricsChanges, []change{
	{0, "the name of a family is that of its samples", takePlace2},
	{diag.LossSuffix, "the name of an info ends in _info", addInfoSuffix},
	{diag.LossNameTaken, "a family whose name is taken is left out", dropPlaceless},
	{diag.LossCreated, "a gauge histogram has no creation times", dropCreated(model.Counter, model.Summary, model.Histogram)},
	{diag.LossUnit, "an info or state set has no unit", dropUnitOutside(func(*part) bool { return true })},
	{0, "a family of which nothing is said has no line of its own", dropUnsaid},
}, openMetricsPoints, []change{
	{diag.LossIncomplete, "a histogram has a sum", dropMetrics(isSumless)},
	{diag.LossNative, "native buckets are such as Prometheus has them", dropOddNative},
	{0, "spans have buckets", joinSpans},
	{0, "counts that are whole are not told from floats", wholeIsNoFloat},
}, openMetricsHistograms(isCountable, isCountOrGauge), []change{
	{0, "there is a count", countAlways},
	{diag.LossNative, "of which native buckets are the sum", dropNativeOfOtherSum},
	{0, "without them there is the bucket +Inf", addInfinity},
	{diag.LossValue, "the sum of a summary is not negative or NaN", dropOddSumsOfSummaries},
	{diag.LossIncomplete, "a summary has a count and a sum", dropMetrics(isIncompleteSummary)},
	{diag.LossCreated, "a start timestamp is not later than the timestamp", dropLateCreated},
	{diag.LossExemplar, "an exemplar has a timestamp", dropTimelessExemplars},
	{0, "exemplars belong to the bucket that they are in", shareExemplars},
	{0, "the points of a state stand together", sortStates},
}, openMetricsLoose)

// openMetricsChanges are those of both versions that come before all others.
var openMetricsChanges = []change{
	{diag.LossCount, "the count of a summary is a whole number", dropOddCounts},
	{diag.LossExemplar, "types other than counters and histograms have no exemplars", dropOtherExemplars},
	{diag.LossExemplar, "nor have loose samples", dropLooseExemplars},
	{diag.LossCreated, "counters, summaries and histograms have creation times", dropCreated(
		model.Counter, model.Summary, model.Histogram, model.GaugeHistogram)},
}

// openMetricsPoints are those of the points of all types.
var openMetricsPoints = []change{
	{0, "the points of a metric stand together and are in order", sortPoints},
	{diag.LossDuplicate, "there is one at a time, and none without a time beside others", dropRepeatedPoints},
	{diag.LossValue, "a counter is not negative or NaN, and an info is 1", dropOddValues},
	{diag.LossClash, "no label is that of a bucket, quantile or state", dropBoundLabels},
	{diag.LossValue, "quantiles are from 0 to 1, and their values not negative", dropOddQuantiles},
	{0, "quantiles rise", sortQuantiles},
	{diag.LossDuplicate, "a quantile occurs once", dropRepeatedQuantiles},
	{0, "a state set without states has no line", dropMetrics(isStateless)},
}

// openMetricsHistograms are those of histograms whose counts have to be allowed: the first rule is for histograms, the
// second for gauge histograms.
func openMetricsHistograms(ofHistogram, ofGaugeHistogram func(float64) bool) []change {
	allowed := func(typ model.Type) func(float64) bool {
		if typ == model.GaugeHistogram {
			return ofGaugeHistogram
		}
		return ofHistogram
	}
	return []change{
		{diag.LossValue, "counts of buckets are such as the type has them, and bounds are not NaN", dropOddBuckets(allowed)},
		{0, "bounds rise", sortBuckets},
		{diag.LossDuplicate, "a bound occurs once", dropRepeatedBounds},
		{diag.LossValue, "counts do not fall", dropFallingBuckets(allowed)},
		{diag.LossIncomplete, "there is a bucket +Inf or a count", dropUncounted(allowed)},
		{0, "the count is that of the bucket +Inf", addInfinity},
		{diag.LossValue, "up to there", dropFallingBuckets(allowed)},
		{diag.LossExemplar, "the exemplars of what is left out", dropOrphans},
		{diag.LossCount, "the count is that of the bucket +Inf", countInfinity},
	}
}

// openMetricsLoose are those of loose samples.
var openMetricsLoose = []change{
	{diag.LossLoose, "loose samples are families of unknown type", looseByNameApart},
	{diag.LossNameTaken, "if there is a place for them", dropPlacelessApart},
	{diag.LossDuplicate, "one at a time", dropRepeatedApart},
}

func looseByNameApart(d *document, p *part) int {
	slices.SortStableFunc(p.Loose, func(a, b model.Sample) int { return strings.Compare(a.Name, b.Name) })
	n := allLooseApart(d, p)
	for _, f := range p.apart {
		f.HasType = false
		sortPoints(d, &part{MetricFamily: f})
		if !d.take(f.Name, nil) {
			p.placeless = append(p.placeless, f)
		}
	}
	return n
}

func dropPlacelessApart(_ *document, p *part) (n int) {
	for _, f := range p.placeless {
		n += len(f.Metrics)
	}
	p.apart = slices.DeleteFunc(p.apart, func(f *model.MetricFamily) bool { return slices.Contains(p.placeless, f) })
	return n
}

func dropRepeatedApart(d *document, p *part) (n int) {
	for _, f := range p.apart {
		n += dropRepeatedPoints(d, &part{MetricFamily: f})
	}
	return n
}

var suffixesOf1 = map[model.Type][]string{
	model.Counter: {"_total", "_created"}, model.Info: {"_info"}, model.Summary: {"_count", "_sum", "_created"},
	model.Histogram: {"_bucket", "_count", "_sum", "_created"}, model.GaugeHistogram: {"_bucket", "_gcount", "_gsum"},
}

var simpleSuffixes = map[model.Type]string{model.Counter: "_total", model.Info: "_info"}

// isAsked reports whether a document has to have a place for the family.
func isAsked(p *part) bool {
	return len(p.Metrics) > 0 || len(p.Loose) == 0 && (p.HasType || p.HasUnit || p.HasHelp)
}

func takePlace1(d *document, p *part) int {
	full := p.SampleName()
	suffix := simpleSuffixes[p.Type]
	name, ok := strings.CutSuffix(full, suffix)
	if !ok || name == "" {
		p.place.lacked, name = suffix, full
	} else if suffix != "" {
		p.Name, p.Suffix = name, suffix
	}
	p.place.asked = isAsked(p)
	if p.place.asked {
		p.place.free = d.take(name, suffixesOf1[p.Type])
		p.place.otherwise = !p.place.free && suffix != "" && p.place.lacked == "" && d.take(full, nil)
	}
	if p.place.otherwise {
		p.place.free = true
	} else if len(p.Metrics) == 0 && suffix != "" {
		p.Suffix = suffix
	}
	p.gone = !p.place.asked
	return 0
}

func takePlace2(d *document, p *part) int {
	p.Name, p.Suffix = p.SampleName(), ""
	if p.Type == model.Info && (!strings.HasSuffix(p.Name, "_info") || p.Name == "_info") {
		p.place.lacked = "_info"
	}
	p.place.asked = isAsked(p)
	if p.place.asked {
		p.place.free = d.take(p.Name+p.place.lacked, nil)
	}
	p.gone = !p.place.asked
	return 0
}

func dropPlaceless(_ *document, p *part) int {
	if !p.place.asked || p.place.free {
		return 0
	}
	p.gone = true
	p.Metrics = nil
	return 1
}

func addSampleSuffix(_ *document, p *part) int {
	if p.place.lacked == "" || len(p.Metrics) == 0 {
		return 0
	}
	p.Suffix = p.place.lacked
	return 1
}

func addInfoSuffix(_ *document, p *part) int {
	if p.place.lacked == "" || !p.place.asked {
		return 0
	}
	p.Name += p.place.lacked
	return 1
}

func loseType(_ *document, p *part) int {
	if !p.place.otherwise {
		return 0
	}
	p.Name, p.Suffix, p.Type, p.HasType = p.SampleName(), "", model.Unknown, true
	return 1
}

func isEndOfName(p *part) bool { return strings.HasSuffix(p.Name, "_"+p.Unit) }

func dropUnitOutside(fits func(*part) bool) func(*document, *part) int {
	return func(d *document, p *part) int {
		mayHave := p.Type != model.Info && p.Type != model.StateSet
		if p.gone || p.Unit == "" || mayHave && fits(p) && strings.Trim(p.Unit, unitCharacters) == "" {
			return 0
		}
		return dropUnit(d, p)
	}
}

func dropUnsaid(_ *document, p *part) int {
	p.gone = p.gone || len(p.Metrics) == 0 && !p.HasType && !p.HasHelp && !p.HasUnit
	return 0
}

const unitCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:"

var dropOtherExemplars = inMetrics(func(p *part, m *model.Metric) int {
	if p.Type == model.Counter || m.Histogram != nil {
		return 0
	}
	return keepExemplars(m, 0)
})

// canonicalText is f with a point or an exponent, as OpenMetrics has it.
func canonicalText(f float64) string {
	text := model.FormatFloat(f)
	if strings.Trim(text, "-0123456789") == "" {
		text += ".0"
	}
	return text
}

// spellCanonically gives bounds and quantiles without texts those that OpenMetrics has for them.
var spellCanonically = inTexts(func(texts []string, n int, number func(int) float64) ([]string, int) {
	if texts != nil {
		return texts, 0
	}
	differ := false
	for i := range n {
		texts = append(texts, canonicalText(number(i)))
		differ = differ || texts[i] != model.FormatFloat(number(i))
	}
	if !differ {
		return nil, 0
	}
	return texts, 0
})

func sortPoints(_ *document, p *part) int {
	first := make(map[model.Labels]int)
	for i, m := range p.Metrics {
		if _, ok := first[m.Labels.Sorted()]; !ok {
			first[m.Labels.Sorted()] = i
		}
	}
	slices.SortStableFunc(p.Metrics, func(a, b model.Metric) int {
		switch c := first[a.Labels.Sorted()] - first[b.Labels.Sorted()]; {
		case c != 0:
			return c
		case a.Timestamp.Set && b.Timestamp.Set:
			return a.Timestamp.Compare(b.Timestamp)
		case a.Timestamp.Set:
			return -1
		case b.Timestamp.Set:
			return 1
		}
		return 0
	})
	return 0
}

func dropRepeatedPoints(_ *document, p *part) int {
	var kept []model.Metric
	for _, m := range p.Metrics {
		if n := len(kept); n > 0 && m.Labels.SameSet(kept[n-1].Labels) && (!m.Timestamp.Set || m.Timestamp == kept[n-1].Timestamp) {
			continue
		}
		kept = append(kept, m)
	}
	dropped := len(p.Metrics) - len(kept)
	p.Metrics = kept
	return dropped
}

var dropOddValues = dropMetrics(func(p *part, m *model.Metric) bool {
	return p.Type == model.Counter && !(m.Value >= 0) || p.Type == model.Info && m.Value != 1
})

var boundLabels = map[model.Type]string{model.Histogram: "le", model.GaugeHistogram: "le", model.Summary: "quantile"}

var dropBoundLabels = inMetrics(func(p *part, m *model.Metric) int {
	name := boundLabels[p.Type]
	if p.Type == model.StateSet {
		name = p.Name
	}
	if _, ok := m.Labels.Get(name); !ok || name == "" {
		return 0
	}
	m.Labels = m.Labels.Without(name)
	return 1
})

func dropStateLabels(d *document, p *part) int {
	if p.Type != model.StateSet {
		return 0
	}
	return dropBoundLabels(d, p)
}

var dropOddQuantiles = inMetrics(func(_ *part, m *model.Metric) int {
	return inQuantiles(m, func(list []model.Quantile) []model.Quantile {
		return slices.DeleteFunc(list, func(q model.Quantile) bool {
			return !(q.Quantile >= 0 && q.Quantile <= 1) || q.Value < 0
		})
	})
})

var sortQuantiles = inMetrics(func(_ *part, m *model.Metric) int {
	return inQuantiles(m, func(list []model.Quantile) []model.Quantile {
		slices.SortStableFunc(list, func(a, b model.Quantile) int { return cmp.Compare(a.Quantile, b.Quantile) })
		return list
	})
})

var dropRepeatedQuantiles = inMetrics(func(_ *part, m *model.Metric) int {
	return inQuantiles(m, func(list []model.Quantile) []model.Quantile {
		return slices.CompactFunc(list, func(a, b model.Quantile) bool { return a.Quantile == b.Quantile })
	})
})

// inQuantiles changes the quantiles of a summary and says how many are left out.
func inQuantiles(m *model.Metric, change func([]model.Quantile) []model.Quantile) int {
	if m.Summary == nil {
		return 0
	}
	before := len(m.Summary.Quantiles)
	m.Summary.Quantiles = change(m.Summary.Quantiles)
	return before - len(m.Summary.Quantiles)
}

// orphan is the index of a bucket that has been left out.
const orphan = math.MinInt

// inBuckets puts the buckets with the given indexes in the place of all, and says how many are left out.
func inBuckets(h *model.HistogramValue, kept []int) int {
	become := make(map[int]int)
	for i, index := range kept {
		become[index] = i
	}
	for i := range h.Exemplars {
		e := &h.Exemplars[i]
		if place, ok := become[e.Bucket]; ok {
			e.Bucket = place
		} else {
			e.Bucket = orphan
		}
	}
	slices.SortStableFunc(h.Exemplars, func(a, b model.BucketExemplar) int { return cmp.Compare(a.Bucket, b.Bucket) })
	dropped := len(h.Buckets) - len(kept)
	h.Buckets = chosen(h.Buckets, kept)
	return dropped
}

func dropOddBuckets(allowed func(model.Type) func(float64) bool) func(*document, *part) int {
	return inMetrics(func(p *part, m *model.Metric) int {
		h := m.Histogram
		if h == nil || !hasClassic(h) {
			return 0
		}
		var kept []int
		for i, b := range h.Buckets {
			if allowed(p.Type)(b.Count) && !math.IsNaN(b.UpperBound) {
				kept = append(kept, i)
			}
		}
		return inBuckets(h, kept)
	})
}

var sortBuckets = inMetrics(func(_ *part, m *model.Metric) int {
	h := m.Histogram
	if h == nil {
		return 0
	}
	order := make([]int, len(h.Buckets))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(h.Buckets[a].UpperBound, h.Buckets[b].UpperBound) })
	return inBuckets(h, order)
})

var dropRepeatedBounds = inMetrics(func(_ *part, m *model.Metric) int {
	h := m.Histogram
	if h == nil {
		return 0
	}
	var kept []int
	for i, b := range h.Buckets {
		if i == 0 || b.UpperBound != h.Buckets[i-1].UpperBound {
			kept = append(kept, i)
		}
	}
	return inBuckets(h, kept)
})

// hasClassic reports whether h has classic buckets, or has to have some.
func hasClassic(h *model.HistogramValue) bool { return h.Native == nil || len(h.Buckets) > 0 }

// hasInfinity reports whether h has the bucket +Inf, whose buckets are in order.
func hasInfinity(h *model.HistogramValue) bool {
	n := len(h.Buckets)
	return n > 0 && math.IsInf(h.Buckets[n-1].UpperBound, 1)
}

// dropUncounted leaves out the histograms without a bucket +Inf and without a count that may stand there.
func dropUncounted(allowed func(model.Type) func(float64) bool) func(*document, *part) int {
	return dropMetrics(func(p *part, m *model.Metric) bool {
		h := m.Histogram
		return h != nil && !hasInfinity(h) && (!h.HasCount || !allowed(p.Type)(h.Count))
	})
}

var addInfinity = inMetrics(func(_ *part, m *model.Metric) int {
	if h := m.Histogram; h != nil && h.HasCount && !hasInfinity(h) && hasClassic(h) {
		h.Buckets = append(h.Buckets, model.Bucket{UpperBound: math.Inf(1), Count: h.Count})
	}
	return 0
})

// dropFallingBuckets leaves out buckets that count more than one behind them, unless counts may be negative.
func dropFallingBuckets(allowed func(model.Type) func(float64) bool) func(*document, *part) int {
	return inMetrics(func(p *part, m *model.Metric) int {
		h := m.Histogram
		if h == nil || allowed(p.Type)(-1) {
			return 0
		}
		var kept []int
		limit := math.Inf(1)
		for i, b := range slices.Backward(h.Buckets) {
			if b.Count <= limit {
				kept = append(kept, i)
				limit = b.Count
			}
		}
		slices.Reverse(kept)
		return inBuckets(h, kept)
	})
}

// dropBucketExemplars leaves out the exemplars of buckets of which that is true.
func dropBucketExemplars(drop func(*model.HistogramValue, *model.BucketExemplar) bool) func(*document, *part) int {
	return inMetrics(func(_ *part, m *model.Metric) int {
		h := m.Histogram
		if h == nil {
			return 0
		}
		before := len(h.Exemplars)
		h.Exemplars = slices.DeleteFunc(h.Exemplars, func(e model.BucketExemplar) bool { return drop(h, &e) })
		return before - len(h.Exemplars)
	})
}

var dropOrphans = dropBucketExemplars(func(_ *model.HistogramValue, e *model.BucketExemplar) bool { return e.Bucket == orphan })

var dropOutsiders = dropBucketExemplars(func(h *model.HistogramValue, e *model.BucketExemplar) bool {
	return !(e.Value <= h.Buckets[e.Bucket].UpperBound)
})

var dropBucketless = inMetrics(func(_ *part, m *model.Metric) int {
	if m.Histogram == nil {
		return 0
	}
	return keepExemplars(m, 0)
})

func dropLongExemplars(d *document, p *part) int {
	n := dropBucketExemplars(func(_ *model.HistogramValue, e *model.BucketExemplar) bool { return isLong(&e.Exemplar) })(d, p)
	return n + inMetrics(func(_ *part, m *model.Metric) int {
		if len(m.Exemplars()) == 0 || !isLong(&m.Extra.Exemplars[0]) {
			return 0
		}
		return keepExemplars(m, 0)
	})(d, p)
}

func isLong(e *model.Exemplar) bool {
	n := 0
	for name, value := range e.Labels.All() {
		n += utf8.RuneCountInString(name) + utf8.RuneCountInString(value)
	}
	return n > 128
}

var countInfinity = inMetrics(func(_ *part, m *model.Metric) int {
	h := m.Histogram
	if h == nil || !h.HasCount || !hasInfinity(h) {
		return 0
	}
	last := h.Buckets[len(h.Buckets)-1].Count
	if cmp.Compare(h.Count, last) == 0 {
		return 0
	}
	h.Count = last
	return 1
})

var dropOddSums = inMetrics(func(p *part, m *model.Metric) int {
	h := m.Histogram
	if h == nil || !h.HasSum {
		return 0
	}
	negative := len(h.Buckets) > 0 && h.Buckets[0].UpperBound < 0
	if p.Type == model.Histogram && h.Sum >= 0 && !negative {
		return 0
	}
	if p.Type == model.GaugeHistogram && (h.Sum >= 0 || negative && !math.IsNaN(h.Sum)) {
		return 0
	}
	h.HasSum, h.Sum = false, 0
	return 1
})

var dropLonelyCounts = inMetrics(func(_ *part, m *model.Metric) int {
	h := m.Histogram
	if h == nil || !hasInfinity(h) {
		return 0
	}
	last := h.Buckets[len(h.Buckets)-1].Count
	switch {
	case h.HasSum && !h.HasCount:
		h.HasCount, h.Count = true, last
	case !h.HasSum && h.HasCount && h.Count == last: // which still says it
		h.HasCount, h.Count = false, 0
	}
	return 0
})

var dropOddSumsOfSummaries = inMetrics(func(_ *part, m *model.Metric) int {
	v := m.Summary
	if v == nil || !v.HasSum || v.Sum >= 0 {
		return 0
	}
	v.HasSum, v.Sum = false, 0
	return 1
})

func isEmptySummary(_ *part, m *model.Metric) bool {
	v := m.Summary
	return v != nil && len(v.Quantiles) == 0 && !v.HasCount && !v.HasSum && !m.Created().Set
}

func isSumless(_ *part, m *model.Metric) bool { return m.Histogram != nil && !m.Histogram.HasSum }

func isIncompleteSummary(_ *part, m *model.Metric) bool {
	return m.Summary != nil && !(m.Summary.HasCount && m.Summary.HasSum)
}

func isStateless(p *part, m *model.Metric) bool {
	return p.Type == model.StateSet && len(m.States()) == 0
}

func isCountable(n float64) bool { return n >= 0 }

func isCountOrGauge(float64) bool { return true }

var dropOddNative = inMetrics(func(p *part, m *model.Metric) int {
	if m.Histogram == nil || m.Histogram.Native == nil {
		return 0
	}
	n := m.Histogram.Native
	_, negative := joined(n.NegativeSpans)
	_, positive := joined(n.PositiveSpans)
	allowed := isCountOrGauge
	if p.Type == model.Histogram {
		allowed = isCountable
	}
	odd := func(count float64) bool { return !allowed(count) }
	if n.Schema >= -4 && n.Schema <= 8 && n.ZeroThreshold >= 0 && !math.IsInf(n.ZeroThreshold, 1) && negative && positive &&
		!odd(n.ZeroCount) && !slices.ContainsFunc(n.NegativeCounts, odd) && !slices.ContainsFunc(n.PositiveCounts, odd) {
		return 0
	}
	m.Histogram.Native = nil
	return 1
})

// joined are the spans that have buckets, and whether each begins behind the one before.
func joined(spans []model.Span) (list []model.Span, ok bool) {
	offset := int32(0)
	for _, s := range spans {
		offset += s.Offset
		if s.Length == 0 {
			continue
		}
		if len(list) > 0 && offset < 0 {
			return nil, false
		}
		list = append(list, model.Span{Offset: offset, Length: s.Length})
		offset = 0
	}
	return list, true
}

var joinSpans = inMetrics(func(_ *part, m *model.Metric) int {
	if h := m.Histogram; h != nil && h.Native != nil {
		h.Native.NegativeSpans, _ = joined(h.Native.NegativeSpans)
		h.Native.PositiveSpans, _ = joined(h.Native.PositiveSpans)
	}
	return 0
})

var wholeIsNoFloat = inMetrics(func(_ *part, m *model.Metric) int {
	if h := m.Histogram; h != nil && h.Native != nil {
		counts := slices.Concat([]float64{h.Count, h.Native.ZeroCount}, h.Native.NegativeCounts, h.Native.PositiveCounts)
		h.Native.Float = slices.ContainsFunc(counts, func(n float64) bool { return !isWhole(n) })
	}
	return 0
})

var countAlways = inMetrics(func(_ *part, m *model.Metric) int {
	if h := m.Histogram; h != nil && hasInfinity(h) && !h.HasCount {
		h.HasCount, h.Count = true, h.Buckets[len(h.Buckets)-1].Count
	}
	return 0
})

var dropNativeOfOtherSum = inMetrics(func(_ *part, m *model.Metric) int {
	h := m.Histogram
	if h == nil || h.Native == nil {
		return 0
	}
	sum := h.Native.ZeroCount
	for _, count := range slices.Concat(h.Native.NegativeCounts, h.Native.PositiveCounts) {
		sum += count
	}
	missing := h.Count - sum
	if !(math.Abs(missing) > 1e-9*math.Abs(h.Count)) || math.IsInf(missing, 0) || math.IsNaN(h.Sum) && missing > 0 {
		return 0
	}
	h.Native = nil
	return 1
})

var dropLateCreated = inMetrics(func(_ *part, m *model.Metric) int {
	if created := m.Created(); !created.Set || !m.Timestamp.Set || created.Compare(m.Timestamp) <= 0 {
		return 0
	}
	m.Extra.Created = model.Timestamp{}
	return 1
})

func dropTimelessExemplars(d *document, p *part) int {
	n := dropBucketExemplars(func(_ *model.HistogramValue, e *model.BucketExemplar) bool { return !e.Timestamp.Set })(d, p)
	return n + inMetrics(func(_ *part, m *model.Metric) int {
		before := len(m.Exemplars())
		if before == 0 {
			return 0
		}
		m.Extra.Exemplars = slices.DeleteFunc(m.Extra.Exemplars, func(e model.Exemplar) bool { return !e.Timestamp.Set })
		return before - len(m.Exemplars())
	})(d, p)
}

// shareExemplars gives the exemplars of a histogram to its buckets, if it has any.
var shareExemplars = inMetrics(func(_ *part, m *model.Metric) int {
	h := m.Histogram
	if h == nil {
		return 0
	}
	var all []model.Exemplar
	for _, e := range h.Exemplars {
		all = append(all, e.Exemplar)
	}
	all = append(all, m.Exemplars()...)
	if len(all) == 0 {
		return 0
	}
	if m.Extra == nil {
		m.Extra = &model.Extra{}
	}
	h.Exemplars, m.Extra.Exemplars = nil, nil
	if len(h.Buckets) == 0 {
		m.Extra.Exemplars = all
		return 0
	}
	for _, e := range all {
		bucket := slices.IndexFunc(h.Buckets, func(b model.Bucket) bool { return e.Value <= b.UpperBound })
		if bucket < 0 { // it is not a number
			bucket = len(h.Buckets) - 1
		}
		h.Exemplars = append(h.Exemplars, model.BucketExemplar{Bucket: bucket, Exemplar: e})
	}
	slices.SortStableFunc(h.Exemplars, func(a, b model.BucketExemplar) int { return cmp.Compare(a.Bucket, b.Bucket) })
	return 0
})

// sortStates puts the states of all points of a state set into the order in which they come first.
func sortStates(_ *document, p *part) int {
	type state struct {
		labels model.Labels
		name   string
	}
	ranks := make(map[state]int)
	for _, m := range p.Metrics {
		for _, s := range m.States() {
			at := state{m.Labels.Sorted(), s.Name}
			if _, ok := ranks[at]; !ok {
				ranks[at] = len(ranks)
			}
		}
	}
	for _, m := range p.Metrics {
		rank := func(s model.State) int { return ranks[state{m.Labels.Sorted(), s.Name}] }
		slices.SortStableFunc(m.States(), func(a, b model.State) int { return cmp.Compare(rank(a), rank(b)) })
	}
	return 0
}
