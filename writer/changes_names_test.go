package writer_test

import (
	"cmp"
	"slices"
	"strings"

	prommodel "github.com/prometheus/common/model"

	"github.com/promfmt/promfmt/model"
)

// document is what is known of the families before.
type document struct {
	// families and samples are the names that are taken in OpenMetrics.
	families, samples map[string]bool
	// types are those of the families before, by name.
	types map[string]model.Type
	// owners are the families that have been the first of the names that are written in text.
	owners map[string]owner
}

type owner struct {
	name string // before it was escaped
	typ  model.Type
}

func newDocument() *document {
	return &document{families: make(map[string]bool), samples: make(map[string]bool), types: make(map[string]model.Type), owners: make(map[string]owner)}
}

// take takes a name for a family whose samples have those suffixes, if it is free.
func (d *document) take(name string, suffixes []string) bool {
	clashes := func(suffix string) bool { return d.families[name+suffix] }
	if d.families[name] || d.samples[name] || slices.ContainsFunc(suffixes, clashes) {
		return false
	}
	d.families[name] = true
	for _, suffix := range suffixes {
		d.samples[name+suffix] = true
	}
	return true
}

// place is what a document has for a family.
type place struct {
	// asked tells that there has to be one, and free that there is.
	asked, free bool
	// lacked is the suffix that the name has to have and has not.
	lacked string
	// otherwise tells that there is one only under the name of the samples, for a family of unknown type.
	otherwise bool
}

// suffixesOf1 are those of the samples that families may have in OpenMetrics 1.0.
var suffixesOf1 = map[model.Type][]string{
	model.Counter: {"_total", "_created"}, model.Info: {"_info"}, model.Summary: {"_count", "_sum", "_created"},
	model.Histogram: {"_bucket", "_count", "_sum", "_created"}, model.GaugeHistogram: {"_bucket", "_gcount", "_gsum"},
}

// simpleSuffixes are those that simple samples must have there.
var simpleSuffixes = map[model.Type]string{model.Counter: "_total", model.Info: "_info"}

// isAsked reports whether a document has to have a place for the family.
func isAsked(p *part) bool {
	return len(p.Metrics) > 0 || len(p.Loose) == 0 && (p.HasType || p.HasUnit || p.HasHelp)
}

func takePlace1(d *document, p *part) int {
	full := p.SampleName()
	suffix := simpleSuffixes[p.Type]
	name, ok := strings.CutSuffix(full, suffix)
	if !ok || name == "" {
		p.place.lacked, name = suffix, full
	} else {
		p.Name, p.Suffix = name, suffix
	}
	p.place.asked = isAsked(p)
	if p.place.asked {
		p.place.free = d.take(name, suffixesOf1[p.Type])
		p.place.otherwise = !p.place.free && suffix != "" && p.place.lacked == "" && d.take(full, nil)
	}
	if p.place.otherwise {
		p.place.free = true
	} else if len(p.Metrics) == 0 && suffix != "" {
		p.Suffix = suffix
	}
	p.gone = !p.place.asked
	return 0
}

func takePlace2(d *document, p *part) int {
	p.Name, p.Suffix = p.SampleName(), ""
	if p.Type == model.Info && (!strings.HasSuffix(p.Name, "_info") || p.Name == "_info") {
		p.place.lacked = "_info"
	}
	p.place.asked = isAsked(p)
	if p.place.asked {
		p.place.free = d.take(p.Name+p.place.lacked, nil)
	}
	p.gone = !p.place.asked
	return 0
}

func dropPlaceless(_ *document, p *part) int {
	if !p.place.asked || p.place.free {
		return 0
	}
	p.gone = true
	p.Metrics = nil
	return 1
}

func addSampleSuffix(_ *document, p *part) int {
	if p.place.lacked == "" || len(p.Metrics) == 0 {
		return 0
	}
	p.Suffix = p.place.lacked
	return 1
}

func addInfoSuffix(_ *document, p *part) int {
	if p.place.lacked == "" || !p.place.asked {
		return 0
	}
	p.Name += p.place.lacked
	return 1
}

func loseType(_ *document, p *part) int {
	if !p.place.otherwise {
		return 0
	}
	p.Name, p.Suffix, p.Type, p.HasType = p.SampleName(), "", model.Unknown, true
	return 1
}

