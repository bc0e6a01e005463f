package writer

import (
	"slices"
	"strconv"
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

	// What follows is kept to be used again.
	base    []byte        // the prefix and the name of the family's simple samples
	now     []byte        // what ends a line without a time of its own
	tail    []byte        // what ends the lines of the metric at hand: a blank, the time, a line feed
	labels  []model.Label // the labels of the metric, sorted
	order   labelOrder
	before  []byte // those up to the label that tells its lines apart, as part of a path
	after   []byte // and those behind it
	state   []byte // the name of a state
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
	g.beforeKey, g.afterKey = '.', '.'
	if o.graphite.tags {
		g.beforeKey, g.afterKey = ';', '='
	}
	return g
}

func (g *graphite) end(*output) {
	g.options = graphiteOptions{}
	clear(g.labels[:cap(g.labels)]) // they are strings of families
	g.order.forget()
	graphites.put(g)
}

func (g *graphite) family(o *output, f *model.MetricFamily) {
	g.setBase(f.Name, f.Suffix)
	g.now = appendTime(g.now[:0], time.Now().Unix())
	g.altered = false
	g.order.forget()
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
		g.sort(m.Labels)
		g.oneTagEach(o, "")
		b = append(b, g.base...)
		for j := range g.labels {
			b = g.appendSorted(b, j)
		}
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
		for j, bucket := range h.Buckets {
			text := g.numbers.givenOr(h.BoundTexts, j, bucket.UpperBound)
			b = o.drain(g.appendRow(b, "_bucket", "le", text, bucket.Count))
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
		for j, q := range v.Quantiles {
			text := g.numbers.givenOr(v.QuantileTexts, j, q.Quantile)
			b = o.drain(g.appendRow(b, "", "quantile", text, q.Value))
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
		for _, state := range m.States() {
			value := 0.0
			if state.Enabled {
				value = 1
			}
			g.state = append(g.state[:0], state.Name...)
			b = o.drain(g.appendRow(b, "", f.Name, g.state, value))
		}
		b = o.drain(b)
	}
	o.buf = b
}

func (g *graphite) creations(o *output, f *model.MetricFamily) {
	b := o.buf
	for i := range f.Metrics {
		m := &f.Metrics[i]
		if created := m.Created(); created.Set && g.begin(o, m.Labels, "", m.Timestamp) {
			b = o.drain(g.appendLine(b, "", seconds(created)))
		}
	}
	o.buf = b
}

// setBase sets what the paths of a sample name begin with.
func (g *graphite) setBase(name, suffix string) {
	g.base = append(g.base[:0], g.options.prefix...)
	if g.options.prefix != "" {
		g.base = append(g.base, '.')
	}
	g.base, _ = appendClean(g.base, name)
	g.base, _ = appendClean(g.base, suffix)
}

// stamp prepares the end of the lines of a metric. It is false if the metric has no time to be written with.
func (g *graphite) stamp(o *output, t model.Timestamp) bool {
	switch {
	case g.options.stamp != nil:
		stamp := g.options.stamp(t)
		if stamp.IsZero() {
			o.lose(diag.LossNoTimestamp, 1)
			return false
		}
		g.tail = appendTime(g.tail[:0], stamp.Unix())
	case t.Set:
		g.tail = appendTime(g.tail[:0], t.Seconds)
	default:
		g.tail = append(g.tail[:0], g.now...)
	}
	return true
}

// begin prepares the lines of a metric. It is false if the metric has no time to be written with.
func (g *graphite) begin(o *output, ls model.Labels, key string, t model.Timestamp) bool {
	if !g.stamp(o, t) {
		return false
	}
	g.sort(ls)
	g.oneTagEach(o, key)
	g.before, g.after = g.before[:0], g.after[:0]
	for j, l := range g.labels {
		if key == "" || l.Name < key {
			g.before = g.appendSorted(g.before, j)
		} else {
			g.after = g.appendSorted(g.after, j)
		}
	}
	return true
}

// sort sets g.labels to the labels that have a value, in the order of their names.
func (g *graphite) sort(ls model.Labels) {
	var known bool
	if g.labels, known = g.order.sort(g.labels, ls); known {
		return
	}
	g.labels = g.labels[:0]
	sorted := true
	for l, rest, ok := ls.Cut(); ok; l, rest, ok = rest.Cut() {
		if l.Value == "" {
			continue
		}
		if n := len(g.labels); n > 0 && g.labels[n-1].Name > l.Name {
			sorted = false
		}
		g.labels = append(g.labels, l)
	}
	if !sorted {
		slices.SortStableFunc(g.labels, func(a, b model.Label) int { return strings.Compare(a.Name, b.Name) })
	}
	g.order.learn(ls, g.labels, g.appendKey)
}

// oneTagEach leaves out the labels that would be the tag that another is, or that key is: carbon takes the last of them
// and drops the others. In a path they may all stand.
func (g *graphite) oneTagEach(o *output, key string) {
	if !g.options.tags || !g.tagsMayRepeat(key) {
		return
	}
	clear(g.taken)
	if key != "" {
		g.path = g.appendKey(g.path[:0], key)
		g.taken[string(g.path)] = true
	}
	kept := g.labels[:0]
	for _, l := range g.labels {
		g.path = g.appendKey(g.path[:0], l.Name)
		if g.taken[string(g.path)] {
			o.lose(diag.LossClash, 1, "label ", l.Name)
			continue
		}
		g.taken[string(g.path)] = true
		kept = append(kept, l)
	}
	if len(kept) < len(g.labels) {
		g.labels, g.altered = kept, true
		g.order.forget() // it is that of all labels
	}
}

// tagsMayRepeat reports whether the names of the labels, which are sorted, and key are not all different as tags. It may
// err on the side of caution.
func (g *graphite) tagsMayRepeat(key string) bool {
	if key != "" && !isTag(key) {
		return true
	}
	before := ""
	for i := range g.labels {
		name := g.labels[i].Name
		if name == before || name == key || !isTag(name) {
			return true
		}
		before = name
	}
	return false
}

// isTag reports whether a tag can have that name as it is.
func isTag(name string) bool { return name != "" && name != "name" && isPath(name) }

// appendRow appends a line of the metric that g has begun, with one label more.
func (g *graphite) appendRow(b []byte, suffix, key string, text []byte, value float64) []byte {
	if !isFinite(value) && !g.nonFinite {
		return b
	}
	b = append(append(b, g.base...), suffix...)
	b = append(b, g.before...)
	if len(text) > 0 {
		b = g.appendKey(b, key)
		b, _ = appendClean(b, text)
	}
	b = append(b, g.after...)
	b = append(b, ' ')
	b = appendFloat(b, value)
	return append(b, g.tail...)
}

// appendLine appends a line of the metric that g has begun.
func (g *graphite) appendLine(b []byte, suffix string, value float64) []byte {
	return g.appendRow(b, suffix, "", nil, value)
}

// appendSorted appends the label that comes at place j in the order of names.
func (g *graphite) appendSorted(b []byte, j int) []byte {
	key, value := g.order.key(j), g.labels[j].Value
	if key == nil || !isPath(value) {
		return g.appendLabel(b, g.labels[j].Name, value)
	}
	return append(append(b, key...), value...)
}

func (g *graphite) appendLabel(b []byte, name, value string) []byte {
	b = g.appendKey(b, name)
	b, altered := appendClean(b, value)
	g.altered = g.altered || altered
	return b
}

// appendKey appends the name of a label and what stands around it.
func (g *graphite) appendKey(b []byte, name string) []byte {
	b = append(b, g.beforeKey)
	b, altered := appendClean(b, name)
	if name == "" || g.options.tags && name == "name" {
		b = append(b, '_')
		altered = true
	}
	g.altered = g.altered || altered
	return append(b, g.afterKey)
}

// appendTime appends what ends a line.
func appendTime(b []byte, seconds int64) []byte {
	b = append(b, ' ')
	b = strconv.AppendInt(b, seconds, 10)
	return append(b, '\n')
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
