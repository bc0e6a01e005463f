package convert

import (
	"hash/maphash"
	"slices"

	"github.com/promfmt/promfmt/model"
)

// seed is that of all hashes, so that those of one assembler mean the same to another.
var seed = maphash.MakeSeed()

// table is a hash table with open addressing from hashes to the indices of a list that somebody else has. Its size is
// a power of two, and no more than half of it is in use.
type table []slot

// slot holds an index plus one, and is empty if that is 0.
type slot struct {
	hash  uint32
	index uint32
}

func (t table) insert(hash uint64, index int) {
	i := int(hash) & (len(t) - 1)
	for t[i].index != 0 {
		i = (i + 1) & (len(t) - 1)
	}
	t[i] = slot{hash: uint32(hash >> 32), index: uint32(index) + 1}
}

// candidate is an index that was inserted with about that hash. The first one is found with a probe of 0, any further
// one with the probe that was given back before. If there is none, that is where insertAt takes one.
func (t table) candidate(hash uint64, probe int) (index, nextProbe int, ok bool) {
	for {
		s := t[(int(hash)+probe)&(len(t)-1)]
		if s.index == 0 {
			return 0, probe, false
		}
		probe++
		if s.hash == uint32(hash>>32) {
			return int(s.index) - 1, probe, true
		}
	}
}

// insertAt inserts an index where candidate has found that there is none of that hash.
func (t table) insertAt(hash uint64, probe, index int) {
	t[(int(hash)+probe)&(len(t)-1)] = slot{hash: uint32(hash >> 32), index: uint32(index) + 1}
}

// seriesIndex finds the metrics of a family by their labels and timestamp, so that a series that comes twice is seen
// and a sample finds the histogram that it belongs to. It takes metrics in only when it is asked, so that the many
// families of a single metric cost nothing.
type seriesIndex struct {
	seriesHashes
	// latest is the hash that was asked for last, which is that of the metric with the index next, if there is one, and
	// found whether there was a metric with it.
	latest uint64
	next   int
	found  bool
	// tables are each twice as large as the one before; inUse is the one in use, negative as long as there are few
	// metrics. Many families in a row so cost no more than their own size, whatever that of the greatest was.
	tables []table
	inUse  int
}

// seriesHashes are the hashes of the metrics taken in, in their order.
type seriesHashes struct {
	hashes []uint64
	// repeats are the indices of those that are a series which came before. They are not in a table, in which as many as
	// there are would be in each other's way.
	repeats []int
	// shape is that of the labels of all metrics so far, unless they are mixed. The names of labels of one shape stand
	// in one order, so two label sets are the same only if they are byte for byte.
	shape uint64
	mixed bool
}

const (
	// fewMetrics are found by a walk over their hashes.
	fewMetrics = 8
	firstTable = 4 * fewMetrics
)

func newSeriesIndex() seriesIndex { return seriesIndex{inUse: -1} }

// reset makes the index empty.
func (x *seriesIndex) reset() {
	x.hashes = x.hashes[:0]
	x.repeats = x.repeats[:0]
	x.mixed = false
	x.next, x.inUse = -1, -1
}

// begin notes the shape of the labels of the first metric.
func (x *seriesIndex) begin(shape uint64) { x.shape, x.mixed = shape, shape == 0 }

// find is the index of the first metric that is the series in question, or negative. The shape is that of the labels, 0
// if it is not known. If a metric is added before the next call, it must be that series, or one that begin was called for
// or that has the same shape as all metrics.
func (x *seriesIndex) find(metrics []model.Metric, labels model.Labels, timestamp model.Timestamp, shape uint64) int {
	if len(metrics) == 0 {
		x.begin(shape)
		return -1
	}
	x.takeIn(metrics)
	if !x.mixed && (shape == 0 || shape != x.shape) {
		x.mix(metrics)
	}
	x.latest, x.next = x.hash(labels, timestamp), len(metrics)
	i := x.lookUp(x.latest, metrics, labels, timestamp)
	x.found = i >= 0
	return i
}

// add takes in a series that is going to be added. It reports whether that is new, and else does nothing. The shape is
// that of its labels.
func (x *seriesIndex) add(metrics []model.Metric, labels model.Labels, timestamp model.Timestamp, shape uint64) bool {
	n := len(metrics)
	if len(x.hashes) != n {
		x.takeIn(metrics)
	}
	if x.inUse < 0 || 2*(n+1) > len(x.tables[x.inUse]) || x.mixed || shape != x.shape || timestamp.Set {
		return x.find(metrics, labels, timestamp, shape) < 0
	}
	hash := maphash.String(seed, labels.Encoding())
	t := x.tables[x.inUse]
	i, probe, found := t.candidate(hash, 0)
	for ; found; i, probe, found = t.candidate(hash, probe) {
		if isSeries(&metrics[i], labels, timestamp) {
			return false
		}
	}
	t.insertAt(hash, probe, n)
	x.hashes = append(x.hashes, hash)
	return true
}

