package convert

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// openMetrics is what an assembler has to know to hold families to what OpenMetrics demands of them.
type openMetrics struct {
	version lexer.Dialect
	values  *valueMemory
	// texts is what the texts of bounds are kept in, most of which are not as Go writes the number.
	texts slab[string]
	// ended tells that there was an EOF line.
	ended bool
	// bases is the set of what is before a suffix of samples in the names of families, as far as baseBit tells them apart.
	bases uint64

	// timed tells that the family has had timestamps, and metrics are its metrics then.
	timed   bool
	metrics metricIndex
	// first is where the first sample of the current point stands. The point is not judged if it is doubtful: if one of its
	// samples was refused or came too late.
	first    place
	doubtful bool
	// late tells that the sample that is being added comes too late for its point, or makes it doubtful.
	late bool
	// refused are the metrics that are to be left out, in rising order.
	refused []int
	created waitingCreated
	states  stateOrder
	kinds   unknownKinds
	// name is where names are put together.
	name []byte
}

// reset makes om ready for another input, of about that many bytes, in whatever dialect.
func (om *openMetrics) reset(input int, o *options) *openMetrics {
	if o.dialect == lexer.PrometheusText {
		return nil
	}
	if om == nil {
		om = &openMetrics{
			values:  newValueMemory(input, o.reuse),
			texts:   newSlab[string](input, 500, 16, o.reuse),
			metrics: metricIndex{index: newSeriesIndex()},
		}
	}
	om.version, om.ended, om.bases = o.dialect, false, 0
	return om
}

// release forgets all that would keep memory of families alive.
func (om *openMetrics) release() {
	if om == nil {
		return
	}
	om.begin()
	heads := om.metrics.heads
	clear(heads[:cap(heads)])
}

// resetMemory takes back the memory of all families, which is reused.
func (om *openMetrics) resetMemory() {
	om.values.reset()
	om.texts.reset()
}

// commit closes what has been opened for a metric, which may grow on its own later.
func (om *openMetrics) commit(m *model.Metric) {
	switch {
	case m.Histogram() != nil:
		h := m.Histogram()
		h.BoundTexts = om.texts.commit(h.BoundTexts)
		h.Exemplars = om.values.bucketExemplars.commit(h.Exemplars)
	case m.Summary() != nil:
		m.Summary().QuantileTexts = om.texts.commit(m.Summary().QuantileTexts)
	}
}

// isSettled reports whether nothing is left to be found out at the end of the family in progress, whose values are simple.
func (om *openMetrics) isSettled() bool {
	return om == nil || !om.created.waits && len(om.refused) == 0 && om.kinds.first == model.Unknown
}

// begin makes om ready for another family.
func (om *openMetrics) begin() {
	om.timed, om.doubtful, om.late = false, false, false
	om.refused = om.refused[:0]
	om.kinds.reset()
	om.metrics.reset()
	if om.created.waits {
		om.created.waits, om.created.sample = false, model.Sample{}
	}
	if om.states.groups > 0 {
		om.states.reset()
	}
}

// metricIndex finds out whether a label set is that of a metric of a family, whatever the times of its points are. Like a
// seriesIndex it takes metrics in only when it is asked.
type metricIndex struct {
	index seriesIndex
	// heads have the label sets of the metrics, each once.
	heads []model.Metric
	// taken is how many points have been taken in.
	taken int
}

func (x *metricIndex) reset() {
	x.index.reset()
	x.heads, x.taken = x.heads[:0], 0
}

// has reports whether labels are those of one of the metrics with these points.
func (x *metricIndex) has(points []model.Metric, labels model.Labels) bool {
	for ; x.taken < len(points); x.taken++ {
		labels := points[x.taken].Labels
		if n := len(x.heads); n > 0 && x.heads[n-1].Labels == labels {
			continue
		}
		if x.index.find(x.heads, labels, model.Timestamp{}, 0) < 0 {
			x.heads = append(x.heads, model.Metric{Labels: labels})
		}
	}
	return x.index.has(x.heads, labels, model.Timestamp{}, 0) >= 0
}

// place is where something stood that is reported when its line is gone.
type place struct {
	line    []byte // a copy
	number  int
	offset  int64
	indent  int
	at, end int
}

// placeMargin is how much of a line is kept behind what is to be reported, which is at least what a diagnostic shows.
const placeMargin = 160

// note makes p the place of the columns from at to end of the line that is being read.
func (p *place) note(r *reporter, at, end int) {
	p.line = append(p.line[:0], r.line[:min(len(r.line), r.indent+end+placeMargin)]...)
	p.number, p.offset, p.indent, p.at, p.end = r.number, r.offset, r.indent, at, end
}

// reportAt reports something about a place that has been noted.
func (a *assembler) reportAt(p *place, rule diag.Rule, format string, args ...any) (refused bool) {
	r := a.reporter
	line, number, offset, indent, refusedAt := r.line, r.number, r.offset, r.indent, r.refusedAt
	r.line, r.number, r.offset, r.indent = p.line, p.number, p.offset, p.indent
	refused = r.report(rule, p.at, p.end, format, args...)
	r.line, r.number, r.offset, r.indent, r.refusedAt = line, number, offset, indent, refusedAt
	return refused
}
