package writer

import (
	"math"
	"slices"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// textFeatures is what both text formats carry.
var textFeatures = setOf(FeatureHelp, FeatureType, FeatureMilliseconds, FeatureNonFinite, FeatureAnyCount,
	FeatureBoundTexts, FeatureLooseSamples)

// textTypes is what follows the name in a TYPE line. The types of OpenMetrics become the nearest there is.
var textTypes = [...]string{
	model.Unknown:        " untyped\n",
	model.Counter:        " counter\n",
	model.Gauge:          " gauge\n",
	model.Histogram:      " histogram\n",
	model.GaugeHistogram: " histogram\n",
	model.Summary:        " summary\n",
	model.Info:           " gauge\n",
	model.StateSet:       " gauge\n",
}

// textSuffixes is what the names of a family's samples add to that in its TYPE line. A sample of another name begins a
// family of its own.
var textSuffixes = [...][]string{
	model.Unknown:        {""},
	model.Counter:        {""},
	model.Gauge:          {""},
	model.Histogram:      {"", "_bucket", "_sum", "_count"},
	model.GaugeHistogram: {"", "_bucket", "_sum", "_count"},
	model.Summary:        {"", "_sum", "_count"},
	model.Info:           {""},
	model.StateSet:       {""},
}

// text writes the text formats 0.0.4 and 1.0.0, which differ only in whether names are escaped or quoted.
//
// HELP and TYPE are written where the family states them and no earlier part of it did.
//
// A histogram is written with the buckets that it has. One with native buckets is given the bucket +Inf besides, which the
// format demands and the count stands for: it may have no other.
type text struct {
	names   names
	created bool
	owners  owners

	// What follows is kept to be used again.
	heads     labelHeads // those of the last series with many or long labels, which are label names all of them
	labels    []byte     // the labels of a complex metric, with a comma at the end
	line      []byte     // what its lines begin with
	tail      []byte     // what its lines end with
	given     []byte     // the text of a bound, quantile or state, escaped
	numbers   floatTexts // the bounds of the last histogram
	quantiles floatTexts // those of the last summary, since the families alternate
}

var texts pool[text]

func newText(o *options) body {
	t := texts.get()
	t.names, t.created = names{o.escaping}, o.wanted.has(FeatureCreated)
	return t
}

func (t *text) end(*output) {
	t.owners.end()
	if t.heads.cut(0); cap(t.heads.texts) > keptHeads {
		t.heads = labelHeads{}
	}
	texts.put(t)
}

func (t *text) family(o *output, f *model.MetricFamily) {
	if o.hold {
		t.owners.begin(o)
	}
	name := textName{name: f.Name}
	if !t.appendKnownHead(o, f) {
		f = t.appendHead(o, f, &name)
	}
	switch f.Type {
	case model.Histogram, model.GaugeHistogram:
		t.histograms(o, f, &name)
	case model.Summary:
		t.summaries(o, f, &name)
	case model.StateSet:
		t.stateSets(o, f, &name)
	default:
		t.simple(o, f, &name)
	}
	if len(f.Loose) > 0 {
		t.loose(o, f)
	}
	if t.created && o.used.set&setOf(FeatureCreated, FeatureOtherCreated) != 0 {
		base := t.nameOf(o, strings.TrimSuffix(f.Name, "_total"), "")
		t.trailing(o, f, &base, "_created", createdOf)
	}
	if f.Type == model.GaugeHistogram {
		t.trailing(o, f, &name, "_gcount", gaugeCountOf)
		t.trailing(o, f, &name, "_gsum", gaugeSumOf)
	}
}

// appendKnownHead appends what is said of f if the document before said the same.
func (t *text) appendKnownHead(o *output, f *model.MetricFamily) (ok bool) {
	if t.owners.of == nil && hasHead(f) {
		o.buf, ok = t.owners.heads.appendKnown(o.buf, f)
	}
	return ok
}

// appendHead appends what is said of f and gives it back as it is to be written.
func (t *text) appendHead(o *output, f *model.MetricFamily, name *textName) *model.MetricFamily {
	*name = t.nameOf(o, f.Name, f.Suffix)
	// Other names than those of the families themselves may be taken.
	if t.owners.of != nil || f.Suffix != "" || name.name != f.Name {
		f = t.owners.family(o, f, name)
	}
	begin := len(o.buf)
	o.buf = appendMetadata(o.buf, f, statedMetadata(f), name, "", textTypes[f.Type])
	if t.owners.of == nil && (!hasHead(f) || !t.owners.heads.add(f, o.buf[begin:])) {
		t.owners.note(f)
	}
	return f
}

func (t *text) simple(o *output, f *model.MetricFamily, name *textName) {
	b := o.buf
	if name.quoted || name.suffix != "" {
		for i := range f.Metrics {
			m := &f.Metrics[i]
			b = o.drain(t.appendSample(o, b, name, "", m, m.Value))
		}
		o.buf = b
		return
	}
	// Most samples are of the other kind. What appendSample does is done here once more, since its calls would be a
	// tenth of the time.
	plain, metrics := name.name, f.Metrics
	for i := range metrics {
		m := &metrics[i]
		b = append(b, plain...)
		if encoding := m.Labels.Encoding(); encoding != "" {
			b = append(b, '{')
			if out, ok := t.appendPlainLabels(b, encoding); ok {
				b = out
			} else {
				b = t.appendAnyLabels(o, b, m.Labels)
			}
			b = append(b, '}')
		}
		b = appendFloat(append(b, ' '), m.Value)
		if m.Timestamp.Set {
			b = appendTail(b, m.Timestamp)
		} else {
			b = append(b, '\n')
		}
		b = o.drain(b)
	}
	o.buf = b
}

// begin prepares the lines of m: t.labels, t.tail, and t.line up to the value of the label that tells the lines apart.
func (t *text) begin(o *output, m *model.Metric, name *textName, suffix, label string) {
	t.labels = t.appendLabels(o, t.labels[:0], labelsBeside(o, m.Labels, label))
	if len(t.labels) > 0 {
		t.labels = append(t.labels, ',')
	}
	t.line = append(name.appendHead(t.line[:0], suffix, true), t.labels...)
	t.line = append(appendLabelName(t.line, label), '=', '"')
	t.tail = appendTail(t.tail[:0], m.Timestamp)
}

// labelsBeside is ls without the label that tells the samples of a metric apart, which they would have twice.
func labelsBeside(o *output, ls model.Labels, label string) model.Labels {
	if !strings.Contains(ls.Encoding(), label) { // nearly always, and found out fast
		return ls
	}
	if _, ok := ls.Get(label); !ok {
		return ls
	}
	o.lose(diag.LossClash, 1, "label ", label)
	return ls.Without(label)
}

// named is m with the names of its labels as the scheme has them, for one of them to be compared with another name.
func (t *text) named(o *output, m *model.Metric) *model.Metric {
	return &model.Metric{Labels: t.names.labels(o, m.Labels), Timestamp: m.Timestamp}
}

// appendRow appends a line of the metric that t has begun.
func (t *text) appendRow(b, label []byte, value float64) []byte {
	b = append(b, t.line...)
	b = append(b, label...)
	b = append(b, '"', '}', ' ')
	return t.appendEnd(appendFloat(b, value))
}

// rowLabel is the text of the i-th bound or quantile: as it was given, or else in the shortest form, among numbers.
func (t *text) rowLabel(numbers *floatTexts, given []string, i int, number float64) []byte {
	if given != nil {
		t.given = appendEscaped(t.given[:0], given[i], true)
		return t.given
	}
	return numbers.at(i, number)
}

// appendLine appends a line with just the labels of the metric that t has begun.
func (t *text) appendLine(b []byte, name *textName, suffix string, value float64) []byte {
	return t.appendEnd(appendFloat(t.appendLineHead(b, name, suffix), value))
}

// appendEnd appends what stands behind the value, which mostly is just the end of the line.
func (t *text) appendEnd(b []byte) []byte {
	if len(t.tail) == 1 {
		return append(b, '\n')
	}
	return append(b, t.tail...)
}

// appendLineHead appends what stands before the value in such a line.
func (t *text) appendLineHead(b []byte, name *textName, suffix string) []byte {
	b = name.appendHead(b, suffix, len(t.labels) > 0)
	if len(t.labels) > 0 {
		b = append(b, t.labels...)
		b[len(b)-1] = '}' // in place of the comma
	}
	return append(b, ' ')
}

func (t *text) histograms(o *output, f *model.MetricFamily, name *textName) {
	b := o.buf
	totals := f.Type == model.Histogram // those of a gauge histogram trail it
	for i := range f.Metrics {
		m := &f.Metrics[i]
		h := m.Histogram()
		t.begin(o, m, name, "_bucket", "le")
		for j := range h.Buckets {
			b = o.drain(t.appendRow(b, t.rowLabel(&t.numbers, h.BoundTexts, j, h.Buckets[j].UpperBound), h.Buckets[j].Count))
		}
		if h.Native != nil && h.HasCount && !hasInfinity(h) {
			b = t.appendRow(b, infinity, h.Count)
		}
		if h.HasSum && totals {
			b = t.appendLine(b, name, "_sum", h.Sum)
		}
		if h.HasCount && totals {
			b = t.appendLine(b, name, "_count", h.Count)
		}
		b = o.drain(b)
	}
	o.buf = b
}

// infinity is the bound of the bucket that counts everything.
var infinity = []byte("+Inf")

// hasInfinity reports whether h has the bucket that counts everything.
func hasInfinity(h *model.HistogramValue) bool {
	return slices.ContainsFunc(h.Buckets, func(b model.Bucket) bool { return math.IsInf(b.UpperBound, 1) })
}

func (t *text) summaries(o *output, f *model.MetricFamily, name *textName) {
	b := o.buf
	for i := range f.Metrics {
		m := &f.Metrics[i]
		v := m.Summary()
		t.begin(o, m, name, "", "quantile")
		for j := range v.Quantiles {
			b = o.drain(t.appendRow(b, t.rowLabel(&t.quantiles, v.QuantileTexts, j, v.Quantiles[j].Quantile), v.Quantiles[j].Value))
		}
		if v.HasSum {
			b = t.appendLine(b, name, "_sum", v.Sum)
		}
		if v.HasCount {
			b = t.appendLine(b, name, "_count", v.Count)
		}
		b = o.drain(b)
	}
	o.buf = b
}

func (t *text) stateSets(o *output, f *model.MetricFamily, name *textName) {
	b := o.buf
	label := t.names.lineLabel(o, f.Type, f.Name)
	for i := range f.Metrics {
		m := &f.Metrics[i]
		t.begin(o, t.named(o, m), name, "", label)
		for _, state := range m.States() {
			t.given = appendEscaped(t.given[:0], state.Name, true)
			value := 0.0
			if state.Enabled {
				value = 1
			}
			b = o.drain(t.appendRow(b, t.given, value))
		}
		b = o.drain(b)
	}
	o.buf = b
}

func (t *text) loose(o *output, f *model.MetricFamily) {
	b := o.buf
	for i := range f.Loose {
		s := &f.Loose[i]
		suffix, ok := strings.CutPrefix(s.Name, f.SampleName())
		if !ok || !slices.Contains(textSuffixes[f.Type], suffix) {
			o.lose(diag.LossLoose, 1, s.Name)
		}
		name := t.nameOf(o, t.names.sample(o, f, s.Name), "")
		b = o.drain(t.appendSample(o, b, &name, "", &model.Metric{Labels: s.Labels, Timestamp: s.Timestamp}, s.Value))
	}
	o.buf = b
}

// trailing writes a gauge family of one number a metric, for those that have it. What is lost of their labels has been
// noted where the metric itself was written.
func (t *text) trailing(
	o *output, f *model.MetricFamily, name *textName, suffix string, number func(*model.Metric) (float64, bool),
) {
	var unnoted output
	label := t.names.lineLabel(&unnoted, f.Type, f.Name)
	b := o.buf
	var due metadata
	if !f.Continued {
		due = statedMetadata(f)
	}
	for i := range f.Metrics {
		m := &f.Metrics[i]
		value, ok := number(m)
		if !ok {
			continue
		}
		if due != (metadata{}) {
			if written := name.name + name.suffix + suffix; t.owners.take(o, f.Name+suffix, written, model.Gauge) {
				b = appendMetadata(b, f, due, name, suffix, textTypes[model.Gauge])
			}
			due = metadata{}
		}
		sample := model.Metric{Labels: t.names.written(m.Labels, label), Timestamp: m.Timestamp}
		b = o.drain(t.appendSample(o, b, name, suffix, &sample, value))
	}
	o.buf = b
}

func createdOf(m *model.Metric) (float64, bool) {
	created := m.Created()
	return created.Float64(), created.Set
}

func gaugeCountOf(m *model.Metric) (float64, bool) {
	return m.Histogram().Count, m.Histogram().HasCount
}

func gaugeSumOf(m *model.Metric) (float64, bool) { return m.Histogram().Sum, m.Histogram().HasSum }

// appendSample appends a line of a simple sample with the labels and the timestamp of m.
func (t *text) appendSample(o *output, b []byte, name *textName, suffix string, m *model.Metric, value float64) []byte {
	b = appendFloat(t.appendSeries(o, b, name, suffix, m.Labels), value)
	if m.Timestamp.Set {
		return appendTail(b, m.Timestamp)
	}
	return append(b, '\n')
}

// appendSeries appends a name and labels, and the blank behind them.
func (t *text) appendSeries(o *output, b []byte, name *textName, suffix string, ls model.Labels) []byte {
	encoding := ls.Encoding()
	if name.quoted {
		b = name.appendHead(b, suffix, encoding != "")
	} else {
		b = name.appendTo(b, suffix)
		if encoding != "" {
			b = append(b, '{')
		}
	}
	if encoding != "" {
		if out, ok := t.appendPlainLabels(b, encoding); ok {
			b = out
		} else {
			b = t.appendAnyLabels(o, b, ls)
		}
		b = append(b, '}')
	}
	return append(b, ' ')
}

// appendTail appends what stands behind a value: the timestamp, if there is one, and the end of the line.
func appendTail(b []byte, ts model.Timestamp) []byte {
	if ts.Set {
		ms, _ := ts.Millis()
		b = appendInt(append(b, ' '), ms)
	}
	return append(b, '\n')
}
