package writer_test

import (
	"math"
	"slices"
	"strings"

	prommodel "github.com/prometheus/common/model"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// change is something that writing families in a format and reading them again makes of one.
type change struct {
	// rule is by which the change is reported. What has none is the nature of the format, and nothing is lost by it.
	rule diag.Rule
	// what says what is changed.
	what string
	// make makes the change and says how often.
	make func(*document, *part) int
}

// part is what becomes of a family.
type part struct {
	*model.MetricFamily
	// gone tells that nothing is left of the family itself.
	gone bool
	// apart are families that what was in the family has become, and placeless those of them whose names are taken.
	apart, placeless []*model.MetricFamily
	place            place
}

// changesOf are the changes that each format makes, in order. This is all that is lost in it, and all that is different
// without being lost.
var changesOf = map[writer.Format][]change{
	writer.Text: slices.Concat([]change{
		{diag.LossName, "characters that names cannot have become underscores", escapeNames},
		{diag.LossClash, "of labels whose names become one the first is kept", keepFirstLabels},
	}, textChanges),
	writer.Text1:        textChanges,
	writer.OpenMetrics:  openMetrics1Changes,
	writer.OpenMetrics2: openMetrics2Changes,
	writer.Protobuf:     protobufChanges,
	writer.Prototext:    protobufChanges,
	writer.JSON: {
		{diag.LossDuplicate, "the second bucket or quantile of the same text is left out", dropRepeatedTexts},
	},
}

var textChanges = []change{
	{diag.LossUnit, "there are no units", dropUnit},
	{diag.LossNative, "there are no native buckets", dropNative(anyNative)},
	{diag.LossExemplar, "there are no exemplars", dropExemplars(0, 0)},
	{diag.LossExemplar, "not in loose samples either", dropLooseExemplars},
	{diag.LossCreated, "there are no creation times", dropCreated()},
	{diag.LossTimestamp, "timestamps are milliseconds", roundTimestamps},
	{diag.LossLoose, "a sample of a name that the type does not have is a family of its own", looseOfOtherNamesApart},
	{diag.LossClash, "no label is that of a bucket, quantile or state", dropBoundLabels},
	{diag.LossType, "types are those of Prometheus", nearestTextType},
	{0, "a sample of the name of a simple type is one of its metrics", adoptLoose},
	{0, "the suffix of the samples is part of the name", joinSuffix},
	{0, "blanks before a help text are not part of it", trimHelp},
	{0, "what has no line is not there", dropLineless},
}

var protobufChanges = []change{
	{diag.LossCount, "the count of a summary is a whole number", dropOddCounts},
	{diag.LossBoundText, "bounds and quantiles are numbers", spellAgain(model.FormatFloat)},
	{0, "of whose texts nothing is known", forgetTexts(model.FormatFloat)},
	{diag.LossNative, "there is no place for custom bounds", dropNative(customNative)},
	{diag.LossExemplar, "a counter and a bucket have one exemplar, others none", dropExemplars(1, 1)},
	{diag.LossExemplar, "nor have loose samples", dropLooseExemplars},
	{diag.LossCreated, "counters, summaries and histograms have creation times", dropCreated(
		model.Counter, model.Summary, model.Histogram, model.GaugeHistogram)},
	{diag.LossTimestamp, "timestamps are milliseconds", roundTimestamps},
	{diag.LossLoose, "loose samples are untyped families", allLooseApart},
	{diag.LossClash, "no label is that of a state", dropStateLabels},
	{diag.LossType, "an info or state set is a gauge", nearestProtobufType},
	{0, "the suffix of the samples is part of the name", joinSuffix},
	{0, "every message has a type, and one without follows as loose samples of that name", stateType},
}

// inMetrics makes a change of one metric a change of all.
func inMetrics(change func(*part, *model.Metric) int) func(*document, *part) int {
	return func(_ *document, p *part) (n int) {
		for i := range p.Metrics {
			m := &p.Metrics[i]
			n += change(p, m)
			if x := m.Extra; x != nil && !x.Created.Set && len(x.Exemplars)+len(x.States) == 0 {
				m.Extra = nil
			}
		}
		return n
	}
}

// dropMetrics leaves out the metrics of which that is true.
func dropMetrics(drop func(*part, *model.Metric) bool) func(*document, *part) int {
	return func(_ *document, p *part) int {
		before := len(p.Metrics)
		p.Metrics = slices.DeleteFunc(p.Metrics, func(m model.Metric) bool { return drop(p, &m) })
		return before - len(p.Metrics)
	}
}

func dropUnit(_ *document, p *part) int {
	if !p.HasUnit {
		return 0
	}
	p.HasUnit, p.Unit = false, ""
	return 1
}

func anyNative(*model.NativeHistogram) bool { return true }

func customNative(n *model.NativeHistogram) bool { return n.Schema == -53 || n.CustomBounds != nil }

func dropNative(drop func(*model.NativeHistogram) bool) func(*document, *part) int {
	return inMetrics(func(_ *part, m *model.Metric) int {
		if m.Histogram == nil || m.Histogram.Native == nil || !drop(m.Histogram.Native) {
			return 0
		}
		m.Histogram.Native = nil
		return 1
	})
}

// dropExemplars leaves out the exemplars beyond that many of a counter, and beyond that many of a bucket. Without any
// those of histograms as such are left out as well, and those of other types always are.
func dropExemplars(ofCounter, ofBucket int) func(*document, *part) int {
	return inMetrics(func(p *part, m *model.Metric) (n int) {
		if h := m.Histogram; h != nil {
			had := make(map[int]int)
			before := len(h.Exemplars)
			h.Exemplars = slices.DeleteFunc(h.Exemplars, func(e model.BucketExemplar) bool {
				had[e.Bucket]++
				return had[e.Bucket] > ofBucket
			})
			n += before - len(h.Exemplars)
		}
		kept := len(m.Exemplars())
		switch {
		case p.Type == model.Counter:
			kept = min(kept, ofCounter)
		case m.Histogram == nil || ofBucket == 0:
			kept = 0
		}
		return n + keepExemplars(m, kept)
	})
}

// keepExemplars leaves out the exemplars of a metric as such beyond that many.
func keepExemplars(m *model.Metric, kept int) (dropped int) {
	if dropped = len(m.Exemplars()) - kept; dropped > 0 {
		m.Extra.Exemplars = m.Extra.Exemplars[:kept]
	}
	return dropped
}

func dropLooseExemplars(_ *document, p *part) (n int) {
	for i := range p.Loose {
		if s := &p.Loose[i]; s.Exemplar != nil {
			s.Exemplar = nil
			n++
		}
	}
	return n
}

// dropCreated leaves out the creation times of all types but those.
func dropCreated(but ...model.Type) func(*document, *part) int {
	return inMetrics(func(p *part, m *model.Metric) int {
		if !m.Created().Set || slices.Contains(but, p.Type) {
			return 0
		}
		m.Extra.Created = model.Timestamp{}
		return 1
	})
}

func roundTimestamps(_ *document, p *part) (n int) {
	round := func(t *model.Timestamp) {
		ms, exact := t.Millis()
		if t.Set && !exact {
			*t = model.TimestampFromMillis(ms)
			n++
		}
	}
	for i := range p.Metrics {
		round(&p.Metrics[i].Timestamp)
	}
	for i := range p.Loose {
		round(&p.Loose[i].Timestamp)
	}
	return n
}

func dropOddCounts(_ *document, p *part) int {
	return inMetrics(func(_ *part, m *model.Metric) int {
		v := m.Summary
		if v == nil || !v.HasCount || isWhole(v.Count) {
			return 0
		}
		v.HasCount, v.Count = false, 0
		return 1
	})(nil, p)
}

// isWhole reports whether n is a count that 64 bits hold.
func isWhole(n float64) bool { return n >= 0 && n < 1<<64 && n == math.Trunc(n) }

// inTexts changes the texts of bounds and quantiles, of which there may be none, given their numbers.
func inTexts(change func(texts []string, n int, number func(int) float64) (changed []string, times int)) func(*document, *part) int {
	return inMetrics(func(_ *part, m *model.Metric) (times int) {
		if h := m.Histogram; h != nil {
			h.BoundTexts, times = change(h.BoundTexts, len(h.Buckets), func(i int) float64 { return h.Buckets[i].UpperBound })
		}
		if v := m.Summary; v != nil {
			v.QuantileTexts, times = change(v.QuantileTexts, len(v.Quantiles), func(i int) float64 { return v.Quantiles[i].Quantile })
		}
		return times
	})
}

// spellAgain spells bounds and quantiles in one way, and says how many were spelled in another.
func spellAgain(spell func(float64) string) func(*document, *part) int {
	return inTexts(func(texts []string, _ int, number func(int) float64) (_ []string, times int) {
		for i, text := range texts {
			if texts[i] = spell(number(i)); texts[i] != text {
				times++
			}
		}
		return texts, times
	})
}

// forgetTexts forgets how bounds and quantiles are spelled if that is in one way.
func forgetTexts(spell func(float64) string) func(*document, *part) int {
	return inTexts(func(texts []string, _ int, number func(int) float64) ([]string, int) {
		for i, text := range texts {
			if text != spell(number(i)) {
				return texts, 0
			}
		}
		return nil, 0
	})
}

// dropRepeatedTexts leaves out a bucket or quantile that is spelled like one before. Its exemplars become those of that.
var dropRepeatedTexts = inMetrics(func(_ *part, m *model.Metric) (n int) {
	if h := m.Histogram; h != nil {
		kept, become := firstOnes(len(h.Buckets), h.BoundText)
		n += len(h.Buckets) - len(kept)
		h.Buckets, h.BoundTexts = chosen(h.Buckets, kept), chosen(h.BoundTexts, kept)
		for i := range h.Exemplars {
			h.Exemplars[i].Bucket = become[h.Exemplars[i].Bucket]
		}
		slices.SortStableFunc(h.Exemplars, func(a, b model.BucketExemplar) int { return a.Bucket - b.Bucket })
	}
	if v := m.Summary; v != nil {
		kept, _ := firstOnes(len(v.Quantiles), v.QuantileText)
		n += len(v.Quantiles) - len(kept)
		v.Quantiles, v.QuantileTexts = chosen(v.Quantiles, kept), chosen(v.QuantileTexts, kept)
	}
	return n
})

// firstOnes are the indexes of the texts that are not there before, and which of these each text is.
func firstOnes(n int, text func(int) string) (kept []int, become map[int]int) {
	places := make(map[string]int)
	become = make(map[int]int)
	for i := range n {
		place, ok := places[text(i)]
		if !ok {
			place = len(kept)
			places[text(i)] = place
			kept = append(kept, i)
		}
		become[i] = place
	}
	return kept, become
}

func chosen[T any](all []T, indexes []int) (list []T) {
	if all == nil {
		return nil
	}
	for _, i := range indexes {
		list = append(list, all[i])
	}
	return list
}

func escapeNames(_ *document, p *part) (n int) {
	escape := func(name string) string {
		escaped := prommodel.EscapeName(name, prommodel.UnderscoreEscaping)
		if escaped != name {
			n++
		}
		return escaped
	}
	labels := func(ls model.Labels) model.Labels {
		list := ls.Slice()
		for i, l := range list {
			list[i].Name = strings.ReplaceAll(escape(strings.ReplaceAll(l.Name, ":", ".")), ":", "_")
		}
		return model.LabelsOf(list...)
	}
	before := p.SampleName()
	if name := escape(before); name != before {
		p.Name, p.Suffix = name, ""
		if p.Type == model.StateSet {
			n += len(p.Metrics) // it is the name of the label as well
		}
	}
	for i := range p.Metrics {
		p.Metrics[i].Labels = labels(p.Metrics[i].Labels)
	}
	for i := range p.Loose {
		s := &p.Loose[i]
		s.Name, s.Labels = escape(s.Name), labels(s.Labels)
	}
	return n
}

func keepFirstLabels(_ *document, p *part) (n int) {
	unique := func(ls *model.Labels) {
		var kept []model.Label
		for name, value := range ls.All() {
			if slices.ContainsFunc(kept, func(l model.Label) bool { return l.Name == name }) {
				n++
				continue
			}
			kept = append(kept, model.Label{Name: name, Value: value})
		}
		*ls = model.LabelsOf(kept...)
	}
	for i := range p.Metrics {
		unique(&p.Metrics[i].Labels)
	}
	for i := range p.Loose {
		unique(&p.Loose[i].Labels)
	}
	return n
}

// textSuffixes are those of the samples that stay with a family of the type, even if it has no place for them.
var textSuffixes = map[model.Type][]string{
	model.Histogram: {"_bucket", "_sum", "_count"}, model.GaugeHistogram: {"_bucket", "_sum", "_count"}, model.Summary: {"_sum", "_count"},
}

func looseOfOtherNamesApart(_ *document, p *part) (n int) {
	var stay []model.Sample
	for _, s := range p.Loose {
		suffix, ok := strings.CutPrefix(s.Name, p.SampleName())
		switch {
		case !ok || suffix != "" && !slices.Contains(textSuffixes[p.Type], suffix):
			p.apart = append(p.apart, &model.MetricFamily{Name: s.Name, Metrics: []model.Metric{metricOf(s)}})
			n++
		default:
			stay = append(stay, s)
		}
	}
	p.Loose = stay
	return n
}

func adoptLoose(_ *document, p *part) int {
	if !p.Type.IsComplex() {
		for _, s := range p.Loose {
			p.Metrics = append(p.Metrics, metricOf(s))
		}
		p.Loose = nil
	}
	return 0
}

func metricOf(s model.Sample) model.Metric {
	return model.Metric{Labels: s.Labels, Value: s.Value, Timestamp: s.Timestamp}
}

func nearestTextType(_ *document, p *part) int {
	if p.Type != model.GaugeHistogram {
		return asGauge(p)
	}
	p.Type = model.Histogram
	count := totalApart(p, "_gcount", func(h *model.HistogramValue) (float64, *bool) { return h.Count, &h.HasCount })
	sum := totalApart(p, "_gsum", func(h *model.HistogramValue) (float64, *bool) { return h.Sum, &h.HasSum })
	for i := range p.Metrics {
		h := p.Metrics[i].Histogram
		h.Count, h.Sum = 0, 0
	}
	p.apart = append(p.apart, count...)
	p.apart = append(p.apart, sum...)
	return 1
}

// totalApart makes a gauge of the count or sum of a gauge histogram.
func totalApart(p *part, suffix string, total func(*model.HistogramValue) (float64, *bool)) []*model.MetricFamily {
	gauge := &model.MetricFamily{Name: p.Name + suffix}
	if !p.Continued {
		gauge.Type, gauge.HasType, gauge.HasHelp, gauge.Help = model.Gauge, p.HasType, p.HasHelp, p.Help
	}
	for _, m := range p.Metrics {
		if value, has := total(m.Histogram); *has {
			*has = false
			gauge.Metrics = append(gauge.Metrics, model.Metric{Labels: m.Labels, Value: value, Timestamp: m.Timestamp})
		}
	}
	if gauge.Metrics == nil {
		return nil
	}
	return []*model.MetricFamily{gauge}
}

// asGauge makes a gauge of an info or a state set, in this case one of each state.
func asGauge(p *part) int {
	switch p.Type {
	case model.Info:
		p.Type = model.Gauge
		return 1
	case model.StateSet:
		p.Type = model.Gauge
		var gauges []model.Metric
		for _, m := range p.Metrics {
			for _, state := range m.States() {
				gauge := model.Metric{Labels: m.Labels.With(p.Name, state.Name), Timestamp: m.Timestamp}
				if state.Enabled {
					gauge.Value = 1
				}
				gauges = append(gauges, gauge)
			}
		}
		p.Metrics = gauges
		return 1
	}
	return 0
}

func joinSuffix(_ *document, p *part) int {
	p.Name, p.Suffix = p.SampleName(), ""
	return 0
}

func trimHelp(_ *document, p *part) int {
	p.Help = strings.TrimLeft(p.Help, " \t")
	for _, f := range p.apart {
		f.Help = strings.TrimLeft(f.Help, " \t")
	}
	return 0
}

func dropLineless(_ *document, p *part) int {
	dropMetrics(func(_ *part, m *model.Metric) bool {
		if h := m.Histogram; h != nil {
			return len(h.Buckets) == 0 && !h.HasCount && !h.HasSum
		}
		v := m.Summary
		return v != nil && len(v.Quantiles) == 0 && !v.HasCount && !v.HasSum
	})(nil, p)
	stated := p.HasType && !p.TypeRepeated || p.HasHelp && !p.HelpRepeated
	p.gone = len(p.Metrics)+len(p.Loose) == 0 && !stated
	return 0
}

// allLooseApart makes a family of each run of loose samples of a name.
func allLooseApart(_ *document, p *part) int {
	n := len(p.Loose)
	for i, s := range p.Loose {
		if i == 0 || s.Name != p.Loose[i-1].Name {
			p.apart = append(p.apart, &model.MetricFamily{Name: s.Name, HasType: true})
		}
		last := p.apart[len(p.apart)-1]
		last.Metrics = append(last.Metrics, metricOf(s))
	}
	p.Loose = nil
	return n
}

func nearestProtobufType(_ *document, p *part) int { return asGauge(p) }

func stateType(d *document, p *part) int {
	p.HasType = true
	for _, f := range append([]*model.MetricFamily{p.MetricFamily}, p.apart...) {
		if typ, known := d.types[f.Name]; known && typ != model.Unknown && f.Type == model.Unknown {
			f.Loose = slices.Collect(f.Samples())
			f.Metrics = nil
		} else {
			d.types[f.Name] = f.Type
		}
	}
	return 0
}
