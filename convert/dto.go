package convert

import (
	"errors"
	"fmt"
	"math"
	"slices"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/promfmt/promfmt/model"
)

// dtoTypes are the types of the protobuf format that families of the model's types get.
var dtoTypes = [...]dto.MetricType{
	model.Unknown:        dto.MetricType_UNTYPED,
	model.Counter:        dto.MetricType_COUNTER,
	model.Gauge:          dto.MetricType_GAUGE,
	model.Histogram:      dto.MetricType_HISTOGRAM,
	model.GaugeHistogram: dto.MetricType_GAUGE_HISTOGRAM,
	model.Summary:        dto.MetricType_SUMMARY,
	model.Info:           dto.MetricType_GAUGE,
	model.StateSet:       dto.MetricType_GAUGE,
}

// ToDTO makes the protobuf form of a family, as client_golang and its exposition formats use it, without keeping
// anything of f. What the form has a place for comes back from FromDTO as it was. It has none for these:
//
//   - types info and state set, which become gauges, a state set one gauge a state;
//   - the absence of a type, which becomes untyped, and the Suffix, which becomes part of the name;
//   - timestamps finer than milliseconds or beyond the range of an int64 of them, which are rounded to what there is;
//   - exemplars of gauges and unknown metrics, and more than one of a counter or classic bucket: the first is kept;
//   - the time at which a metric other than a counter, histogram or summary began;
//   - counts of summaries that are no whole numbers within uint64, which are left out (those of histograms go to the
//     fields for floats);
//   - native buckets with custom bounds, which are left out;
//   - texts of bounds and quantiles;
//   - loose samples, which ToGatherer gives as families of their own.
//
// It gives an error that names family and metric if f contradicts itself, such as a histogram without a value.
func ToDTO(f *model.MetricFamily) (*dto.MetricFamily, error) {
	if f == nil {
		return nil, errors.New("no metric family given")
	}
	if f.Name == "" {
		return nil, errors.New("a metric family has no name")
	}
	if int(f.Type) >= len(dtoTypes) {
		return nil, fmt.Errorf("metric family %q has a type that does not exist, %d", f.Name, f.Type)
	}
	d := &dto.MetricFamily{Name: proto.String(f.SampleName()), Type: dtoTypes[f.Type].Enum()}
	if f.HasHelp {
		d.Help = proto.String(f.Help)
	}
	if f.HasUnit {
		d.Unit = proto.String(f.Unit)
	}
	d.Metric = make([]*dto.Metric, 0, len(f.Metrics))
	for i := range f.Metrics {
		m := &f.Metrics[i]
		holdsHistograms := f.Type == model.Histogram || f.Type == model.GaugeHistogram
		if m.Histogram() != nil && !holdsHistograms || m.Summary() != nil && f.Type != model.Summary {
			return nil, fmt.Errorf("metric family %q, metric %s: it has a histogram or a summary that its type has no place for", f.Name, m.Labels)
		}
		if f.Type == model.StateSet {
			d.Metric = appendStates(d.Metric, f.Name, m)
			continue
		}
		metric := newDTOMetric(m.Labels, m.Timestamp)
		if err := setDTOValue(metric, f.Type, m); err != nil {
			return nil, fmt.Errorf("metric family %q, metric %s: %w", f.Name, m.Labels, err)
		}
		d.Metric = append(d.Metric, metric)
	}
	return d, nil
}

func newDTOMetric(labels model.Labels, timestamp model.Timestamp) *dto.Metric {
	d := &dto.Metric{Label: dtoLabels(labels)}
	if timestamp.Set {
		ms, _ := timestamp.Millis()
		d.TimestampMs = &ms
	}
	return d
}

func appendStates(metrics []*dto.Metric, name string, m *model.Metric) []*dto.Metric {
	for _, state := range m.States() {
		d := newDTOMetric(m.Labels.With(name, state.Name), m.Timestamp)
		d.Gauge = &dto.Gauge{Value: proto.Float64(0)}
		if state.Enabled {
			d.Gauge.Value = proto.Float64(1)
		}
		metrics = append(metrics, d)
	}
	return metrics
}

