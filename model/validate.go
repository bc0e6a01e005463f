package model

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// The suffixes of samples that OpenMetrics keeps out of the family's name.
const (
	totalSuffix = "_total"
	infoSuffix  = "_info"
)

// InvalidError is one thing that is wrong with a family.
type InvalidError struct {
	// Family is the name of the family.
	Family string
	// Part says which part of the family it is about, such as `metric {method="GET"}`; it is empty for the family as such.
	Part string
	// Reason says what is wrong.
	Reason string
}

// Error renders the error as `metric family "http_requests", metric {method="GET"}: the value is negative`.
func (e *InvalidError) Error() string {
	if e.Part == "" {
		return fmt.Sprintf("metric family %q: %s", e.Family, e.Reason)
	}
	return fmt.Sprintf("metric family %q, %s: %s", e.Family, e.Part, e.Reason)
}

// Validate checks that f is a family as Prometheus and OpenMetrics understand it: names, label sets, duplicates, and
// what a value of its type must be. The error joins an InvalidError for each thing that is wrong, and is nil if nothing
// is. Names may hold any characters, as text 1.0.0 allows. No family, nil, is one thing that is wrong.
//
// It is meant for families made by hand. What a reader has read may be odd and yet be kept.
func (f *MetricFamily) Validate() error { return errors.Join(f.faults()...) }

// faults are the errors that Validate joins.
func (f *MetricFamily) faults() []error {
	if f == nil {
		return []error{&InvalidError{Reason: "no metric family given"}}
	}
	v := validation{family: f}
	v.metadata()
	seen := make(map[point]struct{}, len(f.Metrics))
	for i := range f.Metrics {
		m := &f.Metrics[i]
		v.part = "metric " + m.Labels.String()
		v.metric(m)
		p := point{m.Labels.Sorted(), m.Timestamp}
		if _, twice := seen[p]; twice {
			v.fail("the label set occurs twice with the same timestamp or with none")
		}
		seen[p] = struct{}{}
	}
	for i := range f.Loose {
		s := &f.Loose[i]
		v.part = "loose sample " + s.Name + s.Labels.String()
		v.name("name", s.Name)
		v.labels(s.Labels, "")
		v.timestamp("timestamp", s.Timestamp)
		if s.Exemplar != nil {
			v.exemplar(s.Exemplar)
		}
	}
	return v.errs
}

// point is what no two metrics of a family may have in common. The labels are sorted.
type point struct {
	labels    Labels
	timestamp Timestamp
}

// validation collects what is wrong with a family.
type validation struct {
	family *MetricFamily
	part   string
	errs   []error
}

func (v *validation) fail(format string, args ...any) {
	v.errs = append(v.errs, &InvalidError{Family: v.family.Name, Part: v.part, Reason: fmt.Sprintf(format, args...)})
}

func (v *validation) metadata() {
	f := v.family
	v.name("name", f.Name)
	if int(f.Type) >= len(typeNames) {
		v.fail("the type %d does not exist", f.Type)
	}
	if f.Suffix != "" && f.Suffix != typeSuffix[f.Type] {
		v.fail("a family of type %s cannot have the suffix %q", f.Type, f.Suffix)
	}
	if !f.HasType && f.Type != Unknown {
		v.fail("there is a type, %s, but HasType is not set", f.Type)
	}
	if !f.HasHelp && f.Help != "" {
		v.fail("there is a help text but HasHelp is not set")
	}
	if !f.HasUnit && f.Unit != "" {
		v.fail("there is a unit, %q, but HasUnit is not set", f.Unit)
	}
	v.utf8("help text", f.Help)
	v.unit()
}

// typeSuffix is the suffix that a family of some type may keep apart from its name.
var typeSuffix = map[Type]string{Counter: totalSuffix, Info: infoSuffix}

func (v *validation) unit() {
	f := v.family
	if f.Unit == "" {
		return
	}
	v.utf8("unit", f.Unit)
	if f.Type == Info || f.Type == StateSet {
		v.fail("a family of type %s cannot have a unit", f.Type)
	}
	name := f.Name
	if f.Type == Counter {
		name = strings.TrimSuffix(name, totalSuffix)
	}
	if !strings.HasSuffix(name, "_"+f.Unit) {
		v.fail("the name does not end in the unit, _%s", f.Unit)
	}
}

