package writer_test

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/promfmt/promfmt/model"
)

func sortPoints(_ *document, p *part) int {
	first := make(map[model.Labels]int)
	set := func(m model.Metric) model.Labels { return p.beside(m.Labels).Sorted() }
	for i, m := range p.Metrics {
		if _, ok := first[set(m)]; !ok {
			first[set(m)] = i
		}
	}
	slices.SortStableFunc(p.Metrics, func(a, b model.Metric) int {
		switch c := first[set(a)] - first[set(b)]; {
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
		if n := len(kept); n > 0 && p.beside(m.Labels).SameSet(p.beside(kept[n-1].Labels)) && (!m.Timestamp.Set || m.Timestamp == kept[n-1].Timestamp) {
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

var dropOddCounts = inMetrics(func(_ *part, m *model.Metric) int {
	v := m.Summary()
	if v == nil || !v.HasCount || isWhole(v.Count) {
		return 0
	}
	v.HasCount, v.Count = false, 0
	return 1
})

// isWhole reports whether n is a count that 64 bits hold.
func isWhole(n float64) bool { return n >= 0 && n < 1<<64 && n == math.Trunc(n) }

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
	if m.Summary() == nil {
		return 0
	}
	before := len(m.Summary().Quantiles)
	m.Summary().Quantiles = change(m.Summary().Quantiles)
	return before - len(m.Summary().Quantiles)
}

var dropOddSumsOfSummaries = inMetrics(func(_ *part, m *model.Metric) int {
	v := m.Summary()
	if v == nil || !v.HasSum || v.Sum >= 0 {
		return 0
	}
	v.HasSum, v.Sum = false, 0
	return 1
})

var dropLonelySums = inMetrics(func(_ *part, m *model.Metric) int {
	v := m.Summary()
	if v == nil || !v.HasSum || v.HasCount {
		return 0
	}
	v.HasSum, v.Sum = false, 0
	return 1
})

func isEmptySummary(_ *part, m *model.Metric) bool {
	v := m.Summary()
	return v != nil && len(v.Quantiles) == 0 && !v.HasCount && !v.HasSum && !m.Created().Set
}

func isIncompleteSummary(_ *part, m *model.Metric) bool {
	return m.Summary() != nil && !(m.Summary().HasCount && m.Summary().HasSum)
}

func isStateless(p *part, m *model.Metric) bool {
	return p.Type == model.StateSet && len(m.States()) == 0
}

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

var dropLateCreated = inMetrics(func(_ *part, m *model.Metric) int {
	if created := m.Created(); !created.Set || !m.Timestamp.Set || created.Compare(m.Timestamp) <= 0 {
		return 0
	}
	m.Extra.Created = model.Timestamp{}
	return 1
})

// inTexts changes the texts of bounds and quantiles, of which there may be none, given their numbers.
func inTexts(change func(texts []string, n int, number func(int) float64) (changed []string, times int)) func(*document, *part) int {
	return inMetrics(func(_ *part, m *model.Metric) (times int) {
		if h := m.Histogram(); h != nil {
			h.BoundTexts, times = change(h.BoundTexts, len(h.Buckets), func(i int) float64 { return h.Buckets[i].UpperBound })
		}
		if v := m.Summary(); v != nil {
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

// dropRepeatedTexts leaves out a bucket or quantile that is spelled like one before. Its exemplars become those of that.
var dropRepeatedTexts = inMetrics(func(_ *part, m *model.Metric) (n int) {
	if h := m.Histogram(); h != nil {
		kept, become := firstOnes(len(h.Buckets), h.BoundText)
		n += len(h.Buckets) - len(kept)
		h.Buckets, h.BoundTexts = chosen(h.Buckets, kept), chosen(h.BoundTexts, kept)
		for i := range h.Exemplars {
			h.Exemplars[i].Bucket = become[h.Exemplars[i].Bucket]
		}
		slices.SortStableFunc(h.Exemplars, func(a, b model.BucketExemplar) int { return a.Bucket - b.Bucket })
	}
	if v := m.Summary(); v != nil {
		kept, _ := firstOnes(len(v.Quantiles), v.QuantileText)
		n += len(v.Quantiles) - len(kept)
		v.Quantiles, v.QuantileTexts = chosen(v.Quantiles, kept), chosen(v.QuantileTexts, kept)
	}
	return n
})

// sortByNumber puts bounds and quantiles in the order of their numbers if they stand in that of their texts.
var sortByNumber = inMetrics(func(_ *part, m *model.Metric) int {
	if h := m.Histogram(); h != nil {
		order := byNumber(len(h.Buckets), h.BoundText, func(i int) float64 { return h.Buckets[i].UpperBound })
		h.BoundTexts = chosen(h.BoundTexts, order)
		inBuckets(h, order)
	}
	if v := m.Summary(); v != nil {
		order := byNumber(len(v.Quantiles), v.QuantileText, func(i int) float64 { return v.Quantiles[i].Quantile })
		v.Quantiles, v.QuantileTexts = chosen(v.Quantiles, order), chosen(v.QuantileTexts, order)
	}
	return 0
})

// byNumber are the indexes of bounds or quantiles, in the order of the numbers if the texts are in order.
func byNumber(n int, text func(int) string, number func(int) float64) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	if slices.IsSortedFunc(order, func(a, b int) int { return cmp.Compare(text(a), text(b)) }) {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(number(a), number(b)) })
	}
	return order
}

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
