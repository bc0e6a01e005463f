package convert

import (
	"math"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// refusesPlace judges the place of a sample that is a point of its own, and is no repetition, among the points before.
func (a *assembler) refusesPlace(e *entry, labels model.Labels) bool {
	n := len(a.metrics)
	if n == 0 {
		a.om.timed = e.timestamp.Set
		return false
	}
	_, refused := a.judgePlace(e, labels, &a.metrics[n-1])
	return refused
}

// judgePlace judges whether a point may follow the latest one of the family, which is another. Points of a metric stand
// together and in the order of their times.
func (a *assembler) judgePlace(e *entry, labels model.Labels, latest *model.Metric) (found, refused bool) {
	if !a.om.timed {
		if !e.timestamp.Set {
			return false, false // only a repetition could be of a metric before
		}
		a.om.timed = true
	}
	if !sameSet(latest.Labels, labels) {
		if a.om.metrics.has(a.metrics, labels) {
			return true, a.reportInterleaved(e)
		}
		return false, false
	}
	return a.judgeTime(e, latest.Timestamp)
}

// judgeTime judges the time of a point, given that of the point of the metric before.
func (a *assembler) judgeTime(e *entry, before model.Timestamp) (found, refused bool) {
	switch {
	case before.Set != e.timestamp.Set:
		return true, a.reportOnce(diag.PartialTimestamps, e.nameAt, e.nameAt,
			"some points of the metric have a timestamp and others have none")
	case before.Set && e.timestamp.Compare(before) < 0 && a.family.Type != model.Info:
		at := a.timestampAt(e)
		return true, a.reportOnce(diag.FallingTimestamp, at.at, at.end, "the point is older than the one of the metric before it")
	}
	return false, false
}

func (a *assembler) reportInterleaved(e *entry) (refused bool) {
	return a.reportOnce(diag.InterleavedMetric, e.nameAt, e.nameAt,
		"the metric, or this point of it, comes back after samples of another")
}

// refusesPoint judges the place of a sample that does not belong to the current point, but to the one with that index, or
// a new one if that is negative. current is nil if there is none.
func (a *assembler) refusesPoint(e *entry, labels model.Labels, current *model.Metric, index int) bool {
	om := a.om
	om.late = index >= 0
	if current == nil {
		om.timed = om.timed || e.timestamp.Set
		return false
	}
	if a.family.Type == model.StateSet && om.version == lexer.OpenMetrics2 {
		// The samples of a state stand together, whose points are of many metrics in the sense of the model.
		om.timed = om.timed || e.timestamp.Set
		return !sameSet(current.Labels, labels) && om.metrics.has(a.metrics, labels) && a.reportInterleaved(e)
	}
	if index >= 0 {
		om.doubtful = true
		return a.reportInterleaved(e)
	}
	found, refused := a.judgePlace(e, labels, current)
	om.late = found
	om.doubtful = om.doubtful || found
	return refused
}

// notePoint notes that the entry is the first sample of the current point, or one that comes late.
func (om *openMetrics) notePoint(r *reporter, e *entry) {
	om.first.note(r, e.nameAt, e.nameAt)
	om.doubtful = om.late || r.refusedAt > 0 && r.refusedAt == r.number-1
	om.late = false
}

// judgePoint judges the current point as a whole, which no sample follows any more.
func (a *assembler) judgePoint(m *model.Metric) {
	h := m.Histogram()
	if h == nil || a.om.doubtful || a.refusedAt > a.om.first.number {
		return
	}
	negative, infinite := boundsOf(h.Buckets)
	refused := false
	report := func(rule diag.Rule, format string, args ...any) {
		refused = a.reportAt(&a.om.first, rule, format, args...) || refused
	}
	switch {
	case infinite < 0:
		report(diag.MissingInfinity, "the %s has no bucket +Inf", a.family.Type)
	case h.HasCount && h.Count != h.Buckets[infinite].Count:
		report(diag.InfinityCount, "the count is %s and the bucket +Inf has %s",
			model.FormatFloat(h.Count), model.FormatFloat(h.Buckets[infinite].Count))
	}
	switch {
	case h.HasSum && !h.HasCount:
		report(diag.SumWithoutCount, "the %s has a sum and no count", a.family.Type)
	case h.HasCount && !h.HasSum:
		report(diag.CountWithoutSum, "the %s has a count and no sum", a.family.Type)
	}
	switch {
	case !h.HasSum:
	case negative && a.family.Type == model.Histogram:
		report(diag.SumWithNegativeBound, "the histogram has a sum although it has buckets with negative bounds")
	case !negative && a.family.Type == model.GaugeHistogram && h.Sum < 0:
		report(diag.NegativeGaugeSum, "the sum is negative and no bucket has a negative bound")
	}
	if refused {
		a.om.refused = append(a.om.refused, a.points.current)
	}
}

// boundsOf tells whether buckets have a negative bound, and the index of the bucket +Inf, negative if there is none.
func boundsOf(buckets []model.Bucket) (negative bool, infinite int) {
	infinite = -1
	for i := range buckets {
		switch bound := buckets[i].UpperBound; {
		case bound < 0:
			negative = true
		case math.IsInf(bound, 1):
			infinite = i
		}
	}
	return negative, infinite
}

// closeOpenMetrics makes the family in progress ready to be given out.
func (a *assembler) closeOpenMetrics() {
	a.dropCreated()
	a.settleUnknown()
	refused := a.om.refused
	if len(refused) == 0 {
		return
	}
	kept := a.metrics[:refused[0]]
	for i := refused[0]; i < len(a.metrics); i++ {
		if len(refused) > 0 && refused[0] == i {
			refused = refused[1:]
			continue
		}
		kept = append(kept, a.metrics[i])
	}
	a.metrics = kept
}

// stateOrder follows the samples of a state set of OpenMetrics 2.0: those of one state stand together.
type stateOrder struct {
	// groups counts the label sets without the states.
	groups int
	labels []byte
	// state is the latest one, at that time, and seen are all of them.
	state string
	time  model.Timestamp
	seen  map[part]struct{}
}

func (o *stateOrder) reset() {
	o.groups, o.state = 0, ""
	o.labels = o.labels[:0]
	clear(o.seen)
}

// refusesState judges the place of a sample of a state, whose other labels are given, among those before.
func (a *assembler) refusesState(e *entry, labels model.Labels, state string) bool {
	o := &a.om.states
	if o.groups == 0 || string(o.labels) != labels.Encoding() {
		o.groups++
		o.labels = append(o.labels[:0], labels.Encoding()...)
	} else if state == o.state {
		if o.time == e.timestamp {
			return false
		}
		_, refused := a.judgeTime(e, o.time)
		o.time = e.timestamp
		return refused
	}
	o.state, o.time = a.memory.text.string(viewBytes(state)), e.timestamp
	if o.seen == nil {
		o.seen = make(map[part]struct{})
	}
	this := part{metric: o.groups, state: o.state}
	if _, again := o.seen[this]; again && a.om.timed {
		return a.reportInterleaved(e)
	}
	o.seen[this] = struct{}{}
	return false
}

// manyLabelsOfSet is from how many labels on sorting them tells sooner whether two label sets are the same.
const manyLabelsOfSet = 32

// sameSet reports whether two label sets are the same but for the order. Unlike [model.Labels.SameSet] it allocates nothing
// unless they have many labels.
func sameSet(some, others model.Labels) bool {
	switch {
	case some == others:
		return true
	case len(some.Encoding()) != len(others.Encoding()):
		return false
	case some.Len() > manyLabelsOfSet:
		return some.SameSet(others)
	}
	for rest := some; ; {
		label, after, ok := rest.Cut()
		if !ok {
			return true // as long as the other one, which has all labels of this
		}
		if value, ok := others.Get(label.Name); !ok || value != label.Value {
			return false
		}
		rest = after
	}
}