// reservedLabel is the name of the label that samples of a family get and metrics therefore may not have.
func (f *MetricFamily) reservedLabel() string {
	switch f.Type {
	case Histogram, GaugeHistogram:
		return "le"
	case Summary:
		return "quantile"
	case StateSet:
		return f.Name
	}
	return ""
}

func (v *validation) metric(m *Metric) {
	f := v.family
	v.labels(m.Labels, f.reservedLabel())
	v.timestamp("timestamp", m.Timestamp)
	v.timestamp("created timestamp", m.Created())
	v.shape(m)

	switch f.Type {
	case Counter:
		v.count("value", m.Value)
	case Info:
		if m.Value != 1 {
			v.fail("the value of an info is %v, not 1", m.Value)
		}
	}
	if m.Histogram() != nil {
		v.histogram(m.Histogram())
	}
	if m.Summary() != nil {
		v.summary(m.Summary())
	}
	v.states(m.States())
	for i := range m.Exemplars() {
		v.exemplar(&m.Extra.Exemplars[i])
	}
}

// shape checks that a metric has what its type needs and nothing that belongs to another type.
func (v *validation) shape(m *Metric) {
	t := v.family.Type
	for _, field := range []struct {
		name          string
		there, wanted bool
	}{
		{"Histogram", m.Histogram() != nil, t == Histogram || t == GaugeHistogram},
		{"Summary", m.Summary() != nil, t == Summary},
		{"States", len(m.States()) > 0, t == StateSet},
	} {
		if field.wanted && !field.there {
			v.fail("a metric of type %s must have %s", t, field.name)
		}
		if field.there && !field.wanted {
			v.fail("a metric of type %s cannot have %s", t, field.name)
		}
	}
	if len(m.Exemplars()) == 0 {
		return
	}
	switch {
	case t == Summary || t == StateSet || t == Info:
		v.fail("a metric of type %s cannot have exemplars", t)
	case m.Histogram() != nil && m.Histogram().Native == nil:
		v.fail("there are exemplars of native buckets but no native buckets")
	}
}

func (v *validation) states(states []State) {
	seen := make(map[string]struct{}, len(states))
	for _, state := range states {
		v.name("name of a state", state.Name)
		if _, twice := seen[state.Name]; twice {
			v.fail("the state %q occurs twice", state.Name)
		}
		seen[state.Name] = struct{}{}
	}
}

func (v *validation) exemplar(e *Exemplar) {
	part := v.part
	v.part += ", exemplar " + e.Labels.String()
	v.labels(e.Labels, "")
	v.timestamp("timestamp", e.Timestamp)
	v.part = part
}

func (v *validation) labels(labels Labels, reserved string) {
	before := ""
	for name, value := range labels.Sorted().All() {
		v.name("name of a label", name)
		v.utf8("value of label "+name, value)
		switch name {
		case "": // reported as empty
		case before:
			v.fail("the label %q occurs twice", name)
		case "__name__":
			v.fail("the label __name__ is the name of the metric")
		case reserved:
			v.fail("the label %q is reserved in a family of type %s", name, v.family.Type)
		}
		before = name
	}
}

func (v *validation) name(what, name string) {
	if name == "" {
		v.fail("the %s is empty", what)
	}
	v.utf8(what, name)
}

func (v *validation) utf8(what, s string) {
	if !utf8.ValidString(s) {
		v.fail("the %s, %q, is not valid UTF-8", what, s)
	}
}

func (v *validation) timestamp(what string, t Timestamp) {
	if t.Nanos < 0 || t.Nanos >= 1e9 {
		v.fail("the %s has %d nanoseconds, not 0 to 999,999,999", what, t.Nanos)
	}
	if !t.Set && (t.Seconds != 0 || t.Nanos != 0) {
		v.fail("there is a %s but it is not Set", what)
	}
}

// count checks a number of events or observations. Those of a gauge histogram may be negative.
func (v *validation) count(what string, n float64) {
	switch {
	case math.IsNaN(n):
		v.fail("the %s is NaN", what)
	case n < 0 && v.family.Type != GaugeHistogram:
		v.fail("the %s, %v, is negative", what, n)
	}
}
