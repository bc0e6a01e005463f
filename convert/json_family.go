package convert

import (
	"errors"
	"slices"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// jsonFamily is a family whose members are being read, in whatever order they come.
type jsonFamily struct {
	model.MetricFamily
	// typed tells that the type has been read, so that metrics can be given their values at once; waiting are those
	// that came before it.
	typed   bool
	waiting []jsonMetric
}

// jsonTypes are the types by their names: those of the enumeration MetricType, and for the two that it lacks those of
// OpenMetrics.
var jsonTypes = map[string]model.Type{
	"UNTYPED":         model.Unknown,
	"COUNTER":         model.Counter,
	"GAUGE":           model.Gauge,
	"HISTOGRAM":       model.Histogram,
	"GAUGE_HISTOGRAM": model.GaugeHistogram,
	"SUMMARY":         model.Summary,
	"INFO":            model.Info,
	"STATE_SET":       model.StateSet,
}

// jsonSuffixes are what the end of a name may be in the samples only.
var jsonSuffixes = []string{"_total", "_info"}

var familyMembers = []jsonMember[jsonFamily]{
	{key: "name", read: (*JSONDecoder).readName},
	{key: "suffix", read: (*JSONDecoder).readSuffix},
	{key: "help", optional: true, read: func(d *JSONDecoder, f *jsonFamily) (err error) {
		f.Help, err = d.string()
		f.HasHelp = err == nil
		return err
	}},
	{key: "type", read: (*JSONDecoder).readType},
	{key: "unit", optional: true, read: func(d *JSONDecoder, f *jsonFamily) (err error) {
		f.Unit, err = d.string()
		f.HasUnit = err == nil
		return err
	}},
	{key: "continued", read: func(d *JSONDecoder, f *jsonFamily) (err error) {
		f.Continued, err = d.bool()
		return err
	}},
	{key: "help_repeated", read: func(d *JSONDecoder, f *jsonFamily) (err error) {
		f.HelpRepeated, err = d.bool()
		return err
	}},
	{key: "type_repeated", read: func(d *JSONDecoder, f *jsonFamily) (err error) {
		f.TypeRepeated, err = d.bool()
		return err
	}},
	{key: "metrics", read: (*JSONDecoder).readMetrics},
	{key: "loose", read: (*JSONDecoder).readLoose},
}

// readFamily reads a family, which is then to be given out unless there is an error about all of it. The error is the one
// that ended the input; what comes before it is given out as well.
func (d *JSONDecoder) readFamily() error {
	depth, at := d.tokens.depth, d.here()
	f := &jsonFamily{MetricFamily: model.MetricFamily{Line: at.Line}}
	d.samples, d.full = 0, false
	d.index.reset()
	_, err := readJSONObject(d, familyMembers, f)
	_, refused := errors.AsType[*diag.Diagnostic](err)
	if err != nil {
		err = d.settle(err, depth)
	}
	if !refused {
		f.typed = true
		for i := range f.waiting {
			d.place(f, &f.waiting[i])
		}
		d.finish(f, at, err != nil)
	}
	return err
}

// finish has a family given out, if it can be. One that the end of the input has cut may have lost its name.
func (d *JSONDecoder) finish(f *jsonFamily, at diag.Position, cut bool) {
	name, ok := strings.CutSuffix(f.Name, f.Suffix)
	switch {
	case f.Name == "" && cut:
		return
	case f.Name == "":
		d.report(diag.MissingName, at, "the metric family has no name")
		return
	case !ok:
		d.report(diag.JSONSyntax, at, "the name %s does not end in the suffix %s", quote(f.Name), quote(f.Suffix))
		return
	case name == "":
		d.report(diag.EmptyName, at, "the name %s is nothing but a suffix", quote(f.Name))
		return
	}
	if f.Suffix != "" && f.Suffix != openMetricsSuffixes[f.Type] {
		d.report(diag.JSONMember, at, "member suffix does not fit the type, %s; it is left out", f.Type)
		name, f.Suffix = f.Name, ""
	}
	f.Name = name
	hash := d.known.hash(viewBytes(name))
	place := d.known.find(viewBytes(name), hash)
	switch {
	case place >= 0 && !d.goOn(f, &d.known.list[place], at):
		return
	case place < 0 && d.known.mustTellLimit():
		d.known.limitTold = true
		d.report(diag.TooManyFamilies, at, tooManyFamilies, d.known.limit)
	}
	d.known.remember(place, hash, &f.MetricFamily)
	d.family = &f.MetricFamily
}

// goOn makes f a further part of a family that is known, if it can be one.
func (d *JSONDecoder) goOn(f *jsonFamily, known *knownFamily, at diag.Position) bool {
	if !f.Continued {
		d.report(diag.InterleavedFamily, at, "family %s comes back", quote(f.Name))
		f.Continued = true
		f.HelpRepeated, f.TypeRepeated = f.HasHelp && known.hasHelp, f.HasType && known.hasType
	}
	switch {
	case f.HasType && known.hasType && f.Type != known.kind,
		f.HasType && !known.hasType && known.hasMetrics && f.Type.IsComplex():
		d.report(diag.TypeConflict, at, "family %s was of type %s before; a part of type %s is left out",
			quote(f.Name), known.kind, f.Type)
		return false
	case !f.HasType && known.kind.IsComplex() && len(f.Metrics) > 0:
		// Samples that do not fit their family are written so.
		d.report(diag.LooseSample, at, "family %s is of type %s; what has no type is kept beside it", quote(f.Name), known.kind)
		f.Loose = slices.Collect(f.Samples())
		f.Metrics = nil
	}
	return true
}

func (d *JSONDecoder) readName(f *jsonFamily) (err error) {
	f.Name, err = d.string()
	if err == nil && f.Name == "" {
		err = d.fault(diag.EmptyName, "the name of the family is empty")
	}
	return err
}

func (d *JSONDecoder) readSuffix(f *jsonFamily) (err error) {
	f.Suffix, err = d.string()
	if err == nil && !slices.Contains(jsonSuffixes, f.Suffix) {
		err = d.fault(diag.JSONSyntax, "expected %s, found %s", strings.Join(jsonSuffixes, " or "), quote(f.Suffix))
	}
	return err
}

func (d *JSONDecoder) readType(f *jsonFamily) error {
	name, err := d.string()
	if err != nil {
		return err
	}
	var ok bool
	if f.Type, ok = jsonTypes[name]; !ok {
		return d.fault(diag.UnknownType, "type %s does not exist", quote(name))
	}
	f.HasType, f.typed = true, true
	return nil
}

// readMetrics reads the metrics of a family. One that there is an error about is left out.
func (d *JSONDecoder) readMetrics(f *jsonFamily) error {
	return d.array(func() error {
		if d.full {
			return d.tokens.skip()
		}
		d.tokens.peek()
		depth, m := d.tokens.depth, jsonMetric{at: d.here()}
		seen, err := readJSONObject(d, metricMembers, &m)
		if err == nil {
			err = d.countSample()
		}
		if err != nil {
			return d.settle(err, depth)
		}
		m.seen = seen
		if f.typed {
			d.place(f, &m)
		} else {
			f.waiting = append(f.waiting, m)
		}
		return nil
	})
}

var sampleMembers = []jsonMember[model.Sample]{
	{key: "name", read: func(d *JSONDecoder, s *model.Sample) (err error) {
		s.Name, err = d.string()
		return err
	}},
	{key: "value", read: func(d *JSONDecoder, s *model.Sample) (err error) {
		s.Value, err = d.float()
		return err
	}},
	{key: "labels", read: func(d *JSONDecoder, s *model.Sample) (err error) {
		s.Labels, err = d.labels()
		return err
	}},
	{key: "timestamp_ms", read: func(d *JSONDecoder, s *model.Sample) (err error) {
		s.Timestamp, err = d.timestamp()
		return err
	}},
	{key: "exemplar", optional: true, read: func(d *JSONDecoder, s *model.Sample) error {
		e, err := d.exemplar(exemplarMembers)
		if err == nil {
			s.Exemplar = &e.Exemplar
		}
		return err
	}},
}

// readLoose reads the loose samples of a family. One that there is an error about is left out.
func (d *JSONDecoder) readLoose(f *jsonFamily) error {
	return d.array(func() error {
		if d.full {
			return d.tokens.skip()
		}
		d.tokens.peek()
		depth, at := d.tokens.depth, d.here()
		var s model.Sample
		seen, err := readJSONObject(d, sampleMembers, &s)
		if err == nil {
			err = d.countSample()
		}
		switch {
		case err != nil:
			return d.settle(err, depth)
		case s.Name == "":
			d.report(diag.MissingName, at, "the sample has no name")
		case !hasMember(sampleMembers, seen, "value"):
			d.report(diag.JSONSyntax, at, "the sample has no value")
		default:
			f.Loose = append(f.Loose, s)
		}
		return nil
	})
}
