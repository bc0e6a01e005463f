package writer

import (
	"cmp"
	"hash/maphash"
	"math/bits"
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// maxKeptSlots is the largest table that points keeps from one family to the next.
const maxKeptSlots = 1 << 18

// points puts the metrics of a family into the order that OpenMetrics demands: all points of a metric in one place, with
// rising timestamps.
type points struct {
	seed  maphash.Seed
	slots []uint32 // a hash table of label sets, with a part of the hash for each; 0 is free
	// repeated tells that a metric of the family at hand may have several points.
	repeated bool
}

func newPoints() points { return points{seed: maphash.MakeSeed()} }

// arrange gives metrics back as they are if no two have the same labels, which is nearly always so. Else it gives them in
// order, without those that are at the same point in time as another, and without those that have none although others
// of the same labels have.
func (p *points) arrange(o *output, metrics []model.Metric) []model.Metric {
	if p.repeated = len(metrics) > 1 && !p.distinct(metrics); !p.repeated {
		return metrics
	}
	type place struct {
		first int // the first metric with the same labels
		index int
	}
	first := make(map[model.Labels]int)
	places := make([]place, len(metrics))
	for i := range metrics {
		labels := metrics[i].Labels.Sorted()
		if _, ok := first[labels]; !ok {
			first[labels] = i
		}
		places[i] = place{first[labels], i}
	}
	slices.SortStableFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.first, b.first), compareStamps(metrics[a.index].Timestamp, metrics[b.index].Timestamp))
	})
	arranged := make([]model.Metric, 0, len(metrics))
	for i, at := range places {
		m := &metrics[at.index]
		if i > 0 && at.first == places[i-1].first {
			if before := arranged[len(arranged)-1].Timestamp; !m.Timestamp.Set || m.Timestamp.Compare(before) == 0 {
				o.lose(diag.LossDuplicate, 1, m.Labels.String())
				continue
			}
		}
		arranged = append(arranged, *m)
	}
	return arranged
}

// ofFirst counts the points of the first of the metrics, which have been arranged.
func (p *points) ofFirst(metrics []model.Metric) int {
	n := 1
	for p.repeated && n < len(metrics) && metrics[n].Labels.SameSet(metrics[0].Labels) {
		n++
	}
	return n
}

// compareStamps orders timestamps, with those that are not Set at the end.
func compareStamps(a, b model.Timestamp) int {
	switch {
	case a.Set && b.Set:
		return a.Compare(b)
	case a.Set:
		return -1
	case b.Set:
		return 1
	}
	return 0
}

// distinct reports whether no two metrics have the same labels in the same order, which is as good as in any order: an
// exposer has one order of its labels, and to look for others would take as long as the writing. It may err on the side of
// caution.
func (p *points) distinct(metrics []model.Metric) bool {
	size := 1 << bits.Len(uint(2*len(metrics)-1))
	if size > maxKeptSlots {
		defer func() { p.slots = nil }()
	}
	p.slots = slices.Grow(p.slots[:0], size)[:size]
	clear(p.slots)
	for i := range metrics {
		hash := maphash.String(p.seed, metrics[i].Labels.Encoding())
		mark, slot := uint32(hash)|1, int(hash>>32)&(size-1)
		for p.slots[slot] != 0 {
			if p.slots[slot] == mark {
				return false
			}
			slot = (slot + 1) & (size - 1)
		}
		p.slots[slot] = mark
	}
	return true
}
