package convert

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// unknownKinds is what the composite values of a family of unknown type show. OpenMetrics 2.0 lets each sample of such a
// family have a number or any composite value. The model has families of one type only, so that in the end the family gets
// that of the first composite value.
type unknownKinds struct {
	// first is the type of the first composite value, Unknown if there was none.
	first model.Type
	// others are the composite values of other types, in their order.
	others []otherKind
}

// otherKind is the type of a metric of a family in progress.
type otherKind struct {
	metric int
	kind   model.Type
}

func (k *unknownKinds) reset() { k.first, k.others = model.Unknown, k.others[:0] }

// addUnknown takes in a sample of a family of unknown type, if it has a composite value. That is judged as one of the type
// that it shows.
func (a *assembler) addUnknown(e *entry) (added bool) {
	f := a.family
	if f.Type != model.Unknown || e.more.composite == nil || a.hadMetrics() {
		return false
	}
	kinds, n := &a.om.kinds, len(a.metrics)
	kind := e.more.composite.kind()
	if kinds.first == model.Unknown && n > 0 || kinds.first != model.Unknown && kinds.first != kind {
		if a.reportMixed(e) {
			return true
		}
	}
	f.Type = kind
	if !a.refusesExtras(e, compositeSample) {
		a.addComposite(e)
	}
	f.Type = model.Unknown
	switch {
	case len(a.metrics) == n: // it was refused
	case kinds.first == model.Unknown:
		kinds.first = kind
	case kinds.first != kind:
		kinds.others = append(kinds.others, otherKind{n, kind})
	}
	return true
}

// reportMixed reports a sample whose value is of another kind than those before in a family of unknown type.
func (a *assembler) reportMixed(e *entry) (refused bool) {
	at := a.valueAt(e)
	return a.reportOnce(diag.MixedValues, at.at, at.end, "the values of %s are of several kinds", quote(a.family.Name))
}

// settleUnknown gives the family in progress, if it is of unknown type and has composite values, the type of the first.
// What is of another kind becomes loose samples.
func (a *assembler) settleUnknown() {
	f, kinds := a.family, &a.om.kinds
	if kinds.first == model.Unknown {
		return
	}
	others := kinds.others
	kept := a.metrics[:0]
	for i, m := range a.metrics {
		kind := kinds.first
		switch {
		case m.Histogram() == nil && m.Summary() == nil:
			kind = model.Unknown
		case len(others) > 0 && others[0].metric == i:
			kind, others = others[0].kind, others[1:]
		}
		if kind == kinds.first {
			kept = append(kept, m)
			continue
		}
		alone := model.MetricFamily{Name: f.Name, Type: kind, Metrics: []model.Metric{m}}
		for s := range alone.Samples() {
			a.loose = append(a.loose, s)
		}
	}
	a.metrics = kept
	f.Type, f.HasType = kinds.first, true
}
