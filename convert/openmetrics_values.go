package convert

import (
	"math"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// valueAt is where the value of a sample stands, which in a predicted line is one space behind its labels.
func (a *assembler) valueAt(e *entry) span {
	if e.valueAt.end > 0 {
		return e.valueAt
	}
	at := e.labelsEnd + 1
	return span{at, lexer.WordEnd(a.line[a.indent:], at)}
}

// timestampAt is where the timestamp of a sample stands, which has one.
func (a *assembler) timestampAt(e *entry) span {
	if e.valueAt.end > 0 {
		return e.timestampAt
	}
	return span{a.valueAt(e).end + 1, len(a.line) - a.indent}
}

// setPredictedSeconds takes the timestamp of a predicted line, and reports whether it is one.
func (e *entry) setPredictedSeconds(word []byte) bool {
	t := &e.timestamp
	t.Seconds, t.Nanos, _, t.Set = lexer.ParseSeconds(word)
	return t.Set
}

// mayReportValue tells whether there may be something to be said of the value of a simple sample.
func (a *assembler) mayReportValue(e *entry) bool {
	a.om.timed = a.om.timed || e.timestamp.Set
	switch a.family.Type {
	case model.Counter:
		return !(e.value >= 0)
	case model.Info:
		return e.value != 1
	case model.Unknown:
		return a.om.kinds.first != model.Unknown
	}
	return false
}

// mayReportPart tells whether there may be something to be said of the value of a bucket or quantile behind n others.
func (a *assembler) mayReportPart(m *model.Metric, n int, value float64) bool {
	if m.Histogram() == nil {
		return value < 0
	}
	return value < m.Histogram().Buckets[n-1].Count
}

// refusesValue judges the value of a simple sample.
func (a *assembler) refusesValue(e *entry) bool {
	switch a.family.Type {
	case model.Counter:
		return a.refusesSum(e, "total")
	case model.Info:
		if e.value != 1 {
			at := a.valueAt(e)
			return a.report(diag.InfoValue, at.at, at.end, "the value of an info sample is %s, not 1", model.FormatFloat(e.value))
		}
	case model.Unknown:
		return a.om.kinds.first != model.Unknown && a.reportMixed(e)
	}
	return false
}

// refusesSum judges the value of a sample that is a total or a sum.
func (a *assembler) refusesSum(e *entry, what string) bool {
	if e.value >= 0 {
		return false
	}
	at := a.valueAt(e)
	if math.IsNaN(e.value) {
		return a.report(diag.NaNValue, at.at, at.end, "the %s is NaN", what)
	}
	return a.report(diag.NegativeValue, at.at, at.end, "the %s is negative", what)
}

// refusesPart judges a sum, count or creation time of a histogram or summary.
func (a *assembler) refusesPart(e *entry, role role) bool {
	kind := a.family.Type
	labels := e.series()
	current := a.points.current
	isCurrent := current >= 0 && a.metrics[current].Labels == labels
	if !isCurrent && a.refusesBoundLabel(labels) {
		return true
	}
	if role != sumSample || e.value >= 0 {
		return false
	}
	// What a negative sum means depends on the bounds, and on all of them in a gauge histogram.
	negative := false
	if isCurrent && kind == model.Histogram {
		negative, _ = boundsOf(a.metrics[current].Histogram().Buckets)
	}
	return (math.IsNaN(e.value) || kind != model.GaugeHistogram && !negative) && a.refusesSum(e, "sum")
}

// refusesBoundLabel reports a label that would not be told from that of a bucket or quantile.
func (a *assembler) refusesBoundLabel(labels model.Labels) bool {
	name := "le"
	if a.family.Type == model.Summary {
		name = "quantile"
	}
	if _, found := labels.Get(name); !found {
		return false
	}
	at, end := a.labelAt(name)
	return a.report(diag.BoundLabel, at, end, "label %s is for buckets and quantiles alone", name)
}

// faultOfBound is what OpenMetrics 1.0 says against the text of a bound or quantile, if anything.
func faultOfBound(text string, bound float64) diag.Rule {
	if math.IsInf(bound, 0) {
		if text == "+Inf" || text == "-Inf" {
			return diag.UnknownRule
		}
		return diag.InfinityText
	}
	whole, ok := strings.CutSuffix(text, ".0")
	if !ok && !strings.ContainsAny(text, ".e") || whole == "" || !lexer.IsShortest(viewBytes(whole)) {
		return diag.CanonicalNumber
	}
	return diag.UnknownRule
}

// refusesBound judges a bucket or quantile on its own. The bound is the value of that label.
func (a *assembler) refusesBound(e *entry, role role, label, text string, b *boundText) bool {
	if b.fault != diag.UnknownRule && a.reports(b.fault) {
		at, end := a.labelAt(label)
		if a.reportOnce(b.fault, at, end, "%s %s is not written as OpenMetrics has it", label, quote(text)) {
			return true
		}
	}
	if role != quantileSample {
		return false
	}
	if !isQuantile(b.bound) {
		at, end := a.labelAt(label)
		if a.reportOnce(diag.QuantileRange, at, end, "quantile %s is not from 0 to 1", quote(text)) {
			return true
		}
	}
	if e.value < 0 {
		at := a.valueAt(e)
		return a.report(diag.QuantileValue, at.at, at.end, "the value of quantile %s is negative", text)
	}
	return false
}

// isQuantile reports whether a number is from 0 to 1. What is none is no quantile either.
func isQuantile(v float64) bool { return v >= 0 && v <= 1 }

// refusesOrder judges a bucket that is new among those before it in the metric.
func (a *assembler) refusesOrder(e *entry, m *model.Metric, text string, b *boundText) bool {
	if m.Histogram() == nil || len(m.Histogram().Buckets) == 0 {
		return false
	}
	before := m.Histogram().Buckets[len(m.Histogram().Buckets)-1]
	if b.bound < before.UpperBound {
		at, end := a.labelAt("le")
		a.om.doubtful = true
		return a.report(diag.BoundOrder, at, end, "bound %s follows the greater bound %s", text, model.FormatFloat(before.UpperBound))
	}
	if e.value < before.Count {
		at := a.valueAt(e)
		return a.report(diag.FallingCounts, at.at, at.end, "the bucket counts less than the one before it, which has %s",
			model.FormatFloat(before.Count))
	}
	return false
}

// isFaultyState judges a sample of a state set, and reports whether it is done with.
func (a *assembler) isFaultyState(e *entry, labels model.Labels, state string, found bool) bool {
	var refused bool
	switch at := a.valueAt(e); {
	case !found:
		refused = a.report(diag.StateLabel, e.nameAt, e.nameAt, "a sample of a state set has no label %s", quote(a.family.Name))
	case e.value != 0 && e.value != 1:
		refused = a.report(diag.StateValue, at.at, at.end, "the value of a state is neither 0 nor 1")
	default:
		return a.om.version == lexer.OpenMetrics2 && a.refusesState(e, labels, state)
	}
	if !refused {
		a.addLoose(e)
	}
	return true
}
