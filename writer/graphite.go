package writer

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// graphite writes the plaintext protocol of carbon: path, value and seconds, a line a sample.
//
// The path is the prefix, the name of the sample and then its labels in the order of their names, path.label.value or,
// with tags, path;label=value. In names and values every character outside of [a-zA-Z0-9_-] becomes an underscore, which
// leaves none that carbon objects to. A label with an empty value is left out: to Prometheus as to carbon it is none.
// A tag cannot be called name, which is what carbon calls the path; such a label becomes name_. No series has a tag twice:
// the first is kept, and a label called as the bucket, quantile or state is left out. Times are rounded down to whole
// seconds.
type graphite struct {
	options   graphiteOptions
	created   bool
	nonFinite bool
	beforeKey byte // what stands before the name of a label
	afterKey  byte // and between it and the value

	// altered tells that a label of the family at hand lost characters, so that two series may have become one.
	altered bool
	clashes clashes
	owners  owners // of names, which become one where characters are lost

	// What follows is kept to be used again.
	base    []byte // the prefix and the name of the family's simple samples
	clock   int64  // the time of lines without one of their own, in seconds
	tail    []byte // what ends the lines of the metric at hand: a blank, the time, a line feed
	stamped model.Timestamp
	order   labelOrder
	front   []byte // what rows of the metric begin with, up to the value of the label that tells them apart
	key     int    // where in it that label begins
	before  []byte // the labels up to that one, as part of a path
	after   []byte // and those behind it
	value   []byte // of that label
	numbers floatTexts
	taken   map[string]bool // the tags of the metric at hand
	path    []byte
}

var graphites pool[graphite]

func newGraphite(o *options) body {
	g := graphites.get()
	g.options = o.graphite
	g.created = o.wanted.has(FeatureCreated)
	g.nonFinite = o.wanted.has(FeatureNonFinite)
	if g.taken == nil {
		g.taken = make(map[string]bool)
	}
	g.numbers.spell = appendPathFloat
	g.tail = g.tail[:0]
	g.beforeKey, g.afterKey = '.', '.'
	if o.graphite.tags {
		g.beforeKey, g.afterKey = ';', '='
	}
	return g
}

func (g *graphite) end(*output) {
	g.options = graphiteOptions{}
	g.owners.end()
	if g.order.forget(); cap(g.order.texts) > keptHeads {
		g.order = labelOrder{}
	}
	graphites.put(g)
}

func (g *graphite) family(o *output, f *model.MetricFamily) {
	g.takeName(o, f)
	if clock := time.Now().Unix(); clock != g.clock {
		g.clock, g.tail = clock, g.tail[:0]
	}
	g.altered = false
	switch f.Type {
	case model.Histogram:
		g.histograms(o, f, "_sum", "_count")
	case model.GaugeHistogram:
		g.histograms(o, f, "_gsum", "_gcount")
	case model.Summary:
		g.summaries(o, f)
	case model.StateSet:
		g.stateSets(o, f)
	default:
		g.simple(o, f)
	}
	if g.created && o.used.set&setOf(FeatureCreated, FeatureOtherCreated) != 0 {
		g.setBase(strings.TrimSuffix(f.Name, "_total"), "_created")
		g.creations(o, f)
	}
	for i := range f.Loose {
		s := &f.Loose[i]
		g.setBase(s.Name, "")
		if g.begin(o, s.Labels, "", s.Timestamp) {
			o.buf = o.drain(g.appendLine(o.buf, "", s.Value))
		}
	}
	if g.altered {
		g.clashes.find(o, g, f)
	}
}

func (g *graphite) simple(o *output, f *model.MetricFamily) {
	b := o.buf
	for i := range f.Metrics {
		m := &f.Metrics[i]
		if !g.stamp(o, m.Timestamp) {
			continue
		}
		begin := len(b)
		g.locate(m.Labels, "")
		g.oneTagEach(o, m.Labels, "")
		b = append(b, g.base...)
		b = g.appendLabels(b, m.Labels, g.order.labels)
		if !isFinite(m.Value) && !g.nonFinite {
			b = b[:begin]
			continue
		}
		b = appendFloat(append(b, ' '), m.Value)
		b = o.drain(append(b, g.tail...))
	}
	o.buf = b
}

