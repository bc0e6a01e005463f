package convert_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/promfmt/promfmt/convert"
)

// FuzzFromDTO holds that whatever bytes make a message, FromDTO does not panic, and ToDTO makes the message again of what
// it gives, but for what is known to be said in another way.
func FuzzFromDTO(f *testing.F) {
	add := func(d *dto.MetricFamily) {
		seed, err := proto.Marshal(d)
		require.NoError(f, err)
		f.Add(seed)
	}
	for _, text := range append(roundTrips, losses...) {
		add(dtoOf(f, text.dto))
	}
	for _, n := range normalisations {
		add(dtoOf(f, n.example))
	}
	add(&dto.MetricFamily{})
	f.Fuzz(func(t *testing.T, data []byte) {
		var d dto.MetricFamily
		// A field that is not known, or a type, has no place in a family.
		if (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(data, &d) != nil {
			return
		}
		if family, _ := convert.FromDTO(&d); family == nil {
			return
		}
		back := backAndForth(t, &d)
		requireSameDTO(t, normal(&d, normalisations), back, "(-message +of its family)")
		requireSameDTO(t, back, backAndForth(t, back), "(-once +twice)")
	})
}

// backAndForth is the message of the family of a message, which is left as it is.
func backAndForth(t *testing.T, d *dto.MetricFamily) *dto.MetricFamily {
	t.Helper()
	before := proto.Clone(d)
	family, _ := convert.FromDTO(d)
	require.True(t, proto.Equal(before, d), "FromDTO alters the message")
	back, err := convert.ToDTO(family)
	require.NoError(t, err)
	return back
}

func requireSameDTO(t *testing.T, want, got *dto.MetricFamily, what string) {
	t.Helper()
	if !proto.Equal(want, got) {
		t.Fatalf("%s:\n%s", what, cmp.Diff(want, got, protocmp.Transform()))
	}
}

// normalisation is something that a message may say in several ways, only one of which comes back.
type normalisation struct {
	reason string
	// example is a message that would not come back as it is expected without this one.
	example string
	apply   func(*dto.MetricFamily)
}

// normal is a copy of a message in which all is said in the way that comes back.
func normal(d *dto.MetricFamily, ways []normalisation) *dto.MetricFamily {
	n := proto.CloneOf(d)
	for _, way := range ways {
		way.apply(n)
	}
	return n
}

// normalisations are all, in the order in which they are applied.
var normalisations = []normalisation{
	{
		"a type that is left out is counter, the first of the enumeration, or none if all metrics are untyped, which becomes untyped",
		`name: "f" metric { counter { value: 1 } }`,
		func(d *dto.MetricFamily) {
			isUntyped := func(m *dto.Metric) bool { return m.Untyped != nil }
			switch {
			case d.Type != nil:
			case len(slices.DeleteFunc(slices.Clone(d.Metric), isUntyped)) == 0:
				d.Type = dto.MetricType_UNTYPED.Enum()
			default:
				d.Type = dto.MetricType_COUNTER.Enum()
			}
		},
	},
	{
		"a metric about which there is an error is left out",
		`name: "f" type: GAUGE metric { counter { value: 1 } } metric { gauge { value: 2 } }`,
		func(d *dto.MetricFamily) {
			d.Metric = slices.DeleteFunc(d.Metric, func(m *dto.Metric) bool {
				_, err := convert.FromDTO(&dto.MetricFamily{Name: d.Name, Type: d.Type, Metric: []*dto.Metric{m}})
				return err != nil
			})
		},
	},
	{
		"a value of another type than that of the family says nothing",
		`name: "f" type: GAUGE metric { gauge { value: 1 } counter { value: 2 } }`,
		func(d *dto.MetricFamily) {
			for i, m := range d.Metric {
				d.Metric[i] = &dto.Metric{Label: m.Label, TimestampMs: m.TimestampMs}
				valueOf[d.GetType()](d.Metric[i], m)
			}
		},
	},
	{
		"numbers and strings that are left out are 0 and empty, but for those that may be missing",
		`name: "f" type: SUMMARY metric { label {} summary { quantile {} } }`,
		func(d *dto.MetricFamily) { setDefaults(d.ProtoReflect()) },
	},
	{
		"a count as a float is stronger than one as a whole number, unless it is 0",
		`name: "f" type: HISTOGRAM metric { histogram {
			sample_count: 1 sample_count_float: 2.5 bucket { cumulative_count: 1 cumulative_count_float: 0 upper_bound: inf }
		} }`,
		ofHistograms(func(h *dto.Histogram) {
			stronger(&h.SampleCount, &h.SampleCountFloat)
			stronger(&h.ZeroCount, &h.ZeroCountFloat)
			for _, b := range h.Bucket {
				stronger(&b.CumulativeCount, &b.CumulativeCountFloat)
			}
		}),
	},
	{
		"native counts and what is 0 make no histogram native, and say nothing in one that is not",
		`name: "f" type: HISTOGRAM metric { histogram { sample_sum: 1 zero_threshold: 0 zero_count: 0 positive_count: 2.5 } }`,
		ofHistograms(func(h *dto.Histogram) {
			if !isNativeDTO(h) {
				h.ZeroThreshold, h.ZeroCount, h.ZeroCountFloat = nil, nil, nil
				h.NegativeDelta, h.NegativeCount, h.PositiveDelta, h.PositiveCount = nil, nil, nil, nil
			}
		}),
	},
	{
		"a native histogram has a schema and a zero bucket, of which it may leave out what is 0",
		`name: "f" type: HISTOGRAM metric { histogram { positive_span { offset: 1 length: 1 } positive_delta: 1 } }`,
		ofHistograms(func(h *dto.Histogram) {
			if !isNativeDTO(h) {
				return
			}
			h.Schema, h.ZeroThreshold = proto.Int32(h.GetSchema()), proto.Float64(h.GetZeroThreshold())
			if h.ZeroCount == nil && h.ZeroCountFloat == nil {
				h.ZeroCount = proto.Uint64(0)
			}
		}),
	},
	{
		"the bucket +Inf of a histogram with classic buckets is that of the count if it is left out",
		`name: "f" type: HISTOGRAM metric { histogram { sample_count: 3 } }`,
		ofHistograms(func(h *dto.Histogram) {
			isLast := func(b *dto.Bucket) bool { return math.IsInf(b.GetUpperBound(), 1) }
			hasCount := h.SampleCount != nil || h.SampleCountFloat != nil
			if hasCount && (len(h.Bucket) > 0 || !isNativeDTO(h)) && !slices.ContainsFunc(h.Bucket, isLast) {
				h.Bucket = append(h.Bucket, &dto.Bucket{
					CumulativeCount: h.SampleCount, CumulativeCountFloat: h.SampleCountFloat, UpperBound: proto.Float64(math.Inf(1)),
				})
			}
		}),
	},
	{
		"native counts are told as they are if one of them is a float or does not fit the differences, and as differences if not",
		`name: "f" type: HISTOGRAM metric { histogram {
			sample_count: 1 schema: 0 zero_threshold: 0 zero_count: 0 positive_span { offset: 0 length: 2 } positive_delta: [1, -3]
		} }`,
		ofHistograms(func(h *dto.Histogram) {
			float := h.SampleCountFloat != nil || h.ZeroCountFloat != nil || len(h.NegativeCount)+len(h.PositiveCount) > 0
			h.NegativeCount, h.NegativeDelta = absolute(h.NegativeCount, h.NegativeDelta), nil
			h.PositiveCount, h.PositiveDelta = absolute(h.PositiveCount, h.PositiveDelta), nil
			if !float && float64(h.GetSampleCount()) < 1<<64 && float64(h.GetZeroCount()) < 1<<64 && areWhole(h.NegativeCount) && areWhole(h.PositiveCount) {
				h.NegativeCount, h.NegativeDelta = nil, differences(h.NegativeCount)
				h.PositiveCount, h.PositiveDelta = nil, differences(h.PositiveCount)
				return
			}
			if isNativeDTO(h) {
				asFloat(&h.SampleCount, &h.SampleCountFloat)
				asFloat(&h.ZeroCount, &h.ZeroCountFloat)
			}
		}),
	},
	{
		"counts of classic buckets, of summaries and of histograms that are not native are whole numbers where they can be, and " +
			"above 2^53 the nearest float",
		`name: "f" type: HISTOGRAM metric { histogram {
			sample_count_float: 3 bucket { cumulative_count: 9007199254740993 upper_bound: inf }
		} }`,
		func(d *dto.MetricFamily) {
			for _, m := range d.Metric {
				if m.Summary != nil {
					var beyond *float64
					asWhole(&m.Summary.SampleCount, &beyond)
				}
			}
			ofHistograms(func(h *dto.Histogram) {
				for _, b := range h.Bucket {
					asWhole(&b.CumulativeCount, &b.CumulativeCountFloat)
				}
				if h.ZeroCountFloat == nil {
					asWhole(&h.SampleCount, &h.SampleCountFloat)
					asWhole(&h.ZeroCount, &h.ZeroCountFloat)
				}
			})(d)
		},
	},
	{
		"a span of no buckets is there if nothing else tells that the histogram is native, and only then",
		`name: "f" type: HISTOGRAM metric { histogram { schema: 0 zero_threshold: 0 zero_count: 0 negative_span { offset: 0 length: 0 } } }`,
		ofHistograms(func(h *dto.Histogram) {
			if !isNativeDTO(h) {
				return
			}
			empty := []*dto.BucketSpan{{Offset: proto.Int32(0), Length: proto.Uint32(0)}}
			for _, side := range []*[]*dto.BucketSpan{&h.NegativeSpan, &h.PositiveSpan} {
				if len(*side) == 1 && proto.Equal((*side)[0], empty[0]) {
					*side = nil
				}
			}
			if len(h.NegativeSpan)+len(h.PositiveSpan) == 0 && h.GetZeroThreshold() == 0 && h.GetZeroCount() == 0 && h.GetZeroCountFloat() == 0 {
				h.PositiveSpan = empty
			}
		}),
	},
}

// TestNormalisations holds that every normalisation is still needed, in its example.
func TestNormalisations(t *testing.T) {
	for i, n := range normalisations {
		d := dtoOf(t, n.example)
		back := backAndForth(t, d)
		requireSameDTO(t, normal(d, normalisations), back, n.reason)
		others := slices.Delete(slices.Clone(normalisations), i, i+1)
		require.False(t, proto.Equal(normal(d, others), back), n.reason)
	}
}

// valueOf copies the one value that a metric of a type has.
var valueOf = map[dto.MetricType]func(to, from *dto.Metric){
	dto.MetricType_UNTYPED:         func(to, from *dto.Metric) { to.Untyped = from.Untyped },
	dto.MetricType_COUNTER:         func(to, from *dto.Metric) { to.Counter = from.Counter },
	dto.MetricType_GAUGE:           func(to, from *dto.Metric) { to.Gauge = from.Gauge },
	dto.MetricType_SUMMARY:         func(to, from *dto.Metric) { to.Summary = from.Summary },
	dto.MetricType_HISTOGRAM:       func(to, from *dto.Metric) { to.Histogram = from.Histogram },
	dto.MetricType_GAUGE_HISTOGRAM: func(to, from *dto.Metric) { to.Histogram = from.Histogram },
}

// mayMiss are the messages of which a family keeps whether a number or string is there.
var mayMiss = map[protoreflect.Name]bool{"MetricFamily": true, "Metric": true, "Summary": true, "Histogram": true}

// setDefaults sets the numbers and strings that are left out, in a message and all within. Of the two fields of a count the
// one for whole numbers is enough.
func setDefaults(m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		switch {
		case field.Message() != nil && field.IsList():
			for i := range m.Get(field).List().Len() {
				setDefaults(m.Get(field).List().Get(i).Message())
			}
		case field.Message() != nil && m.Has(field):
			setDefaults(m.Get(field).Message())
		case field.Message() == nil && field.HasPresence() && !m.Has(field) && !mayMiss[m.Descriptor().Name()]:
			if field.FullName() != "io.prometheus.client.Bucket.cumulative_count_float" {
				m.Set(field, field.Default())
			}
		}
	}
}