func dropUnit(_ *document, p *part) int {
	if !p.HasUnit {
		return 0
	}
	p.HasUnit, p.Unit = false, ""
	return 1
}

func isEndOfName(p *part) bool { return strings.HasSuffix(p.Name, "_"+p.Unit) }

// dropUnitOutside leaves out a unit that the type, the characters or the name do not allow.
func dropUnitOutside(fits func(*part) bool) func(*document, *part) int {
	return func(d *document, p *part) int {
		mayHave := p.Type != model.Info && p.Type != model.StateSet
		if p.gone || p.Unit == "" || mayHave && fits(p) && strings.Trim(p.Unit, unitCharacters) == "" {
			return 0
		}
		return dropUnit(d, p)
	}
}

func dropUnsaid(_ *document, p *part) int {
	p.gone = p.gone || len(p.Metrics) == 0 && !p.HasType && !p.HasHelp && !p.HasUnit
	return 0
}

const unitCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:"

// escapeNames escapes by underscores. A colon is one of those of metrics, but not of labels.
func escapeNames(_ *document, p *part) (n int) {
	escape := func(name string) string {
		escaped := prommodel.EscapeName(name, prommodel.UnderscoreEscaping)
		if escaped != name {
			n++
		}
		return escaped
	}
	label := func(name string) string { return escape(strings.ReplaceAll(name, ":", ".")) }
	labels := func(ls model.Labels) model.Labels {
		list := ls.Slice()
		for i, l := range list {
			list[i].Name = label(l.Name)
		}
		return model.LabelsOf(list...)
	}
	if p.Type == model.StateSet {
		p.states = label(p.Name)
	}
	before := p.SampleName()
	if name := escape(before); name != before {
		p.Name, p.Suffix = name, ""
	}
	for i := range p.Metrics {
		p.Metrics[i].Labels = labels(p.Metrics[i].Labels)
	}
	for i := range p.Loose {
		s := &p.Loose[i]
		s.Name, s.Labels = escape(s.Name), labels(s.Labels)
	}
	return n
}

func noteOwnName(_ *document, p *part) int {
	p.ownName = p.SampleName()
	return 0
}

func noteOwner(d *document, p *part) int {
	if name := p.SampleName(); d.owners[name].name == "" {
		d.owners[name] = owner{p.ownName, p.Type}
	}
	return 0
}

func joinOwner(d *document, p *part) int {
	if d.owners[p.SampleName()].name == p.ownName {
		return 0
	}
	p.Continued, p.HelpRepeated, p.TypeRepeated = true, true, true
	return 1
}

func keepFirstLabels(_ *document, p *part) (n int) {
	unique := func(ls *model.Labels) {
		var kept []model.Label
		for name, value := range ls.All() {
			if slices.ContainsFunc(kept, func(l model.Label) bool { return l.Name == name }) {
				n++
				continue
			}
			kept = append(kept, model.Label{Name: name, Value: value})
		}
		*ls = model.LabelsOf(kept...)
	}
	for i := range p.Metrics {
		unique(&p.Metrics[i].Labels)
	}
	for i := range p.Loose {
		unique(&p.Loose[i].Labels)
	}
	return n
}

// stateLabel is the name of the label that tells the states of a state set apart.
func (p *part) stateLabel() string { return cmp.Or(p.states, p.Name) }

// boundLabels are those that tell the samples of a metric apart.
var boundLabels = map[model.Type]string{model.Histogram: "le", model.GaugeHistogram: "le", model.Summary: "quantile"}

var dropBoundLabels = inMetrics(func(p *part, m *model.Metric) int {
	if beside := p.beside(m.Labels); beside != m.Labels {
		m.Labels = beside
		return 1
	}
	return 0
})

// beside is ls without the label that tells the samples of a metric apart.
func (p *part) beside(ls model.Labels) model.Labels {
	name := boundLabels[p.Type]
	if p.Type == model.StateSet {
		name = p.stateLabel()
	}
	if name == "" {
		return ls
	}
	return ls.Without(name)
}

func dropStateLabels(d *document, p *part) int {
	if p.Type != model.StateSet {
		return 0
	}
	return dropBoundLabels(d, p)
}
