package writer

import (
	"hash/maphash"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// maxKeptSeries is how many series a clashes keeps room for from one family to the next.
const maxKeptSeries = 1 << 12

// clashes finds series of a family that have become one path, and labels of a series that have become one tag. It keeps
// two hashes a series, and nothing between families.
type clashes struct {
	seed   maphash.Seed
	series map[uint64]uint64 // from the hash of a path to that of the series that has it
	tags   map[uint64]bool   // the hashes of the tags of a series
	path   []byte
	labels []byte
}

// find reports every series of f whose path another series has already.
func (c *clashes) find(o *output, g *graphite, f *model.MetricFamily) {
	if c.series == nil {
		c.seed, c.series, c.tags = maphash.MakeSeed(), make(map[uint64]uint64), make(map[uint64]bool)
	}
	for i := range f.Metrics {
		m := &f.Metrics[i]
		g.sort(m.Labels)
		if f.Type != model.StateSet {
			c.add(o, g, f.Name)
			continue
		}
		labels := len(g.labels)
		for _, state := range m.States() {
			g.labels = append(g.labels[:labels], model.Label{Name: f.Name, Value: state.Name})
			c.add(o, g, f.Name)
		}
	}
	for i := range f.Loose {
		s := &f.Loose[i]
		g.sort(s.Labels)
		c.add(o, g, s.Name)
	}
	if len(c.series) > maxKeptSeries {
		c.series = make(map[uint64]uint64)
	} else {
		clear(c.series)
	}
}

// add notes the series of that name with the labels of g.
func (c *clashes) add(o *output, g *graphite, name string) {
	c.path, _ = appendClean(c.path[:0], name)
	c.labels = model.AppendLabel(c.labels[:0], name, "")
	renamed := false
	for _, l := range g.labels {
		c.path = g.appendLabel(c.path, l.Name, l.Value)
		c.labels = model.AppendLabel(c.labels, l.Name, l.Value)
		renamed = renamed || l.Name == "name" || !isLabelName(l.Name)
	}
	path, series := maphash.Bytes(c.seed, c.path), maphash.Bytes(c.seed, c.labels)
	if taken, ok := c.series[path]; ok && taken != series {
		o.lose(diag.LossClash, 1, string(c.path))
	} else {
		c.series[path] = series
	}
	if renamed && g.options.tags {
		c.addTags(o, g)
	}
}

// addTags reports every label of g that has become the tag that another label is.
func (c *clashes) addTags(o *output, g *graphite) {
	clear(c.tags)
	for _, l := range g.labels {
		c.path = g.appendKey(c.path[:0], l.Name)
		tag := maphash.Bytes(c.seed, c.path)
		if c.tags[tag] {
			o.lose(diag.LossClash, 1, "label ", l.Name)
		}
		c.tags[tag] = true
	}
}