func ofHistograms(apply func(*dto.Histogram)) func(*dto.MetricFamily) {
	return func(d *dto.MetricFamily) {
		for _, m := range d.Metric {
			if m.Histogram != nil {
				apply(m.Histogram)
			}
		}
	}
}

func isNativeDTO(h *dto.Histogram) bool {
	return h.Schema != nil || len(h.NegativeSpan)+len(h.PositiveSpan) > 0 ||
		h.GetZeroThreshold() != 0 || h.GetZeroCount() != 0 || h.GetZeroCountFloat() != 0
}

// stronger leaves the one of two counts that counts.
func stronger(whole **uint64, float **float64) {
	switch {
	case *whole == nil || *float == nil:
	case **float != 0:
		*whole = nil
	default:
		*float = nil
	}
}

// asFloat puts a count into the field for floats.
func asFloat(whole **uint64, float **float64) {
	if *whole != nil {
		*whole, *float = nil, proto.Float64(float64(**whole))
	}
}

// asWhole puts a count into the field for whole numbers if it is one there.
func asWhole(whole **uint64, float **float64) {
	asFloat(whole, float)
	if n := *float; n != nil && *n >= 0 && *n < 1<<64 && *n == math.Trunc(*n) {
		*whole, *float = proto.Uint64(uint64(*n)), nil
	}
}

// absolute are the counts of one side of a native histogram. Where there are some as they are, differences say nothing.
func absolute(counts []float64, deltas []int64) []float64 {
	if len(counts) > 0 {
		return counts
	}
	sum := int64(0)
	for _, delta := range deltas {
		sum += delta
		counts = append(counts, float64(sum))
	}
	return counts
}

// areWhole reports whether the differences of counts can be told as whole numbers.
func areWhole(counts []float64) bool {
	return !slices.ContainsFunc(counts, func(n float64) bool { return n < 0 || n >= 1<<63 })
}

func differences(counts []float64) (deltas []int64) {
	before := int64(0)
	for _, n := range counts {
		deltas = append(deltas, int64(n)-before)
		before = int64(n)
	}
	return deltas
}