// setDTOValue sets the one field of d in which a metric of the type has its value.
func setDTOValue(d *dto.Metric, t model.Type, m *model.Metric) (err error) {
	switch t {
	case model.Gauge, model.Info:
		d.Gauge = &dto.Gauge{Value: proto.Float64(m.Value)}
	case model.Unknown:
		d.Untyped = &dto.Untyped{Value: proto.Float64(m.Value)}
	case model.Counter:
		d.Counter = &dto.Counter{Value: proto.Float64(m.Value), CreatedTimestamp: dtoTimestamp(m.Created())}
		if exemplars := m.Exemplars(); len(exemplars) > 0 {
			d.Counter.Exemplar = dtoExemplar(&exemplars[0])
		}
	case model.Summary:
		if m.Summary() == nil {
			return errors.New("the summary is missing")
		}
		d.Summary = dtoSummary(m.Summary())
		d.Summary.CreatedTimestamp = dtoTimestamp(m.Created())
	case model.Histogram, model.GaugeHistogram:
		if m.Histogram() == nil {
			return errors.New("the histogram is missing")
		}
		if d.Histogram, err = dtoHistogram(m.Histogram()); err != nil {
			return err
		}
		d.Histogram.CreatedTimestamp = dtoTimestamp(m.Created())
		for i := range m.Exemplars() {
			d.Histogram.Exemplars = append(d.Histogram.Exemplars, dtoExemplar(&m.Extra.Exemplars[i]))
		}
	}
	return nil
}

func dtoSummary(s *model.SummaryValue) *dto.Summary {
	d := &dto.Summary{}
	if s.HasCount && isWhole(s.Count) {
		d.SampleCount = proto.Uint64(uint64(s.Count))
	}
	if s.HasSum {
		d.SampleSum = proto.Float64(s.Sum)
	}
	for _, q := range s.Quantiles {
		d.Quantile = append(d.Quantile, &dto.Quantile{Quantile: &q.Quantile, Value: &q.Value})
	}
	return d
}

// isWhole reports whether n is a whole number within uint64.
func isWhole(n float64) bool { return n >= 0 && n < 1<<64 && n == math.Trunc(n) }

func dtoLabels(labels model.Labels) []*dto.LabelPair {
	if labels.IsEmpty() {
		return nil
	}
	pairs := make([]*dto.LabelPair, 0, labels.Len())
	for name, value := range labels.All() {
		pairs = append(pairs, &dto.LabelPair{Name: &name, Value: &value})
	}
	return pairs
}

func dtoExemplar(e *model.Exemplar) *dto.Exemplar {
	return &dto.Exemplar{Label: dtoLabels(e.Labels), Value: proto.Float64(e.Value), Timestamp: dtoTimestamp(e.Timestamp)}
}

func dtoTimestamp(t model.Timestamp) *timestamppb.Timestamp {
	if !t.Set {
		return nil
	}
	return &timestamppb.Timestamp{Seconds: t.Seconds, Nanos: t.Nanos}
}

// FromDTO makes a family of its protobuf form, without keeping anything of d. A field that is not set is not there in
// the family either, and a number that is not set is 0. A type that is not set is Counter, as the protobuf definition
// has it, unless all metrics are untyped. Counts above 2^53 are rounded.
// The bucket +Inf of a histogram with classic buckets is there, with the histogram's count, also if it was left out.
//
// A metric that is not of the type of its family, or contradicts itself, is left out, and the error says so, naming
// family and metric; the family is given all the same, with the metrics that are good. It is nil only if d is nil or has
// no name or an unknown type.
func FromDTO(d *dto.MetricFamily) (*model.MetricFamily, error) {
	if d == nil {
		return nil, errors.New("no metric family given")
	}
	if d.GetName() == "" {
		return nil, errors.New("a metric family without a name")
	}
	f := &model.MetricFamily{
		Name:    d.GetName(),
		HasHelp: d.Help != nil, Help: d.GetHelp(),
		HasUnit: d.Unit != nil, Unit: d.GetUnit(),
		HasType: d.Type != nil || !isUntyped(d.Metric),
	}
	if f.HasType {
		var known bool
		if f.Type, known = modelTypes[d.GetType()]; !known {
			return nil, fmt.Errorf("metric family %q has a type that does not exist, %d", f.Name, d.GetType())
		}
	}
	var errs []error
	f.Metrics = slices.Grow(f.Metrics, len(d.Metric))
	for i, metric := range d.Metric {
		var m model.Metric
		if err := setMetric(&m, f.Type, metric); err != nil {
			errs = append(errs, fmt.Errorf("metric family %q, metric number %d %s: %w", f.Name, i, m.Labels, err))
			continue
		}
		f.Metrics = append(f.Metrics, m)
	}
	return f, errors.Join(errs...)
}

