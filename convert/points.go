package convert

import (
	"math"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// points is the state of assembling the metrics of a histogram, summary or state set, each of which takes several
// samples.
type points struct {
	// current is the metric that the latest sample belongs to, negative at first.
	current int
	// added counts the bounds and quantiles.
	added int
	// without is where labels are put together that leave one out.
	without []byte
	// bounds are the bounds or quantiles of the metrics in large, which have many that do not rise.
	bounds map[pointBound]struct{}
	large  map[int]struct{}
	// texts are the texts of the bounds of the latest metric and what they mean.
	texts []boundText
}

type pointBound struct {
	point int
	bound float64
}

// boundText is the text of a bound or quantile, its number, and whether it is how that number is written.
type boundText struct {
	text      string
	bound     float64
	canonical bool
}

func (p *points) reset() {
	p.current, p.texts = -1, p.texts[:0]
	p.bounds, p.large = nil, nil
}

// split takes the label of that name out of the labels of e.
func (p *points) split(e *entry, name string) (labels model.Labels, value string, found bool) {
	all := e.series()
	for rest := all; ; {
		before := rest
		label, after, ok := rest.Cut()
		if !ok {
			return all, "", false
		}
		if label.Name == name {
			head := all.Encoding()[:len(all.Encoding())-len(before.Encoding())]
			if after.IsEmpty() {
				return model.LabelsFromEncoding(head), label.Value, true
			}
			p.without = append(append(p.without[:0], head...), after.Encoding()...)
			return model.LabelsFromEncoding(view(p.without)), label.Value, true
		}
		rest = after
	}
}

// parse reads the text of a bound or quantile. The metrics of a family mostly have the same ones in the same order, so
// it is compared first with the text at index i of the metric before, and with the first.
func (a *assembler) parse(text string, i int) (b boundText, ok bool) {
	p := &a.points
	if i < len(p.texts) && p.texts[i].text == text {
		return p.texts[i], true
	}
	if len(p.texts) > 0 && p.texts[0].text == text {
		return p.texts[0], true
	}
	bound, ok := lexer.ParseFloat(viewBytes(text))
	if !ok || math.IsNaN(bound) {
		return boundText{}, false
	}
	b = boundText{a.memory.text.string(viewBytes(text)), bound, model.FormatFloat(bound) == text}
	if i < len(p.texts) {
		p.texts[i] = b
	} else {
		p.texts = append(p.texts, b)
	}
	return b, true
}

// addToPoint takes in a sample of a histogram or summary.
func (a *assembler) addToPoint(e *entry, role role) {
	if role == bucketSample || role == quantileSample {
		a.addBound(e, role)
		return
	}
	if role == countSample && a.family.Type != model.GaugeHistogram && a.reportCount(e) {
		return
	}
	m := a.enterPoint(e, e.series())
	sum, hasSum, count, hasCount := a.totals(m)
	value, has := sum, hasSum
	if role == countSample {
		value, has = count, hasCount
	}
	if *has {
		a.addRepeated(e)
		return
	}
	*value, *has = e.value, true
}

func (a *assembler) totals(m *model.Metric) (sum *float64, hasSum *bool, count *float64, hasCount *bool) {
	if s := m.Summary; s != nil {
		return &s.Sum, &s.HasSum, &s.Count, &s.HasCount
	}
	h := m.Histogram
	return &h.Sum, &h.HasSum, &h.Count, &h.HasCount
}

// isCount reports whether v is a whole number of at least 0.
func isCount(v float64) bool { return v >= 0 && v == math.Trunc(v) && !math.IsInf(v, 0) }

// reportCount reports a count that is none.
func (a *assembler) reportCount(e *entry) (refused bool) {
	if isCount(e.value) {
		return false
	}
	return a.report(diag.CountValue, e.nameAt, e.nameAt, "count %v is not a whole number of at least 0", e.value)
}

// addRepeated keeps a sample that its point has had already.
func (a *assembler) addRepeated(e *entry) {
	if !a.reportDuplicate(e) {
		a.addLoose(e)
	}
}

// addBound takes in a bucket of a histogram or a quantile of a summary.
func (a *assembler) addBound(e *entry, role role) {
	label, rule := "le", diag.BucketBound
	if role == quantileSample {
		label, rule = "quantile", diag.QuantileLabel
	}
	labels, text, found := a.points.split(e, label)
	if !found {
		if role == quantileSample {
			rule = diag.LooseSample
		}
		if !a.report(rule, e.nameAt, e.nameAt+len(e.name), "the sample has no label %s", label) {
			a.addLoose(e)
		}
		return
	}
	hint := 0
	if current := a.points.current; current >= 0 {
		hint = numBounds(&a.metrics[current])
	}
	bound, ok := a.parse(text, hint)
	if !ok {
		at, end := a.labelAt(label)
		if !a.report(rule, at, end, "label %s is %s, which is not a number", label, quote(text)) {
			a.addLoose(e)
		}
		return
	}
	if role == bucketSample && a.family.Type == model.Histogram && a.reportCount(e) {
		return
	}
	m := a.enterPoint(e, labels)
	if a.repeats(m, bound.bound) {
		a.addRepeated(e)
		return
	}
	a.points.added++
	if h := m.Histogram; h != nil {
		addBucket(h, &bound, e.value)
		return
	}
	v := m.Summary
	v.QuantileTexts = appendText(v.QuantileTexts, &bound, len(v.Quantiles), v.QuantileText)
	v.Quantiles = append(v.Quantiles, model.Quantile{Quantile: bound.bound, Value: e.value})
}

func addBucket(h *model.HistogramValue, bound *boundText, count float64) {
	h.BoundTexts = appendText(h.BoundTexts, bound, len(h.Buckets), h.BoundText)
	h.Buckets = append(h.Buckets, model.Bucket{UpperBound: bound.bound, Count: count})
}

// appendText appends the text of a bound to the n texts before it. There are none as long as all are canonical.
func appendText(texts []string, b *boundText, n int, canonical func(int) string) []string {
	if texts == nil {
		if b.canonical {
			return nil
		}
		texts = make([]string, n, 2*n+1)
		for i := range n {
			texts[i] = canonical(i)
		}
	}
	return append(texts, b.text)
}

// numBounds is the number of buckets or quantiles of a metric.
func numBounds(m *model.Metric) int {
	switch {
	case m.Histogram != nil:
		return len(m.Histogram.Buckets)
	case m.Summary != nil:
		return len(m.Summary.Quantiles)
	}
	return 0
}

func boundAt(m *model.Metric, i int) float64 {
	if m.Histogram != nil {
		return m.Histogram.Buckets[i].UpperBound
	}
	return m.Summary.Quantiles[i].Quantile
}

// manyBounds is from how many bounds on a set finds a repeated one faster than a walk does.
const manyBounds = 32

// repeats reports whether the current metric has had that bound before. Rising bounds need no look-up.
func (a *assembler) repeats(m *model.Metric, bound float64) bool {
	p := &a.points
	n := numBounds(m)
	_, isLarge := p.large[p.current]
	switch {
	case n == 0:
		return false
	case isLarge:
	case bound > boundAt(m, n-1):
		return false
	case n < manyBounds:
		for i := range n {
			if boundAt(m, i) == bound {
				return true
			}
		}
		return false
	default:
		if p.large == nil {
			p.large, p.bounds = make(map[int]struct{}), make(map[pointBound]struct{})
		}
		p.large[p.current] = struct{}{}
		for i := range n {
			p.bounds[pointBound{p.current, boundAt(m, i)}] = struct{}{}
		}
	}
	key := pointBound{p.current, bound}
	if _, ok := p.bounds[key]; ok {
		return true
	}
	p.bounds[key] = struct{}{}
	return false
}

// addState takes in a sample of a state set.
func (a *assembler) addState(e *entry) {
	labels, state, found := a.points.split(e, a.family.Name)
	if !found || e.value != 0 && e.value != 1 {
		if !a.report(diag.LooseSample, e.nameAt, e.nameAt+len(e.name),
			"a state set needs a label %s and the value 0 or 1", quote(a.family.Name)) {
			a.addLoose(e)
		}
		return
	}
	m := a.enterPoint(e, labels)
	for _, s := range m.Extra.States {
		if s.Name == state {
			a.addRepeated(e)
			return
		}
	}
	m.Extra.States = append(m.Extra.States, model.State{
		Name: a.memory.text.string(viewBytes(state)), Enabled: e.value == 1,
	})
}

// enterPoint is the metric with those labels and the timestamp of e, a new one if need be. It becomes the current one.
func (a *assembler) enterPoint(e *entry, labels model.Labels) *model.Metric {
	p := &a.points
	var current *model.Metric
	if p.current >= 0 {
		current = &a.metrics[p.current]
		if current.Labels == labels && current.Timestamp == e.timestamp {
			return current
		}
	}
	hash := a.index.hash(labels, e.timestamp, 0, a.metrics)
	i := a.index.find(hash, a.metrics, labels, e.timestamp)
	if i == p.current && i >= 0 {
		return current // the same labels in another order
	}
	if i < 0 && current != nil && current.Labels == labels {
		a.report(diag.MixedTimestamps, e.nameAt, e.nameAt, "the timestamp differs from that of the samples before")
	}
	a.leavePoint()
	if i < 0 {
		i = len(a.metrics)
		a.index.add(hash)
		a.metrics = append(a.metrics, a.newPoint(labels, e.timestamp, current))
	}
	p.current = i
	return &a.metrics[i]
}

// newPoint is a metric of the family's type that has no samples yet but will have about as many as the one before.
func (a *assembler) newPoint(labels model.Labels, timestamp model.Timestamp, before *model.Metric) model.Metric {
	m := model.Metric{Labels: a.keepLabels(labels), Timestamp: timestamp}
	room := 8
	if before != nil {
		room = numBounds(before) + 1
	}
	switch a.family.Type {
	case model.Histogram, model.GaugeHistogram:
		m.Histogram = &a.memory.histograms.take(1)[0]
		*m.Histogram = model.HistogramValue{Buckets: a.memory.buckets.open(room)}
	case model.Summary:
		m.Summary = &a.memory.summaries.take(1)[0]
		*m.Summary = model.SummaryValue{Quantiles: a.memory.quantiles.open(room)}
	case model.StateSet:
		m.Extra = &model.Extra{}
	}
	return m
}

// leavePoint closes the current metric. It may be entered again, but then grows on its own.
func (a *assembler) leavePoint() {
	if a.points.current < 0 {
		return
	}
	m := &a.metrics[a.points.current]
	if m.Histogram != nil {
		m.Histogram.Buckets = a.memory.buckets.commit(m.Histogram.Buckets)
	}
	if m.Summary != nil {
		m.Summary.Quantiles = a.memory.quantiles.commit(m.Summary.Quantiles)
	}
	a.points.current = -1
}
