package fuzz

import (
	"math"
	"slices"

	"github.com/promfmt/promfmt/model"
)

// OddFamilies are families such as [Families] gives with one fault or a few, of a kind that a reader may come upon and
// keep: what occurs twice, comes in the wrong order, or is a number that it should not be.
func OddFamilies(c *Choices) []*model.MetricFamily {
	faults := c.Split(32)
	families := Families(c)
	c = faults
	for range 1 + c.Below(6) {
		f := Pick(c, families)
		Pick(c, familyFaults)(c, f)
		if len(f.Metrics) > 0 {
			m := &f.Metrics[c.Below(len(f.Metrics))]
			Pick(c, metricFaults)(c, m)
		}
	}
	return families
}

// familyFaults are what may be wrong with a family.
var familyFaults = []func(*Choices, *model.MetricFamily){
	func(c *Choices, f *model.MetricFamily) { // a metric twice
		if n := len(f.Metrics); n > 0 {
			f.Metrics = append(f.Metrics, f.Metrics[c.Below(n)])
		}
	},
	func(_ *Choices, f *model.MetricFamily) { // metrics in another order
		slices.Reverse(f.Metrics)
	},
	func(c *Choices, f *model.MetricFamily) { // samples that belong to no metric
		for range 1 + c.Below(3) {
			s := model.Sample{Name: f.Name + Pick(c, suffixes), Labels: model.NewLabels(Pick(c, []string{"le", "quantile", "l"}), text(c)), Value: value(c)}
			f.Loose = append(f.Loose, s)
		}
	},
	func(c *Choices, f *model.MetricFamily) { // a unit that the name lacks
		f.HasUnit, f.Unit = true, Pick(c, units)
	},
	func(c *Choices, f *model.MetricFamily) { // a name that may be another's
		f.Name = Pick(c, familyNames)
	},
}

// suffixes are what the names of samples may end in.
var suffixes = []string{"", "_sum", "_count", "_bucket", "_total", "_created", "_info", "_gsum", "_gcount"}

// metricFaults are what may be wrong with a metric.
var metricFaults = []func(*Choices, *model.Metric){
	func(c *Choices, m *model.Metric) { m.Value = value(c) },
	func(c *Choices, m *model.Metric) { m.Timestamp = timestamp(c) },
	func(c *Choices, m *model.Metric) { m.MakeExtra().Created = timestamp(c) },
	func(c *Choices, m *model.Metric) { m.MakeExtra().Exemplars = []model.Exemplar{exemplar(c)} },
	func(c *Choices, m *model.Metric) {
		if h := m.Histogram(); h != nil {
			h.Count, h.HasCount = value(c), c.OneIn(2)
		}
	},
	func(c *Choices, m *model.Metric) {
		if h := m.Histogram(); h != nil && len(h.Buckets) > 0 {
			h.Buckets[c.Below(len(h.Buckets))].Count = value(c)
		}
	},
	func(_ *Choices, m *model.Metric) {
		if h := m.Histogram(); h != nil { // bounds fall
			slices.Reverse(h.Buckets)
			slices.Reverse(h.BoundTexts)
		}
	},
	func(c *Choices, m *model.Metric) {
		if s := m.Summary(); s != nil && s.HasCount {
			s.Count = math.Copysign(s.Count, float64(c.Below(2))-0.5) / 2
		}
	},
	func(c *Choices, m *model.Metric) {
		if s := m.Summary(); s != nil && len(s.Quantiles) > 0 && s.QuantileTexts == nil {
			s.Quantiles[c.Below(len(s.Quantiles))].Quantile = value(c)
		}
	},
	func(c *Choices, m *model.Metric) {
		if states := m.States(); len(states) > 0 { // a state twice
			m.Extra.States = append(states, states[c.Below(len(states))])
		}
	},
}
