package writer_test

import (
	"slices"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
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
	// behind is how many of those apart come before the family itself.
	behind int
	place  place
	// states is the name of the label that tells states apart, if it is not that of the family.
	states string
	// ownName is that of the samples before it was escaped.
	ownName string
}

// changesOf are the changes that each format makes, in order. This is all that is lost in it, and all that is different
// without being lost.
var changesOf = map[format.Format][]change{
	format.Text: slices.Concat([]change{
		{0, "a family has its name", noteOwnName},
		{diag.LossName, "characters that names cannot have become underscores", escapeNames},
		{0, "and that which is written, if it is the first", noteOwner},
		{diag.LossClash, "else it is a part of the first", joinOwner},
		{diag.LossClash, "of labels whose names become one the first is kept", keepFirstLabels},
	}, textChanges),
	format.Text1:               textChanges,
	format.OpenMetrics:         openMetrics1Changes,
	format.OpenMetrics2:        openMetrics2Changes,
	format.Protobuf:            protobufChanges,
	format.Prototext:           protobufChanges,
	format.OpenMetricsProtobuf: openMetricsProtobufChanges,
	format.JSON: {
		{diag.LossDuplicate, "the second bucket or quantile of the same text is left out", dropRepeatedTexts},
		{0, "where texts stand in order, as programs leave them that sort members, numbers are put in order", sortByNumber},
	},
}

// changesOfAll are those that every format makes before any of its own.
var changesOfAll = []change{
	{diag.LossExemplar, "the labels of an exemplar have names, none of them twice", dropOddExemplars},
}

var textChanges = []change{
	{diag.LossUnit, "there are no units", dropUnit},
	{0, "beside native buckets there is the bucket +Inf", addInfinityToNative},
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
	{0, "help text and type stand at the first part of a family, if at all", forgetRepeated},
	{0, "carriage returns behind a help text are part of the line's end", trimReturns},
	{0, "blanks before a help text are not part of it", trimHelp},
	{0, "what has no line is not there", dropLineless},
}

var protobufChanges = []change{
	{diag.LossCount, "the count of a summary is a whole number", dropOddCounts},
	{diag.LossBoundText, "bounds and quantiles are numbers", spellAgain(model.FormatFloat)},
	{0, "of whose texts nothing is known", forgetTexts(model.FormatFloat)},
	{diag.LossNative, "there is no place for custom bounds", dropNative(customNative)},
	{0, "a lone span of nothing tells only that there are native buckets", dropLoneSpans},
	{0, "the bucket +Inf is there if it was left out", addInfinity},
	{diag.LossExemplar, "a counter and a bucket have one exemplar, others none", dropExemplars(1, 1)},
	{diag.LossExemplar, "nor have loose samples", dropLooseExemplars},
	{diag.LossCreated, "counters, summaries and histograms have creation times", dropCreated(
		model.Counter, model.Summary, model.Histogram, model.GaugeHistogram)},
	{diag.LossTimestamp, "timestamps are milliseconds", roundTimestamps},
	{diag.LossLoose, "loose samples are untyped families", allLooseApart},
	{diag.LossClash, "no label is that of a state", dropStateLabels},
	{diag.LossType, "an info or state set is a gauge", asGauge},
	{0, "the suffix of the samples is part of the name", joinSuffix},
	{0, "every message has a type, and one without follows as loose samples of that name", stateType},
}

// inMetrics makes a change of one metric a change of all.
func inMetrics(change func(*part, *model.Metric) int) func(*document, *part) int {
	return func(_ *document, p *part) (n int) {
		for i := range p.Metrics {
			m := &p.Metrics[i]
			n += change(p, m)
			if x := m.Extra; x != nil && x.Histogram == nil && x.Summary == nil && !x.Created.Set && len(x.Exemplars)+len(x.States) == 0 {
				m.Extra = nil
			}
		}
		return n
	}
}

// without is a list without some elements, nil if there are no others.
func without[T any](list []T, drop func(T) bool) (kept []T) {
	for _, x := range list {
		if !drop(x) {
			kept = append(kept, x)
		}
	}
	return kept
}

