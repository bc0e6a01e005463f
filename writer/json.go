package writer

import (
	prommodel "github.com/prometheus/common/model"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// jsonTypes are the names of the types: those of the enumeration MetricType, and for the two that it lacks those of
// OpenMetrics.
var jsonTypes = [...]string{
	model.Unknown:        "UNTYPED",
	model.Counter:        "COUNTER",
	model.Gauge:          "GAUGE",
	model.Histogram:      "HISTOGRAM",
	model.GaugeHistogram: "GAUGE_HISTOGRAM",
	model.Summary:        "SUMMARY",
	model.Info:           "INFO",
	model.StateSet:       "STATE_SET",
}

// jsonBody writes an array of objects, one a family and a line, in the schema of prom2json: all numbers are strings, and
// buckets and quantiles are objects from the bound to the number.
//
//	[
//	{"name":"x","help":"…","type":"GAUGE","metrics":[{"labels":{"a":"b"},"timestamp_ms":"1","value":"1"}]}
//	]
//
// What a family does not have is left out: help, type, count and sum as well. Beyond prom2json a family may have
//
//	suffix      what the end of the name is in the samples only: "_total" or "_info"
//	unit        the unit
//	continued   true for a further part of an earlier family
//	loose       samples that do not fit the type: name, labels, timestamp_ms, value, exemplar
//
// and a metric
//
//	created_ms        when it began
//	exemplars         of the metric as a whole: labels, timestamp_ms, value
//	bucket_exemplars  those of classic buckets, which have the bound as bucket as well
//	native            native buckets: schema, zero_threshold, zero_count, float (true for counts that may be fractional),
//	                  negative_spans and positive_spans, each of offset and length, negative_counts and
//	                  positive_counts, which are absolute, custom_bounds
//	states            an object from the states of a state set to whether they are on
//
// Times are in milliseconds, with a fraction where they are finer.
type jsonBody struct {
	names   names
	owners  owners // where names are escaped
	numbers floatTexts
	taken   map[string]bool // the bounds of a histogram whose bounds may be repeated, else nil
}

var jsonBodies pool[jsonBody]

func newJSON(o *options) body {
	j := jsonBodies.get()
	j.names = names{o.escaping}
	return j
}

func (j *jsonBody) end(o *output) {
	j.taken = nil
	j.owners.end()
	jsonBodies.put(j)
	if o.families == 0 {
		o.buf = append(o.buf, '[')
	} else {
		o.buf = append(o.buf, '\n')
	}
	o.buf = append(o.buf, "]\n"...)
}

// Whatever follows ends in a comma: every member of an object, every element of an array. What closes the object or
// array takes the place of the last one. Only the arrays of a family, which may have been written out in part, put
// their commas first.

func (j *jsonBody) family(o *output, f *model.MetricFamily) {
	if own := f; j.names.scheme != prommodel.NoEscaping {
		f = j.names.family(o, own)
		j.owners.claim(o, own, &textName{name: f.Name, suffix: f.Suffix})
	}
	b := o.buf
	if o.families == 0 {
		b = append(b, "[\n{"...)
	} else {
		b = append(b, ",\n{"...)
	}
	b = append(b, `"name":"`...)
	b = appendCharacters(o, b, f.Name)
	b = append(appendCharacters(o, b, f.Suffix), `",`...)
	if f.Suffix != "" {
		b = appendMember(o, b, "suffix", f.Suffix)
	}
	if f.HasHelp {
		b = appendMember(o, b, "help", f.Help)
	}
	if f.HasType {
		b = appendMember(o, b, "type", jsonTypes[f.Type])
	}
	if f.HasUnit {
		b = appendMember(o, b, "unit", f.Unit)
	}
	if f.Continued {
		b = append(b, `"continued":true,`...)
	}
	if f.HelpRepeated {
		b = append(b, `"help_repeated":true,`...)
	}
	if f.TypeRepeated {
		b = append(b, `"type_repeated":true,`...)
	}
	o.buf = b[:len(b)-1]
	if len(f.Metrics) > 0 {
		j.metrics(o, f)
	}
	if len(f.Loose) > 0 {
		j.loose(o, f.Loose)
	}
	o.buf = append(o.buf, '}')
}

func (j *jsonBody) metrics(o *output, f *model.MetricFamily) {
	b := o.buf
	separator := `,"metrics":[{`
	for i := range f.Metrics {
		m := &f.Metrics[i]
		b = append(b, separator...)
		separator = ",{"
		b = appendSeries(o, b, m.Labels, m.Timestamp)
		switch f.Type {
		case model.Histogram, model.GaugeHistogram:
			b = j.appendHistogram(o, b, m.Histogram())
		case model.Summary:
			b = j.appendSummary(o, b, m.Summary())
		case model.StateSet:
			b = appendStates(o, b, m.States())
		default:
			b = appendFloatMember(b, "value", m.Value)
		}
		if m.Extra != nil {
			b = appendExtra(o, b, m.Extra)
		}
		b = o.drain(closeWith(b, "}"))
	}
	o.buf = append(b, ']')
}

func (j *jsonBody) loose(o *output, samples []model.Sample) {
	b := o.buf
	separator := `,"loose":[{`
	for i := range samples {
		s := &samples[i]
		b = append(b, separator...)
		separator = ",{"
		b = appendMember(o, b, "name", s.Name)
		b = appendSeries(o, b, s.Labels, s.Timestamp)
		b = appendFloatMember(b, "value", s.Value)
		if s.Exemplar != nil {
			b = append(b, `"exemplar":{`...)
			b = appendExemplarMembers(o, b, s.Exemplar)
			b = closeWith(b, "},")
		}
		b = o.drain(closeWith(b, "}"))
	}
	o.buf = append(b, ']')
}

func (j *jsonBody) appendHistogram(o *output, b []byte, h *model.HistogramValue) []byte {
	if len(h.Buckets) > 0 {
		b = append(b, `"buckets":{`...)
		j.watch(risingBuckets(h.Buckets))
		for i, bucket := range h.Buckets {
			if text := j.numbers.givenOr(h.BoundTexts, i, bucket.UpperBound); j.isNew(o, text) {
				b = append(appendText(o, b, text), `:"`...)
				b = append(appendCount(b, bucket.Count), `",`...)
			}
		}
		b = closeWith(b, "},")
	}
	b = appendTotals(b, h.HasCount, h.Count, h.HasSum, h.Sum)
	if len(h.Exemplars) > 0 {
		b = append(b, `"bucket_exemplars":[`...)
		for i := range h.Exemplars {
			e := &h.Exemplars[i]
			b = append(b, `{"bucket":`...)
			b = append(appendText(o, b, j.numbers.givenOr(h.BoundTexts, e.Bucket, h.Buckets[e.Bucket].UpperBound)), ',')
			b = appendExemplarMembers(o, b, &e.Exemplar)
			b = closeWith(b, "},")
		}
		b = closeWith(b, "],")
	}
	if h.Native != nil {
		b = appendNativeMember(b, h.Native)
	}
	return b
}

func (j *jsonBody) appendSummary(o *output, b []byte, v *model.SummaryValue) []byte {
	if len(v.Quantiles) > 0 {
		b = append(b, `"quantiles":{`...)
		j.watch(risingQuantiles(v.Quantiles))
		for i, q := range v.Quantiles {
			if text := j.numbers.givenOr(v.QuantileTexts, i, q.Quantile); j.isNew(o, text) {
				b = append(appendText(o, b, text), `:"`...)
				b = append(appendFloat(b, q.Value), `",`...)
			}
		}
		b = closeWith(b, "},")
	}
	return appendTotals(b, v.HasCount, v.Count, v.HasSum, v.Sum)
}

// watch prepares isNew. Bounds that rise cannot repeat, which is the case nearly always.
func (j *jsonBody) watch(rising bool) {
	j.taken = nil
	if !rising {
		j.taken = make(map[string]bool)
	}
}

// isNew reports whether a bound or quantile occurs for the first time. An object has no place for it twice.
func (j *jsonBody) isNew(o *output, text []byte) bool {
	if j.taken == nil {
		return true
	}
	if j.taken[string(text)] {
		o.lose(diag.LossDuplicate, 1, string(text))
		return false
	}
	j.taken[string(text)] = true
	return true
}

func risingBuckets(buckets []model.Bucket) bool {
	for i := 1; i < len(buckets); i++ {
		if !(buckets[i-1].UpperBound < buckets[i].UpperBound) {
			return false
		}
	}
	return true
}

func risingQuantiles(quantiles []model.Quantile) bool {
	for i := 1; i < len(quantiles); i++ {
		if !(quantiles[i-1].Quantile < quantiles[i].Quantile) {
			return false
		}
	}
	return true
}