func (g *graphite) histograms(o *output, f *model.MetricFamily, sum, count string) {
	b := o.buf
	for i := range f.Metrics {
		m := &f.Metrics[i]
		if !g.begin(o, m.Labels, "le", m.Timestamp) {
			continue
		}
		h := m.Histogram()
		g.setFront("_bucket", "le")
		for j, bucket := range h.Buckets {
			b = o.drain(g.appendRow(b, g.bound(h.BoundTexts, j, bucket.UpperBound), bucket.Count))
		}
		if h.HasSum {
			b = g.appendLine(b, sum, h.Sum)
		}
		if h.HasCount {
			b = g.appendLine(b, count, h.Count)
		}
		b = o.drain(b)
	}
	o.buf = b
}

func (g *graphite) summaries(o *output, f *model.MetricFamily) {
	b := o.buf
	for i := range f.Metrics {
		m := &f.Metrics[i]
		if !g.begin(o, m.Labels, "quantile", m.Timestamp) {
			continue
		}
		v := m.Summary()
		g.setFront("", "quantile")
		for j, q := range v.Quantiles {
			b = o.drain(g.appendRow(b, g.bound(v.QuantileTexts, j, q.Quantile), q.Value))
		}
		if v.HasSum {
			b = g.appendLine(b, "_sum", v.Sum)
		}
		if v.HasCount {
			b = g.appendLine(b, "_count", v.Count)
		}
		b = o.drain(b)
	}
	o.buf = b
}

func (g *graphite) stateSets(o *output, f *model.MetricFamily) {
	g.altered = true // states can clash like labels; there are few enough of them to look at all
	b := o.buf
	for i := range f.Metrics {
		m := &f.Metrics[i]
		if !g.begin(o, m.Labels, f.Name, m.Timestamp) {
			continue
		}
		g.setFront("", f.Name)
		for _, state := range m.States() {
			value := 0.0
			if state.Enabled {
				value = 1
			}
			g.value, _ = appendClean(g.value[:0], state.Name)
			b = o.drain(g.appendRow(b, g.value, value))
		}
	}
	o.buf = b
}

func (g *graphite) creations(o *output, f *model.MetricFamily) {
	b := o.buf
	for i := range f.Metrics {
		m := &f.Metrics[i]
		if created := m.Created(); created.Set && g.begin(o, m.Labels, "", m.Timestamp) {
			b = o.drain(g.appendLine(b, "", created.Float64()))
		}
	}
	o.buf = b
}

// setBase sets what the paths of a sample name begin with.
func (g *graphite) setBase(name, suffix string) (altered bool) {
	g.base = append(g.base[:0], g.options.prefix...)
	if g.options.prefix != "" {
		g.base = append(g.base, '.')
	}
	g.base, altered = appendClean(g.base, name)
	if suffix != "" {
		g.base, _ = appendClean(g.base, suffix) // which has no such character
	}
	return altered
}

// takeName begins with the name of f, and reports it if it has become that of another family before.
func (g *graphite) takeName(o *output, f *model.MetricFamily) {
	name := textName{name: f.Name, suffix: f.Suffix}
	if g.setBase(f.Name, f.Suffix) {
		written := g.base
		if n := len(g.options.prefix); n > 0 {
			written = written[n+1:]
		}
		name = textName{name: string(written)}
	}
	g.owners.claim(o, f, &name)
}

// stamp prepares the end of the lines of a metric. It is false if the metric has no time to be written with.
func (g *graphite) stamp(o *output, t model.Timestamp) bool {
	if g.options.stamp != nil {
		stamp := g.options.stamp(t)
		if stamp.IsZero() {
			o.lose(diag.LossNoTimestamp, 1)
			return false
		}
		g.tail = appendTime(g.tail[:0], stamp.Unix())
		return true
	}
	if t != g.stamped || len(g.tail) == 0 {
		seconds := g.clock
		if t.Set {
			seconds = t.Seconds
		}
		g.tail = appendTime(g.tail[:0], seconds)
		g.stamped = t
	}
	return true
}

// begin prepares the lines of a metric, which a label called line tells apart. It is false if the metric has no time to be
// written with.
func (g *graphite) begin(o *output, ls model.Labels, line string, t model.Timestamp) bool {
	if !g.stamp(o, t) {
		return false
	}
	g.locate(ls, line)
	g.oneTagEach(o, ls, line)
	labels := g.order.labels
	g.before = g.appendLabels(g.before[:0], ls, labels[:g.order.before])
	g.after = g.appendLabels(g.after[:0], ls, labels[g.order.before:])
	return true
}

// locate finds the labels of a metric, whose lines a label called line tells apart, in the order of their names.
func (g *graphite) locate(ls model.Labels, line string) {
	if !g.order.locate(ls.Encoding(), line) {
		g.order.learn(g, ls, line)
		g.order.locate(ls.Encoding(), line)
	}
	g.altered = g.altered || g.order.lossy
}