// has is find for a series that is not going to be added.
func (x *seriesIndex) has(metrics []model.Metric, labels model.Labels, timestamp model.Timestamp, shape uint64) int {
	i := x.find(metrics, labels, timestamp, shape)
	x.leaveOut()
	return i
}

// leaveOut tells that the series that find was asked for is not going to be added.
func (x *seriesIndex) leaveOut() { x.next = -1 }

// takeIn takes in the metrics that have been added.
func (x *seriesIndex) takeIn(metrics []model.Metric) {
	for i := len(x.hashes); i < len(metrics); i++ {
		if i != x.next {
			x.latest, x.found = x.hash(metrics[i].Labels, metrics[i].Timestamp), false
		}
		if x.found {
			x.repeats = append(x.repeats, i)
			x.hashes = append(x.hashes, x.latest)
			continue
		}
		x.takeNext(x.latest)
	}
}

// hashOnly does as takeIn, but leaves the index good for nothing but its hashes.
func (x *seriesIndex) hashOnly(metrics []model.Metric) {
	x.hashes = slices.Grow(x.hashes, len(metrics)-len(x.hashes))
	for i := len(x.hashes); i < len(metrics); i++ {
		x.hashes = append(x.hashes, x.hash(metrics[i].Labels, metrics[i].Timestamp))
	}
}

// join takes in the metrics from an index on, whose hashes are known. It reports whether they are all new, and if not
// leaves the index as it was.
func (x *seriesIndex) join(metrics []model.Metric, from int, added seriesHashes) bool {
	if from == 0 {
		x.reset()
		x.shape, x.mixed = added.shape, added.mixed
	}
	x.takeIn(metrics[:from])
	if added.mixed != x.mixed || !added.mixed && added.shape != x.shape || len(added.repeats) > 0 {
		return false
	}
	for i, hash := range added.hashes {
		m := &metrics[from+i]
		if x.lookUp(hash, metrics, m.Labels, m.Timestamp) >= 0 {
			x.hashes = x.hashes[:from]
			x.rebuild()
			return false
		}
		x.takeNext(hash)
	}
	return true
}

// hash is that of a series; if the metrics are mixed it does not depend on the order of the labels.
func (x *seriesIndex) hash(labels model.Labels, timestamp model.Timestamp) uint64 {
	var h uint64
	if x.mixed {
		for rest := labels; !rest.IsEmpty(); {
			before := rest.Encoding()
			_, rest, _ = rest.Cut()
			h += maphash.String(seed, before[:len(before)-len(rest.Encoding())])
		}
	} else {
		h = maphash.String(seed, labels.Encoding())
	}
	if timestamp.Set {
		h += maphash.Comparable(seed, timestamp)
	}
	return h
}

// mix goes over to hashes that do not depend on the order of the labels.
func (x *seriesIndex) mix(metrics []model.Metric) {
	x.mixed = true
	for i := range x.hashes {
		x.hashes[i] = x.hash(metrics[i].Labels, metrics[i].Timestamp)
	}
	x.rebuild()
}

// takeNext takes in the next metric, which is a series that has not come before.
func (x *seriesIndex) takeNext(hash uint64) {
	x.hashes = append(x.hashes, hash)
	switch n := len(x.hashes); {
	case n <= fewMetrics:
	case x.inUse < 0 || 2*n > len(x.tables[x.inUse]):
		x.rebuild()
	default:
		x.tables[x.inUse].insert(hash, n-1)
	}
}

// rebuild puts all metrics into a table that is large enough, if they are many.
func (x *seriesIndex) rebuild() {
	n := len(x.hashes)
	if n <= fewMetrics {
		x.inUse = -1
		return
	}
	for x.inUse < 0 || 2*n > len(x.tables[x.inUse]) {
		x.inUse++
		if x.inUse == len(x.tables) {
			x.tables = append(x.tables, make(table, firstTable<<x.inUse))
		}
	}
	t, repeats := x.tables[x.inUse], x.repeats
	clear(t)
	for i, hash := range x.hashes {
		if len(repeats) > 0 && repeats[0] == i {
			repeats = repeats[1:]
			continue
		}
		t.insert(hash, i)
	}
}

func (x *seriesIndex) lookUp(hash uint64, metrics []model.Metric, labels model.Labels, timestamp model.Timestamp) int {
	if x.inUse < 0 {
		for i, h := range x.hashes {
			if h == hash && isSeries(&metrics[i], labels, timestamp) {
				return i
			}
		}
		return -1
	}
	t := x.tables[x.inUse]
	for i, probe, ok := t.candidate(hash, 0); ok; i, probe, ok = t.candidate(hash, probe) {
		if isSeries(&metrics[i], labels, timestamp) {
			return i
		}
	}
	return -1
}

func isSeries(m *model.Metric, labels model.Labels, timestamp model.Timestamp) bool {
	return m.Timestamp == timestamp && m.Labels.SameSet(labels)
}
