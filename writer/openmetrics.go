package writer

import (
	"bytes"
	"slices"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// openMetricsFeatures is what both versions of OpenMetrics carry.
var openMetricsFeatures = setOf(FeatureHelp, FeatureType, FeatureUnit, FeatureInfo, FeatureStateSet, FeatureGaugeHistogram,
	FeatureUTF8Names, FeatureMilliseconds, FeatureNanoseconds, FeatureCreated, FeatureExemplars, FeatureNonFinite)

// openMetrics is what the writers of both versions, and of the protobuf form of the first, have in common.
//
// A reader of OpenMetrics refuses a document as a whole for anything in it that must not be there. So a family is put
// into the order that is demanded, which loses nothing, and what is not allowed is altered or left out and reported.
// Families stand in one place: one that comes back cannot be written any more.
type openMetrics struct {
	text
	taken  takenNames
	points points
	mender mender

	// The family at hand.
	typ    model.Type
	name   textName
	suffix string // what its simple samples add to the name
	label  string // what tells the lines of a metric apart, so that a metric cannot have it

	// What follows is kept to be used again.
	strays  []model.Sample
	stray   model.MetricFamily
	metrics []model.Metric
	states  []stateRow
}

func newOpenMetrics(o *options, suffixes *sampleSuffixes) openMetrics {
	return openMetrics{
		text:   text{names: names{o.escaping}, numbers: floatTexts{spell: appendCanonical}},
		taken:  newTakenNames(suffixes),
		points: newPoints(),
	}
}

// version is what differs between the versions.
type version interface {
	// place sets the type and the name under which f is written. It is not ok, and reports so, if none is left for it.
	place(o *output, f *model.MetricFamily) bool
	// unitFits reports whether the family at hand, named name, may have the unit.
	unitFits(name []byte, unit string) bool
	// put writes f, for which there is a place, with the metrics in order.
	put(o *output, f *model.MetricFamily, metrics []model.Metric)
}

// textVersion is what differs between the versions as text.
type textVersion interface {
	version
	histograms(o *output, metrics []model.Metric)
	summaries(o *output, metrics []model.Metric)
	// appendExtra appends what a simple metric has behind its timestamp, and the end of the line.
	appendExtra(o *output, b []byte, m *model.Metric) []byte
	// statePoints is how many of the metrics, all points of one state set, are written together.
	statePoints(points int) int
}

func (t *openMetrics) end(o *output) { o.buf = append(o.buf, "# EOF\n"...) }

// write writes f as the version v has it.
func (t *openMetrics) write(o *output, f *model.MetricFamily, v version) {
	t.taken.begin(o)
	// A family of nothing but loose samples leaves its name to them.
	if len(f.Metrics) > 0 || len(f.Loose) == 0 && (f.HasType || f.HasUnit || f.HasHelp) {
		if v.place(o, f) {
			t.label = t.names.lineLabel(o, t.typ, f.SampleName())
			v.put(o, f, t.points.arrange(o, f.Metrics, t.names, t.label))
		}
	}
	if len(f.Loose) > 0 {
		t.loose(o, f, v)
	}
}

// lines writes f as text.
func (t *openMetrics) lines(o *output, f *model.MetricFamily, metrics []model.Metric, v textVersion) {
	t.descriptors(o, f, v)
	switch t.typ {
	case model.Histogram, model.GaugeHistogram:
		v.histograms(o, metrics)
	case model.Summary:
		v.summaries(o, metrics)
	case model.StateSet:
		t.stateSets(o, metrics, v)
	default:
		t.simple(o, metrics, v)
	}
}

// descriptors writes what is said of the family at hand.
func (t *openMetrics) descriptors(o *output, f *model.MetricFamily, v version) {
	b := o.buf
	if f.HasType || f.Type != model.Unknown {
		b = append(t.appendDescriptor(b, "# TYPE "), t.typ.String()...)
		b = append(b, '\n')
	}
	if t.hasUnit(o, f, v) {
		b = append(t.appendDescriptor(b, "# UNIT "), f.Unit...)
		b = append(b, '\n')
	}
	if f.HasHelp {
		b = appendEscaped(t.appendDescriptor(b, "# HELP "), lineOf(f.Help), true)
		b = append(b, '\n')
	}
	o.buf = b
}

func (t *openMetrics) appendDescriptor(b []byte, keyword string) []byte {
	return append(t.name.appendTo(append(b, keyword...), ""), ' ')
}

// hasUnit reports whether f has a unit that the family at hand may have.
func (t *openMetrics) hasUnit(o *output, f *model.MetricFamily, v version) bool {
	switch {
	case !f.HasUnit:
		return false
	case f.Unit == "" || classesIn(f.Unit)&notMetric == 0 && v.unitFits(t.taken.name, f.Unit):
		return true
	}
	o.lose(diag.LossUnit, 1, f.Unit)
	return false
}

// mayHaveUnit reports whether families of the type may have a unit.
func mayHaveUnit(typ model.Type) bool { return typ != model.Info && typ != model.StateSet }

// allows reports whether a simple sample of the family at hand may have the value.
func (t *openMetrics) allows(value float64) bool {
	return !(t.typ == model.Counter && !(value >= 0) || t.typ == model.Info && value != 1)
}

// loseValue notes as lost a sample whose value is not allowed.
func (t *openMetrics) loseValue(o *output) { o.lose(diag.LossValue, 1, "that of ", t.typ.String()) }

func (t *openMetrics) simple(o *output, metrics []model.Metric, v textVersion) {
	b := o.buf
	for i := range metrics {
		m := &metrics[i]
		if !t.allows(m.Value) {
			t.loseValue(o)
			continue
		}
		b = t.appendSeries(o, b, &t.name, t.suffix, m.Labels)
		b = appendCanonical(b, m.Value)
		b = appendStamp(b, m.Timestamp)
		if m.Extra != nil {
			b = v.appendExtra(o, b, m)
		} else {
			b = append(b, '\n')
		}
		b = o.drain(b)
	}
	o.buf = b
}

// appendStamp appends a timestamp, if there is one.
func appendStamp(b []byte, ts model.Timestamp) []byte {
	if !ts.Set {
		return b
	}
	return appendSeconds(append(b, ' '), ts)
}

// loose writes the loose samples as families of their own, which have no type.
func (t *openMetrics) loose(o *output, f *model.MetricFamily, v version) {
	t.strays = append(t.strays[:0], f.Loose...)
	slices.SortStableFunc(t.strays, func(a, b model.Sample) int { return strings.Compare(a.Name, b.Name) })
	for begin := 0; begin < len(t.strays); {
		name := t.strays[begin].Name
		t.metrics = t.metrics[:0]
		for _, s := range t.strays[begin:] {
			if s.Name != name {
				break
			}
			t.metrics = append(t.metrics, model.Metric{Labels: s.Labels, Value: s.Value, Timestamp: s.Timestamp})
		}
		begin += len(t.metrics)
		t.typ, t.name, t.suffix = model.Unknown, t.nameOf(o, t.names.sample(o, f, name), ""), ""
		t.label = ""
		if t.taken.take(&t.name, t.typ) {
			t.stray = model.MetricFamily{Name: name}
			v.put(o, &t.stray, t.points.arrange(o, t.metrics, t.names, t.label))
		} else {
			o.lose(diag.LossNameTaken, len(t.metrics), name)
		}
	}
}

// begin is that of text with times in seconds. The lines end without a line feed.
func (t *openMetrics) begin(o *output, m *model.Metric, suffix string) {
	t.text.begin(o, m, &t.name, suffix, t.label)
	t.tail = appendStamp(t.tail[:0], m.Timestamp)
}

// appendRowHead appends the line of a bucket, quantile or state up to its value.
func (t *openMetrics) appendRowHead(b, label []byte) []byte {
	b = append(b, t.line...)
	b = append(b, label...)
	return append(b, '"', '}', ' ')
}

func (t *openMetrics) appendExemplar(o *output, b []byte, e *model.Exemplar) []byte {
	b = append(t.appendLabels(o, append(b, " # {"...), e.Labels), '}', ' ')
	b = appendCanonical(b, e.Value)
	return appendStamp(b, e.Timestamp)
}

// stateRow is one state at one point in time.
type stateRow struct {
	rank         int // of the state, where its points stand together
	point, state int
}

func (t *openMetrics) stateSets(o *output, metrics []model.Metric, v textVersion) {
	b := o.buf
	for len(metrics) > 0 {
		points := v.statePoints(t.points.ofFirst(metrics, t.names, t.label))
		// The points have the same labels, as those of the first have them, but for what is lost of each.
		for i := range slices.Backward(metrics[:points]) {
			t.begin(o, t.named(o, &metrics[i]), "")
		}
		for _, row := range t.stateRows(metrics[:points]) {
			m := &metrics[row.point]
			state := m.States()[row.state]
			t.given = appendEscaped(t.given[:0], state.Name, true)
			b = t.appendRowHead(b, t.given)
			if state.Enabled {
				b = append(b, '1')
			} else {
				b = append(b, '0')
			}
			b = o.drain(append(appendStamp(b, m.Timestamp), '\n'))
		}
		metrics = metrics[points:]
	}
	o.buf = b
}

// stateRows are the states of all points, with those of one name together.
func (t *openMetrics) stateRows(points []model.Metric) []stateRow {
	t.states = t.states[:0]
	var ranks map[string]int
	if len(points) > 1 {
		ranks = make(map[string]int)
	}
	for p := range points {
		for s, state := range points[p].States() {
			rank, ok := ranks[state.Name]
			if !ok && ranks != nil {
				rank = len(ranks)
				ranks[state.Name] = rank
			}
			t.states = append(t.states, stateRow{rank, p, s})
		}
	}
	if ranks != nil {
		slices.SortStableFunc(t.states, func(a, b stateRow) int { return a.rank - b.rank })
	}
	return t.states
}

// endsInUnit reports whether the name ends in an underscore and the unit.
func endsInUnit(name []byte, unit string) bool {
	before := len(name) - len(unit) - 1
	return before >= 0 && name[before] == '_' && bytes.HasSuffix(name, []byte(unit))
}
