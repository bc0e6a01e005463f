package writer

import (
	"slices"

	"github.com/promfmt/promfmt/model"
)

// manyLabels is from how many labels on a map finds a repeated name faster than a walk does.
const manyLabels = 16

// areSet reports whether labels are a set: each has a name, and no two the same. A reader leaves out an exemplar whose
// labels are none, if not more.
func areSet(labels model.Labels) bool {
	var taken map[string]bool
	if len(labels.Encoding()) > 4*manyLabels && labels.Len() > manyLabels { // a label takes 4 bytes at least
		taken = make(map[string]bool)
	}
	for l, rest, ok := labels.Cut(); ok; l, rest, ok = rest.Cut() {
		twice := taken[l.Name]
		if taken != nil {
			taken[l.Name] = true
		} else {
			_, twice = rest.Get(l.Name)
		}
		if l.Name == "" || twice {
			return false
		}
	}
	return true
}

// withoutOddExemplars is a copy of f without the exemplars whose labels are no set.
func withoutOddExemplars(f *model.MetricFamily) *model.MetricFamily {
	copied := *f
	copied.Metrics = slices.Clone(f.Metrics)
	for i := range copied.Metrics {
		m := &copied.Metrics[i]
		if m.Extra == nil {
			continue
		}
		extra := *m.Extra
		extra.Exemplars = slices.DeleteFunc(slices.Clone(extra.Exemplars), func(e model.Exemplar) bool { return !areSet(e.Labels) })
		if extra.Histogram != nil {
			h := *extra.Histogram
			h.Exemplars = slices.DeleteFunc(slices.Clone(h.Exemplars), func(e model.BucketExemplar) bool { return !areSet(e.Labels) })
			extra.Histogram = &h
		}
		m.Extra = &extra
	}
	copied.Loose = slices.Clone(f.Loose)
	for i := range copied.Loose {
		if s := &copied.Loose[i]; s.Exemplar != nil && !areSet(s.Exemplar.Labels) {
			s.Exemplar = nil
		}
	}
	return &copied
}