// dropMetrics leaves out the metrics of which that is true.
func dropMetrics(drop func(*part, *model.Metric) bool) func(*document, *part) int {
	return func(_ *document, p *part) int {
		before := len(p.Metrics)
		p.Metrics = without(p.Metrics, func(m model.Metric) bool { return drop(p, &m) })
		return before - len(p.Metrics)
	}
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

func nearestTextType(d *document, p *part) int {
	if p.Type != model.GaugeHistogram {
		return asGauge(d, p)
	}
	p.Type = model.Histogram
	count := totalApart(p, "_gcount", func(h *model.HistogramValue) (float64, *bool) { return h.Count, &h.HasCount })
	sum := totalApart(p, "_gsum", func(h *model.HistogramValue) (float64, *bool) { return h.Sum, &h.HasSum })
	for i := range p.Metrics {
		h := p.Metrics[i].Histogram()
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
		if value, has := total(m.Histogram()); *has {
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
func asGauge(_ *document, p *part) int {
	switch p.Type {
	case model.Info:
		p.Type = model.Gauge
		return 1
	case model.StateSet:
		p.Type = model.Gauge
		var gauges []model.Metric
		for _, m := range p.Metrics {
			for _, state := range m.States() {
				gauge := model.Metric{Labels: m.Labels.With(p.stateLabel(), state.Name), Timestamp: m.Timestamp}
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

func forgetRepeated(_ *document, p *part) int {
	if p.HelpRepeated {
		p.HasHelp, p.Help = false, ""
	}
	if p.TypeRepeated && !p.Type.IsComplex() {
		p.HasType, p.Type = false, model.Unknown
	}
	return 0
}

func trimHelp(_ *document, p *part) int {
	p.Help = strings.TrimLeft(p.Help, " \t")
	for _, f := range p.apart {
		f.Help = strings.TrimLeft(f.Help, " \t")
	}
	return 0
}

func trimReturns(_ *document, p *part) int {
	p.Help = strings.TrimRight(p.Help, "\r")
	for _, f := range p.apart {
		f.Help = strings.TrimRight(f.Help, "\r")
	}
	return 0
}

func dropLineless(_ *document, p *part) int {
	dropMetrics(func(_ *part, m *model.Metric) bool {
		if h := m.Histogram(); h != nil {
			return len(h.Buckets) == 0 && !h.HasCount && !h.HasSum
		}
		v := m.Summary()
		return v != nil && len(v.Quantiles) == 0 && !v.HasCount && !v.HasSum
	})(nil, p)
	p.gone = len(p.Metrics)+len(p.Loose) == 0 && !isStated(p)
	return 0
}

// isStated reports whether anything is said of a family that no part of it before had.
func isStated(p *part) bool {
	return p.HasType && !p.TypeRepeated || p.HasHelp && !p.HelpRepeated
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

func looseOfOtherNamesApart(_ *document, p *part) (n int) {
	begins := len(p.Metrics) > 0 || isStated(p) // before any loose sample
	var stay []model.Sample
	for _, s := range p.Loose {
		suffix, ok := strings.CutPrefix(s.Name, p.SampleName())
		switch {
		case !ok || suffix != "" && !slices.Contains(textSuffixes[p.Type], suffix):
			p.apart = append(p.apart, &model.MetricFamily{Name: s.Name, Metrics: []model.Metric{metricOf(s)}})
			n++
		default:
			if !begins {
				begins, p.behind = true, len(p.apart)
			}
			stay = append(stay, s)
		}
	}
	p.Loose = stay
	return n
}

// textSuffixes are those of the samples that stay with a family of the type, even if it has no place for them.
var textSuffixes = map[model.Type][]string{
	model.Histogram: {"_bucket", "_sum", "_count"}, model.GaugeHistogram: {"_bucket", "_sum", "_count"}, model.Summary: {"_sum", "_count"},
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

func joinSuffix(_ *document, p *part) int {
	p.Name, p.Suffix = p.SampleName(), ""
	return 0
}
