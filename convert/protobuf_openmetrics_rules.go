package convert

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// What OpenMetrics demands of families and values whatever form they have.

// judgeUnit judges the unit of the family in progress.
func (r *wireReader) judgeUnit() {
	f := r.family
	switch {
	case !f.HasUnit || f.Unit == "":
	case r.kind == model.Info || r.kind == model.StateSet:
		r.tell(diag.UnitNotAllowed, 0, "family %s of type %s has a unit", quote(f.Name), r.kind)
	case !strings.HasSuffix(f.Name, "_"+f.Unit):
		r.tell(diag.UnitSuffix, 0, "the name %s does not end in _%s, its unit", quote(f.Name), f.Unit)
	}
}

// judgePoint judges a point of a metric, and its time beside that of the point before, if there is one.
func (r *wireReader) judgePoint(m *model.Metric, before *model.Timestamp) {
	switch {
	case before == nil:
	case before.Set != m.Timestamp.Set:
		r.report(diag.PartialTimestamps, r.at, "some points of the metric have a timestamp and others have none")
	case before.Set && m.Timestamp.Compare(*before) < 0 && r.kind != model.Info:
		r.report(diag.FallingTimestamp, r.at, "the point is older than the one before it")
	}
	switch {
	case m.Histogram() != nil:
		r.judgeOpenMetricsHistogram(m.Histogram())
	case m.Summary() != nil:
		r.judgeOpenMetricsSummary(m.Summary())
	case r.kind == model.Counter:
		r.judgeSum("total", m.Value)
	}
	for i := range m.Exemplars() {
		r.judgeExemplar(&m.Extra.Exemplars[i])
	}
}

// judgeSum judges a number that only grows.
func (r *wireReader) judgeSum(what string, n float64) {
	switch {
	case math.IsNaN(n):
		r.report(diag.NaNValue, r.at, "the %s is NaN", what)
	case n < 0:
		r.report(diag.NegativeValue, r.at, "the %s, %s, is negative", what, model.FormatFloat(n))
	}
}

func (r *wireReader) judgeOpenMetricsHistogram(h *model.HistogramValue) {
	negative, infinite := false, false
	for _, bucket := range h.Buckets {
		negative = negative || bucket.UpperBound < 0
		infinite = infinite || math.IsInf(bucket.UpperBound, 1)
	}
	if !infinite {
		r.report(diag.MissingInfinity, r.at, "there is no bucket +Inf")
	}
	switch {
	case !h.HasSum:
	case r.kind == model.Histogram && negative:
		r.report(diag.SumWithNegativeBound, r.at, "there is a sum although there are buckets with negative bounds")
	case r.kind == model.Histogram:
		r.judgeSum("sum", h.Sum)
	case math.IsNaN(h.Sum):
		r.judgeSum("sum", h.Sum)
	case h.Sum < 0 && !negative:
		r.report(diag.NegativeGaugeSum, r.at, "the sum is negative and there is no bucket with a negative bound")
	}
	for i := range h.Exemplars {
		r.judgeExemplar(&h.Exemplars[i].Exemplar)
	}
}

func (r *wireReader) judgeOpenMetricsSummary(s *model.SummaryValue) {
	r.judgeSum("sum", s.Sum)
	for _, q := range s.Quantiles {
		switch {
		case q.Quantile < 0 || q.Quantile > 1:
			r.report(diag.QuantileRange, r.at, "quantile %s is not from 0 to 1", model.FormatFloat(q.Quantile))
		case q.Value < 0:
			r.report(diag.QuantileValue, r.at, "the value of quantile %s is negative", model.FormatFloat(q.Quantile))
		}
	}
}

// exemplarRunes is how many characters the labels of an exemplar may have.
const exemplarRunes = 128

func (r *wireReader) judgeExemplar(e *model.Exemplar) {
	runes := 0
	for name, value := range e.Labels.All() {
		runes += utf8.RuneCountInString(name) + utf8.RuneCountInString(value)
	}
	if runes > exemplarRunes {
		r.report(diag.ExemplarLength, r.at, "the labels of an exemplar have %d characters, more than %d", runes, exemplarRunes)
	}
}
