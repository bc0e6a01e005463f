package fuzz

import (
	"slices"
	"strconv"

	"github.com/promfmt/promfmt/model"
)

// What the generator chooses from. What stands first is the plainest.
var (
	familyNames = []string{
		"a", "b", "a_sum", "a_count", "a_bucket", "a_total", "a_created", "a_info", "a:b", "_", "HELP", "le", "quantile", "NaN",
		"a_gcount", "http_requests", "a.b", "é", "a b", `a"b`, `a\b`, "a\nb", "1", "{}", "#",
	}
	labelNames = []string{
		"l", "m", "code", "a", "_x", "__x", "HELP", "le", "quantile", "a.b", "é", "a b", `a"b`, `a\b`, "a\nb", "1", "b", "__name", "",
	}
	texts = []string{
		"", "x", "value", "+Inf", "0.5", "1.0", "\n", `"`, `\`, `\n`, `\"`, "a\tb", " ", "é", "\r", "\x00", "🙂", `",l="`, "# EOF", "} 1",
		"0123456789012345678901234567890123456789012345678901234567890123456789", "text at some length, as there is in help",
	}
	// oddParts are what may end or escape a text, or must not be in one, or is next to that.
	oddParts = []string{" ", `"`, `\`, "\n", "é", "!", "#", "\r", "\t", "\x00", "\x1f", "\x7f", ",", "=", "{", "}"}

	units  = []string{"seconds", "bytes", "ratio", "é"}
	values = []float64{
		0, 1, 2, 0.5, 1027, 1e6, 123456.789, 1e21, 1 << 53, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, 1e-7, 100000, 999999.5,
	}
	bounds    = []float64{-1, 0, 0.005, 0.1, 0.5, 1, 2.5, 10, 1e6, 1e21}
	quantiles = []float64{0, 0.01, 0.5, 0.9, 0.99, 1}
	// createdTypes are the types whose metrics tell when they were created.
	createdTypes = []model.Type{model.Counter, model.Histogram, model.Summary}
	schemas      = []int32{0, 3, 8, -4, customSchema}
	seconds      = []int64{0, 1, -1, 1750000000, 253402300799, -62135596800, 9223372036854775, -9223372036854776}
	nanos        = []int32{0, 500_000_000, 123_000_000, 1_000_000, 1, 999_999_999}
)

// customSchema is the schema of native histograms that state their bounds.
const customSchema = -53

// text is one of the texts, or for some bytes one of up to 40 bytes that are plain but for one, or those of one character.
// What looks at eight bytes at once has to see it in every place.
func text(c *Choices) string {
	if n := c.Below(256); n < 8*len(texts) {
		return texts[n%len(texts)]
	}
	const plain = "abcdefghijklmnopqrstuvwxyz0123456789ABCD"
	before := c.Below(len(plain))
	return plain[:before] + Pick(c, oddParts) + plain[:c.Below(len(plain)-before)]
}

// Families are up to eight families as bytes decide, of all types and with all that a family may have. Each is valid, as
// [model.MetricFamily.Validate] has it, and no two have the same name, though one may have the name of a sample of another.
func Families(c *Choices) []*model.MetricFamily {
	taken := make(map[string]bool)
	var families []*model.MetricFamily
	for range 1 + c.Below(8) {
		f := &model.MetricFamily{Name: Pick(c, familyNames), HasType: !c.OneIn(8)}
		if f.HasType {
			f.Type = model.Type(c.Below(int(model.StateSet) + 1))
		}
		if c.OneIn(4) && f.Type != model.Info && f.Type != model.StateSet {
			f.HasUnit, f.Unit = true, Pick(c, units)
			f.Name += "_" + f.Unit
		}
		switch {
		case f.Type == model.Counter && !c.OneIn(3):
			f.Suffix = "_total"
		case f.Type == model.Info && !c.OneIn(3):
			f.Suffix = "_info"
		}
		for taken[f.Name] {
			f.Name = "n" + f.Name
		}
		taken[f.Name] = true
		if c.OneIn(2) {
			f.HasHelp, f.Help = true, text(c)
		}
		addMetrics(c, f)
		families = append(families, f)
	}
	return families
}

func addMetrics(c *Choices, f *model.MetricFamily) {
	names := someLabelNames(c, f)
	created := c.OneIn(4)
	timestamped := c.OneIn(4)
	for i := range c.Below(5) {
		var labels []model.Label
		for _, name := range names {
			labels = append(labels, model.Label{Name: name, Value: text(c)})
		}
		if i > 0 { // no two are the same
			labels = append(labels, model.Label{Name: "series", Value: strconv.Itoa(i)})
		}
		m := model.Metric{Labels: model.LabelsOf(labels...)}
		if timestamped {
			m.Timestamp = timestamp(c)
		}
		putValue(c, f, &m)
		if created && slices.Contains(createdTypes, f.Type) {
			m.MakeExtra().Created = timestamp(c)
		}
		f.Metrics = append(f.Metrics, m)
	}
}

// someLabelNames are names of labels that the metrics of a family may have.
func someLabelNames(c *Choices, f *model.MetricFamily) (names []string) {
	for range c.Below(4) {
		name := Pick(c, labelNames)
		reserved := name == "" || name == f.Name || name == "le" || name == "quantile"
		if !reserved && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func timestamp(c *Choices) model.Timestamp {
	return model.Timestamp{Seconds: Pick(c, seconds), Nanos: Pick(c, nanos), Set: true}
}

// putValue gives a metric a value of the family's type.
func putValue(c *Choices, f *model.MetricFamily, m *model.Metric) {
	switch f.Type {
	case model.Counter:
		m.Value = Pick(c, values)
		if c.OneIn(4) {
			m.MakeExtra().Exemplars = []model.Exemplar{exemplar(c)}
		}
	case model.Histogram, model.GaugeHistogram:
		m.MakeExtra().Histogram = histogram(c)
		if m.Histogram().Native != nil && c.OneIn(4) {
			m.MakeExtra().Exemplars = []model.Exemplar{exemplar(c), exemplar(c)}
		}
	case model.Summary:
		m.MakeExtra().Summary = summary(c)
	case model.Info:
		m.Value = 1
	case model.StateSet:
		for _, name := range subset(c, []string{"on", "off", "a.b", "é", `"`, "\n"}) {
			m.MakeExtra().States = append(m.MakeExtra().States, model.State{Name: name, Enabled: c.OneIn(2)})
		}
	default:
		m.Value = value(c)
	}
}

// value is a number of any size and sign.
func value(c *Choices) float64 {
	switch c.Below(4) {
	case 0:
		return Pick(c, values)
	case 1:
		return -Pick(c, values)
	case 2:
		return 1 / Pick(c, values) // infinite at 0
	default:
		return c.Float()
	}
}

func exemplar(c *Choices) model.Exemplar {
	e := model.Exemplar{Value: value(c)}
	if c.OneIn(2) {
		e.Labels = model.NewLabels("trace_id", text(c))
	}
	if c.OneIn(2) {
		e.Timestamp = timestamp(c)
	}
	return e
}

// subset is some of the elements in their order, the first one at least.
func subset[T any](c *Choices, elements []T) (some []T) {
	mask := 1 | c.Below(1<<min(len(elements), 8)) | c.Below(4)<<8
	for i, e := range elements {
		if mask>>i&1 == 1 {
			some = append(some, e)
		}
	}
	return some
}
