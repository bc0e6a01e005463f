package convert

import (
	"cmp"
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// jsonMetric is a metric whose members have been read, whatever the type of its family.
type jsonMetric struct {
	at   diag.Position
	seen uint32 // which members there were
	// series is the metric without what depends on the type, but for the states.
	series     model.Metric
	count, sum float64
	// histogram has the buckets, nil if there are none, and summary the quantiles.
	histogram *model.HistogramValue
	summary   *model.SummaryValue
	// exemplars are those of buckets.
	exemplars []jsonExemplar
}

func (m *jsonMetric) makeHistogram() *model.HistogramValue {
	if m.histogram == nil {
		m.histogram = new(model.HistogramValue)
	}
	return m.histogram
}

var metricMembers = []jsonMember[jsonMetric]{
	{key: "value", read: func(d *JSONDecoder, m *jsonMetric) (err error) {
		m.series.Value, err = d.float()
		return err
	}},
	{key: "count", read: func(d *JSONDecoder, m *jsonMetric) (err error) {
		m.count, err = d.float()
		return err
	}},
	{key: "sum", read: func(d *JSONDecoder, m *jsonMetric) (err error) {
		m.sum, err = d.float()
		return err
	}},
	{key: "buckets", read: (*JSONDecoder).readBuckets},
	{key: "bucket_exemplars", optional: true, read: func(d *JSONDecoder, m *jsonMetric) (err error) {
		m.exemplars, err = d.exemplars(bucketExemplarMembers)
		return err
	}},
	{key: "native", read: func(d *JSONDecoder, m *jsonMetric) (err error) {
		m.makeHistogram().Native, err = d.readNative()
		return err
	}},
	{key: "quantiles", read: (*JSONDecoder).readQuantiles},
	{key: "states", read: (*JSONDecoder).readStates},
	// What metrics of all types may have.
	{key: "labels", read: func(d *JSONDecoder, m *jsonMetric) (err error) {
		m.series.Labels, err = d.labels()
		return err
	}},
	{key: "timestamp_ms", read: func(d *JSONDecoder, m *jsonMetric) (err error) {
		m.series.Timestamp, err = d.timestamp()
		return err
	}},
	{key: "created_ms", read: func(d *JSONDecoder, m *jsonMetric) (err error) {
		m.series.MakeExtra().Created, err = d.timestamp()
		return err
	}},
	{key: "exemplars", optional: true, read: func(d *JSONDecoder, m *jsonMetric) error {
		list, err := d.exemplars(exemplarMembers)
		for _, e := range list {
			extra := m.series.MakeExtra()
			extra.Exemplars = append(extra.Exemplars, e.Exemplar)
		}
		return err
	}},
}

// typedMembers are the members that only metrics of some types have, and membersOf those that belong to each of them.
var (
	typedMembers = []string{"value", "count", "sum", "buckets", "bucket_exemplars", "native", "quantiles", "states"}

	membersOf = [...][]string{
		model.Unknown:        {"value"},
		model.Counter:        {"value"},
		model.Gauge:          {"value"},
		model.Histogram:      {"count", "sum", "buckets", "bucket_exemplars", "native"},
		model.GaugeHistogram: {"count", "sum", "buckets", "bucket_exemplars", "native"},
		model.Summary:        {"count", "sum", "quantiles"},
		model.Info:           {"value"},
		model.StateSet:       {"states"},
	}
)

// place adds a metric to its family, with what belongs to the type. There may be an error that leaves it out.
func (d *JSONDecoder) place(f *jsonFamily, m *jsonMetric) {
	has := func(key string) bool { return hasMember(metricMembers, m.seen, key) }
	for _, key := range typedMembers {
		if has(key) && !slices.Contains(membersOf[f.Type], key) {
			d.report(diag.JSONMember, m.at, "member %s does not fit the type, %s; it is left out", quote(key), f.Type)
		}
	}
	metric := m.series
	if f.Type != model.StateSet && metric.Extra != nil {
		metric.Extra.States = nil
		if !metric.Created().Set && metric.Exemplars() == nil {
			metric.Extra = nil
		}
	}
	switch f.Type {
	case model.Histogram, model.GaugeHistogram:
		metric.Value = 0
		h := m.makeHistogram()
		h.HasCount, h.Count, h.HasSum, h.Sum = has("count"), m.count, has("sum"), m.sum
		h.Exemplars = d.bucketExemplars(m, h)
		metric.MakeExtra().Histogram = h
	case model.Summary:
		metric.Value = 0
		v := m.summary
		if v == nil {
			v = new(model.SummaryValue)
		}
		v.HasCount, v.Count, v.HasSum, v.Sum = has("count"), m.count, has("sum"), m.sum
		metric.MakeExtra().Summary = v
	case model.StateSet:
		metric.Value = 0
	default:
		if !has("value") {
			d.report(diag.JSONSyntax, m.at, "the metric has no value")
			return
		}
	}
	if (metric.Histogram() != nil || metric.Summary() != nil) && d.refusesValue(f.Type, &metric, m.at) {
		return
	}
	if d.index.find(f.Metrics, metric.Labels, metric.Timestamp, 0) >= 0 &&
		d.report(diag.DuplicateSeries, m.at, "a series with the labels %s occurs twice", metric.Labels) {
		return
	}
	f.Metrics = append(f.Metrics, metric)
}

// refusesValue judges a histogram or summary, and reports whether there is an error about it. After the first there is
// nothing more to be said.
func (d *JSONDecoder) refusesValue(kind model.Type, m *model.Metric, at diag.Position) (refused bool) {
	rules := valueRules{custom: true, reporter: &d.reporter, report: func(rule diag.Rule, format string, args ...any) {
		refused = refused || d.report(rule, at, format, args...)
	}}
	if h := m.Histogram(); h != nil {
		for _, b := range h.Buckets {
			rules.bucketCount(kind, b)
		}
		if h.Native != nil {
			rules.native(kind, h)
		}
		rules.count(kind, "the histogram", h.Count)
		rules.buckets(kind, h)
	}
	if s := m.Summary(); s != nil {
		rules.count(kind, "the summary", s.Count)
		rules.quantiles(s)
	}
	return refused
}

// bucketExemplars are the exemplars of a histogram's buckets, in the order of these.
func (d *JSONDecoder) bucketExemplars(m *jsonMetric, h *model.HistogramValue) []model.BucketExemplar {
	if len(m.exemplars) == 0 {
		return nil
	}
	places := make(map[string]int, len(h.Buckets))
	for i := range h.Buckets {
		places[h.BoundText(i)] = i
	}
	var list []model.BucketExemplar
	for _, e := range m.exemplars {
		place, ok := places[e.bucket]
		if !ok {
			d.report(diag.JSONMember, m.at, "there is an exemplar of a bucket %s, but no such bucket; it is left out", quote(e.bucket))
			continue
		}
		list = append(list, model.BucketExemplar{Bucket: place, Exemplar: e.Exemplar})
	}
	slices.SortStableFunc(list, func(a, b model.BucketExemplar) int { return cmp.Compare(a.Bucket, b.Bucket) })
	return list
}

// readBuckets reads the buckets of a histogram: an object of classic ones, or prom2json's list of native ones.
func (d *JSONDecoder) readBuckets(m *jsonMetric) error {
	if d.tokens.peek() == jsonArray {
		return d.readBucketList(m)
	}
	list, err := d.readRows()
	if err != nil || len(list) == 0 {
		return err
	}
	h := m.makeHistogram()
	h.Buckets = make([]model.Bucket, len(list))
	for i, row := range list {
		h.Buckets[i] = model.Bucket{UpperBound: row.number, Count: row.value}
	}
	h.BoundTexts = d.texts(list)
	return nil
}

func (d *JSONDecoder) readQuantiles(m *jsonMetric) error {
	list, err := d.readRows()
	if err != nil || len(list) == 0 {
		return err
	}
	m.summary = &model.SummaryValue{Quantiles: make([]model.Quantile, len(list)), QuantileTexts: d.texts(list)}
	for i, row := range list {
		m.summary.Quantiles[i] = model.Quantile{Quantile: row.number, Value: row.value}
	}
	return nil
}

// readStates reads an object from the states of a state set to whether they are on.
func (d *JSONDecoder) readStates(m *jsonMetric) error {
	taken := make(map[string]bool)
	return d.object(func(name string) error {
		if taken[name] {
			d.report(diag.JSONDuplicate, d.here(), "member %s occurs twice; the first is kept", quote(name))
			return d.tokens.skip()
		}
		taken[name] = true
		on, err := d.bool()
		extra := m.series.MakeExtra()
		extra.States = append(extra.States, model.State{Name: name, Enabled: on})
		if err == nil {
			err = d.countSample()
		}
		return err
	})
}

// jsonExemplar is an exemplar, and of which bucket it is, if of one.
type jsonExemplar struct {
	bucket string
	model.Exemplar
}

var exemplarMembers = []jsonMember[jsonExemplar]{
	{key: "value", read: func(d *JSONDecoder, e *jsonExemplar) (err error) {
		e.Value, err = d.float()
		return err
	}},
	{key: "labels", read: func(d *JSONDecoder, e *jsonExemplar) (err error) {
		e.Labels, err = d.labels()
		return err
	}},
	{key: "timestamp_ms", read: func(d *JSONDecoder, e *jsonExemplar) (err error) {
		e.Timestamp, err = d.timestamp()
		return err
	}},
}

// bucketExemplarMembers are those of an exemplar that says of which bucket it is.
var bucketExemplarMembers = append(slices.Clone(exemplarMembers),
	jsonMember[jsonExemplar]{key: "bucket", read: func(d *JSONDecoder, e *jsonExemplar) (err error) {
		e.bucket, err = d.string()
		return err
	}})

func (d *JSONDecoder) exemplar(members []jsonMember[jsonExemplar]) (e jsonExemplar, err error) {
	seen, err := readJSONObject(d, members, &e)
	if err == nil && !hasMember(members, seen, "value") {
		err = d.fault(diag.JSONSyntax, "the exemplar has no value")
	}
	if err == nil {
		err = d.countSample()
	}
	return e, err
}

// exemplars reads an array of exemplars. One that there is an error about is left out.
func (d *JSONDecoder) exemplars(members []jsonMember[jsonExemplar]) (list []jsonExemplar, err error) {
	err = d.array(func() error {
		depth := d.tokens.depth
		e, err := d.exemplar(members)
		switch {
		case err == nil:
			list = append(list, e)
		case !d.full:
			err = d.settle(err, depth)
		}
		return err
	})
	return list, err
}
