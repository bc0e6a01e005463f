package writer

import (
	"hash/maphash"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// maxKeptSeries is how many series a clashes keeps room for from one family to the next.
const maxKeptSeries = 1 << 12

// clashes finds series of a family that have become one path. It keeps two hashes a series, and nothing between families.
type clashes struct {
	seed   maphash.Seed
	series map[uint64]uint64 // from the hash of a path to that of the series that has it
	path   []byte
	labels []byte
}

// find reports every series of f whose path another series has already.
func (c *clashes) find(o *output, g *graphite, f *model.MetricFamily) {
	if len(f.Metrics)+len(f.Loose) < 2 && f.Type != model.StateSet {
		return
	}
	if c.series == nil {
		c.seed, c.series = maphash.MakeSeed(), make(map[uint64]uint64)
	}
	for i := range f.Metrics {
		m := &f.Metrics[i]
		if f.Type != model.StateSet {
			c.add(o, g, f.Name, m.Labels, model.Label{Name: lineLabels[f.Type]})
			continue
		}
		for _, state := range m.States() {
			c.add(o, g, f.Name, m.Labels, model.Label{Name: f.Name, Value: state.Name})
		}
	}
	for i := range f.Loose {
		s := &f.Loose[i]
		c.add(o, g, s.Name, s.Labels, model.Label{})
	}
	if len(c.series) > maxKeptSeries {
		c.series = make(map[uint64]uint64)
	} else {
		clear(c.series)
	}
}

// add notes the series of that name with those labels and, if it has a value, the label that tells the lines of its metric
// apart.
func (c *clashes) add(o *output, g *graphite, name string, ls model.Labels, line model.Label) {
	g.locate(ls, line.Name)
	c.labels = model.AppendLabel(c.labels[:0], name, "")
	encoding := ls.Encoding()
	for i := range g.order.labels {
		if p := &g.order.labels[i]; !p.isLeftOut() {
			c.labels = append(c.labels, encoding[p.begin:p.end]...)
		}
	}
	var reported output // with the lines
	g.oneTagEach(&reported, ls, line.Name)
	c.path, _ = appendClean(c.path[:0], name)
	c.path = g.appendLabels(c.path, ls, g.order.labels)
	if line.Value != "" {
		c.labels = model.AppendLabel(c.labels, line.Name, line.Value)
		c.path = g.appendLabel(c.path, line.Name, line.Value)
	}
	path, series := maphash.Bytes(c.seed, c.path), maphash.Bytes(c.seed, c.labels)
	if taken, ok := c.series[path]; ok && taken != series {
		o.lose(diag.LossClash, 1, string(c.path))
	} else {
		c.series[path] = series
	}
}