// oneTagEach leaves out the labels that would be the tag that another is, or that line is: carbon takes the last of them
// and drops the others. In a path they may all stand.
func (g *graphite) oneTagEach(o *output, ls model.Labels, line string) {
	if !g.order.repeats {
		return
	}
	clear(g.taken)
	if line != "" {
		g.path, _ = g.appendKey(g.path[:0], line)
		g.taken[string(g.path)] = true
	}
	for i := range g.order.labels {
		p := &g.order.labels[i]
		if p.isLeftOut() {
			continue
		}
		tag := g.order.keys[p.key : p.key+p.keySize]
		if g.taken[string(tag)] {
			label, _, _ := model.LabelsFromEncoding(ls.Encoding()[p.begin:p.end]).Cut()
			o.lose(diag.LossClash, 1, "label ", label.Name)
			p.end = p.value
			g.altered = true
			continue
		}
		g.taken[string(tag)] = true
	}
}

// appendLabels appends some of the labels of the metric that has been located.
func (g *graphite) appendLabels(b []byte, ls model.Labels, labels []pathLabel) []byte {
	if len(labels) == 0 {
		return b
	}
	b, lossy := g.order.append(b, ls.Encoding(), labels)
	g.altered = g.altered || lossy
	return b
}

// setFront prepares the rows of the metric that g has begun.
func (g *graphite) setFront(suffix, line string) {
	g.front = append(append(g.front[:0], g.base...), suffix...)
	g.front = append(g.front, g.before...)
	g.key = len(g.front)
	g.front, _ = g.appendKey(g.front, line)
}

// bound is the i-th bound or quantile of a metric as part of a path.
func (g *graphite) bound(texts []string, i int, f float64) []byte {
	if texts != nil {
		g.value, _ = appendClean(g.value[:0], texts[i])
		return g.value
	}
	return g.numbers.at(i, f)
}

// appendRow appends a line of the metric that g has begun, which the value of a label tells from the others.
func (g *graphite) appendRow(b, label []byte, value float64) []byte {
	if !isFinite(value) && !g.nonFinite {
		return b
	}
	if len(label) > 0 {
		b = append(append(b, g.front...), label...)
	} else {
		b = append(b, g.front[:g.key]...)
	}
	return g.appendEnd(b, value)
}

// appendLine appends a line of the metric that g has begun.
func (g *graphite) appendLine(b []byte, suffix string, value float64) []byte {
	if !isFinite(value) && !g.nonFinite {
		return b
	}
	b = append(append(b, g.base...), suffix...)
	return g.appendEnd(append(b, g.before...), value)
}

// appendEnd appends what stands in a line of the metric behind the label that tells it from the others.
func (g *graphite) appendEnd(b []byte, value float64) []byte {
	b = append(append(b, g.after...), ' ')
	return append(appendFloat(b, value), g.tail...)
}

// appendLabel appends a label that is none of the metric's own.
func (g *graphite) appendLabel(b []byte, name, value string) []byte {
	b, _ = g.appendKey(b, name)
	b, _ = appendClean(b, value)
	return b
}

// appendKey appends the name of a label and what stands around it, and tells whether the name lost characters.
func (g *graphite) appendKey(b []byte, name string) (out []byte, lossy bool) {
	b = append(b, g.beforeKey)
	b, lossy = appendClean(b, name)
	if name == "" || g.options.tags && name == "name" {
		b = append(b, '_')
		lossy = true
	}
	return append(b, g.afterKey), lossy
}

// appendTime appends what ends a line.
func appendTime(b []byte, seconds int64) []byte {
	b = append(b, ' ')
	if seconds < 0 {
		b = append(b, '-')
		seconds = -seconds
	}
	return append(appendUint(b, uint64(seconds)), '\n')
}

// appendClean appends s with an underscore for every character that a path cannot hold, and tells whether there was one.
func appendClean[T string | []byte](b []byte, s T) (out []byte, altered bool) {
	end := len(b)
	b = append(b, s...)
	if classesIn(s)&notPath == 0 { // in s, and not in the copy that is still being stored
		return b, false
	}
	for i := end; i < len(b); end++ {
		c, size := b[i], 1
		if c >= utf8.RuneSelf {
			_, size = utf8.DecodeRune(b[i:])
		}
		if classes[c]&notPath != 0 {
			c = '_'
		}
		b[end] = c
		i += size
	}
	return b[:end], true
}

// appendPathFloat appends f as a path can hold it.
func appendPathFloat(b []byte, f float64) []byte {
	begin := len(b)
	b = appendFloat(b, f)
	b, _ = appendClean(b[:begin], b[begin:])
	return b
}
