package writer

import (
	"slices"
	"strings"

	prommodel "github.com/prometheus/common/model"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// names escapes names by a scheme. An escape that cannot be undone is a loss.
type names struct {
	scheme prommodel.EscapingScheme
}

// metric is a metric name as the scheme has it.
func (n names) metric(o *output, name string) string {
	if n.scheme == prommodel.NoEscaping || isMetricName(name) {
		return name
	}
	return n.altered(o, name, prommodel.EscapeName(name, n.scheme))
}

// labelColons is what the schemes make of a colon in the name of a label. Their own function lets it stand, since it
// takes every name for that of a metric.
var labelColons = [...]string{
	prommodel.NoEscaping:            ":",
	prommodel.UnderscoreEscaping:    "_",
	prommodel.DotsEscaping:          "__",
	prommodel.ValueEncodingEscaping: "_3a_",
}

// label is a label name as the scheme has it.
func (n names) label(o *output, name string) string {
	if n.scheme == prommodel.NoEscaping || isLabelName(name) {
		return name
	}
	escaped := prommodel.EscapeName(name, n.scheme)
	if strings.Contains(name, ":") {
		if n.scheme == prommodel.ValueEncodingEscaping && isMetricName(name) {
			escaped = "U__" + strings.ReplaceAll(name, "_", "__")
		}
		escaped = strings.ReplaceAll(escaped, ":", labelColons[n.scheme])
	}
	return n.altered(o, name, escaped)
}

func (n names) altered(o *output, name, escaped string) string {
	if escaped != name && prommodel.UnescapeName(escaped, n.scheme) != name {
		o.lose(diag.LossName, 1, name, " becomes ", escaped)
	}
	return escaped
}

// sample is the name of a sample of f as the scheme has it. Where it begins with the name of the family, what follows is
// kept, so that the sample stays one of the family.
func (n names) sample(o *output, f *model.MetricFamily, name string) string {
	suffix, ok := strings.CutPrefix(name, f.Name)
	if ok && classesIn(suffix)&notMetric == 0 {
		return n.metric(o, f.Name) + suffix
	}
	return n.metric(o, name)
}

// nameless is what is told of a label that texts cannot have.
const nameless = "a label without a name is left out"

// labels is ls with its names as the scheme has them. Of labels whose names become one, the first is kept.
func (n names) labels(o *output, ls model.Labels) model.Labels {
	if n.scheme == prommodel.NoEscaping || allLabelNames(ls) {
		return ls
	}
	var encoding []byte
	taken := make(map[string]bool)
	for name, value := range ls.All() {
		escaped := n.label(o, name)
		switch {
		case escaped == "":
			o.lose(diag.LossName, 1, nameless)
		case taken[escaped]:
			o.lose(diag.LossClash, 1, "label ", name)
		default:
			taken[escaped] = true
			encoding = model.AppendLabel(encoding, escaped, value)
		}
	}
	return model.LabelsFromEncoding(string(encoding))
}

// lineLabels are the labels that tell the lines of a metric apart. That of a state set is the name of the family.
var lineLabels = [model.StateSet + 1]string{model.Histogram: "le", model.GaugeHistogram: "le", model.Summary: "quantile"}

// lineLabel is the label that tells the lines of a metric apart, in a family of that type and name, or empty.
func (n names) lineLabel(o *output, typ model.Type, name string) string {
	if typ == model.StateSet {
		return n.label(o, name)
	}
	return lineLabels[typ]
}

// written is ls as it is written beside that label, of which the losses are left to the writing.
func (n names) written(ls model.Labels, label string) model.Labels {
	if n.scheme != prommodel.NoEscaping {
		var unreported output
		ls = n.labels(&unreported, ls)
	}
	if label == "" || !strings.Contains(ls.Encoding(), label) {
		return ls
	}
	return ls.Without(label)
}

// allNames reports whether all names of f can be written without quotes.
func allNames(f *model.MetricFamily) bool {
	if !isMetricName(f.SampleName()) {
		return false
	}
	for i := range f.Metrics {
		if !allLabelNames(f.Metrics[i].Labels) {
			return false
		}
	}
	for i := range f.Loose {
		if s := &f.Loose[i]; !isMetricName(s.Name) || !allLabelNames(s.Labels) {
			return false
		}
	}
	return true
}

func allLabelNames(ls model.Labels) bool {
	for l, rest, ok := ls.Cut(); ok; l, rest, ok = rest.Cut() {
		if !isLabelName(l.Name) {
			return false
		}
	}
	return true
}

// family is f with its names as the scheme has them: f itself if it has no name to be altered, else a copy that shares
// what is not altered.
func (n names) family(o *output, f *model.MetricFamily) *model.MetricFamily {
	if n.scheme == prommodel.NoEscaping || allNames(f) {
		return f
	}
	escaped := *f
	if name := f.SampleName(); !isMetricName(name) {
		escaped.Name, escaped.Suffix = n.metric(o, name), ""
	}
	escaped.Metrics = slices.Clone(f.Metrics)
	for i := range escaped.Metrics {
		m := &escaped.Metrics[i]
		m.Labels = n.labels(o, m.Labels)
	}
	escaped.Loose = slices.Clone(f.Loose)
	for i := range escaped.Loose {
		s := &escaped.Loose[i]
		s.Name, s.Labels = n.sample(o, f, s.Name), n.labels(o, s.Labels)
	}
	return &escaped
}
