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

// arrange gives metrics back as they are if no two have the same labels, in whatever order, which is nearly always so. Else
// it gives them in order, without those that are at the same point in time as another, and without those that have none
// although others of the same labels have. Labels are compared as they will be written: with their names as the scheme has
// them, and without the label that tells the lines of a metric apart.
func (p *points) arrange(o *output, metrics []model.Metric, scheme names, label string) []model.Metric {
	if p.repeated = len(metrics) > 1 && !p.distinct(metrics, scheme, label); !p.repeated {
		return metrics
	}
	type place struct {
		first int // the first metric with the same labels
		index int
	}
	first := make(map[model.Labels]int)
	places := make([]place, len(metrics))
	for i := range metrics {
		labels := scheme.written(metrics[i].Labels, label).Sorted()
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

// ofFirst counts the points of the first of the metrics, which have been arranged in the same way.
func (p *points) ofFirst(metrics []model.Metric, scheme names, label string) int {
	n := 1
	if !p.repeated {
		return n
	}
	labels := scheme.written(metrics[0].Labels, label)
	for n < len(metrics) && scheme.written(metrics[n].Labels, label).SameSet(labels) {
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

// distinct reports whether no two metrics have the same labels. It may err on the side of caution.
//
// Mostly all metrics have the same names of labels in one order, and then labels are the same if they are so byte for
// byte. To look for other orders takes as long as the writing.
func (p *points) distinct(metrics []model.Metric, scheme names, label string) bool {
	p.empty(len(metrics))
	before := ""
	for i := range metrics {
		encoding := scheme.written(metrics[i].Labels, label).Encoding()
		if i > 0 && !haveSameNames(before, encoding) {
			return p.distinctSets(metrics, scheme, label)
		}
		if !p.add(maphash.String(p.seed, encoding)) {
			return false
		}
		before = encoding
	}
	return true
}

// distinctSets is distinct for metrics whose labels stand in several orders.
func (p *points) distinctSets(metrics []model.Metric, scheme names, label string) bool {
	p.empty(len(metrics))
	for i := range metrics {
		var hash uint64 // a sum, which has no order
		for ls := scheme.written(metrics[i].Labels, label); !ls.IsEmpty(); {
			_, rest, _ := ls.Cut()
			first := ls.Encoding()
			hash += maphash.String(p.seed, first[:len(first)-len(rest.Encoding())])
			ls = rest
		}
		if !p.add(hash) {
			return false
		}
	}
	return true
}

// empty empties the table and makes room for n label sets.
func (p *points) empty(n int) {
	size := 1 << bits.Len(uint(2*n-1))
	if size > maxKeptSlots {
		p.slots = make([]uint32, size)
		return
	}
	if cap(p.slots) > maxKeptSlots {
		p.slots = nil
	}
	p.slots = slices.Grow(p.slots[:0], size)[:size]
	clear(p.slots)
}

// add takes a hash in, and reports whether it is new.
func (p *points) add(hash uint64) bool {
	last := len(p.slots) - 1
	mark, slot := uint32(hash)|1, int(hash>>32)&last
	for p.slots[slot] != 0 {
		if p.slots[slot] == mark {
			return false
		}
		slot = (slot + 1) & last
	}
	p.slots[slot] = mark
	return true
}

// haveSameNames reports whether two encodings of labels have the same names in the same order. It takes long ones for
// different.
func haveSameNames(a, b string) bool {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		n := lengthAt(a, i)
		if n != lengthAt(b, j) || n == longLength {
			return false
		}
		i, j = i+2, j+2
		if n <= wordSize && i+wordSize <= len(a) && j+wordSize <= len(b) {
			if (word(a, i)^word(b, j))<<beyond(n) != 0 {
				return false
			}
		} else if a[i:i+n] != b[j:j+n] {
			return false
		}
		i, j = i+n, j+n
		inA, inB := lengthAt(a, i), lengthAt(b, j)
		if inA == longLength || inB == longLength {
			return false
		}
		i, j = i+2+inA, j+2+inB
	}
	return i == len(a) && j == len(b)
}