// modelTypes are the types of families for those of the protobuf format.
var modelTypes = map[dto.MetricType]model.Type{
	dto.MetricType_UNTYPED:         model.Unknown,
	dto.MetricType_COUNTER:         model.Counter,
	dto.MetricType_GAUGE:           model.Gauge,
	dto.MetricType_HISTOGRAM:       model.Histogram,
	dto.MetricType_GAUGE_HISTOGRAM: model.GaugeHistogram,
	dto.MetricType_SUMMARY:         model.Summary,
}

func isUntyped(metrics []*dto.Metric) bool {
	for _, m := range metrics {
		if m.GetUntyped() == nil {
			return false
		}
	}
	return true
}

func setMetric(m *model.Metric, t model.Type, d *dto.Metric) (err error) {
	if m.Labels, err = modelLabels(d.GetLabel()); err != nil {
		return err
	}
	if d != nil && d.TimestampMs != nil {
		m.Timestamp = model.TimestampFromMillis(*d.TimestampMs)
	}
	switch t {
	case model.Gauge:
		if v := d.GetGauge(); v != nil {
			m.Value = v.GetValue()
			return nil
		}
	case model.Unknown:
		if v := d.GetUntyped(); v != nil {
			m.Value = v.GetValue()
			return nil
		}
	case model.Counter:
		if v := d.GetCounter(); v != nil {
			m.Value = v.GetValue()
			if v.Exemplar == nil {
				return setExtra(m, v.CreatedTimestamp, nil)
			}
			return setExtra(m, v.CreatedTimestamp, []*dto.Exemplar{v.Exemplar})
		}
	case model.Summary:
		if v := d.GetSummary(); v != nil {
			if m.MakeExtra().Summary, err = modelSummary(v); err != nil {
				return err
			}
			return setExtra(m, v.CreatedTimestamp, nil)
		}
	case model.Histogram, model.GaugeHistogram:
		if v := d.GetHistogram(); v != nil {
			if m.MakeExtra().Histogram, err = modelHistogram(v); err != nil {
				return err
			}
			return setExtra(m, v.CreatedTimestamp, v.Exemplars)
		}
	}
	return fmt.Errorf("the value of type %s is missing", t)
}

// setExtra sets m.Extra if there is anything to hold.
func setExtra(m *model.Metric, created *timestamppb.Timestamp, exemplars []*dto.Exemplar) (err error) {
	if created == nil && len(exemplars) == 0 {
		return nil
	}
	if m.MakeExtra().Created, err = modelTimestamp(created); err != nil {
		return err
	}
	for _, exemplar := range exemplars {
		e, err := modelExemplar(exemplar)
		if err != nil {
			return err
		}
		m.Extra.Exemplars = append(m.Extra.Exemplars, e)
	}
	return nil
}

func modelSummary(d *dto.Summary) (*model.SummaryValue, error) {
	s := &model.SummaryValue{
		HasCount: d.SampleCount != nil, Count: float64(d.GetSampleCount()),
		HasSum: d.SampleSum != nil, Sum: d.GetSampleSum(),
	}
	for i, q := range d.Quantile {
		if q == nil {
			return nil, fmt.Errorf("quantile number %d is a null pointer", i)
		}
		s.Quantiles = append(s.Quantiles, model.Quantile{Quantile: q.GetQuantile(), Value: q.GetValue()})
	}
	return s, nil
}

func modelLabels(pairs []*dto.LabelPair) (model.Labels, error) {
	var encoding []byte
	for i, pair := range pairs {
		if pair == nil {
			return model.Labels{}, fmt.Errorf("label number %d is a null pointer", i)
		}
		encoding = model.AppendLabel(encoding, pair.GetName(), pair.GetValue())
	}
	return model.LabelsFromEncoding(string(encoding)), nil
}

func modelExemplar(d *dto.Exemplar) (e model.Exemplar, err error) {
	if d == nil {
		return e, errors.New("an exemplar is a null pointer")
	}
	if e.Labels, err = modelLabels(d.Label); err != nil {
		return e, fmt.Errorf("exemplar: %w", err)
	}
	e.Value = d.GetValue()
	e.Timestamp, err = modelTimestamp(d.Timestamp)
	return e, err
}

func modelTimestamp(d *timestamppb.Timestamp) (model.Timestamp, error) {
	if d == nil {
		return model.Timestamp{}, nil
	}
	if d.Nanos < 0 || d.Nanos >= 1e9 {
		return model.Timestamp{}, fmt.Errorf("a timestamp has %d nanoseconds, not 0 to 999,999,999", d.Nanos)
	}
	return model.Timestamp{Seconds: d.Seconds, Nanos: d.Nanos, Set: true}, nil
}
