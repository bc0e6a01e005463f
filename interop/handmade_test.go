//go:build interop

package interop

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/model"
)

// handMade is a page of families of every type, with all that a type may have but native histograms. The timestamps are
// just before now, since Prometheus takes no samples of long ago.
func handMade(t *testing.T, now time.Time) page {
	t.Helper()
	at := func(before time.Duration) model.Timestamp {
		return model.TimestampFromTime(now.Add(-before).Truncate(time.Millisecond))
	}
	trace := func(id string, value float64, before time.Duration) model.Exemplar {
		return model.Exemplar{Labels: model.NewLabels("trace_id", id), Value: value, Timestamp: at(before)}
	}

	orders := model.NewCounter("shop_orders", "Orders by country.", "country")
	orders.Add(1027, "CH").Extra = &model.Extra{
		Created: at(time.Hour), Exemplars: []model.Exemplar{trace("4bf92f3577b34da6", 1, 3*time.Second)},
	}
	orders.Add(0, "ÅX")
	orders.Add(math.Inf(1), "")

	stock := model.NewGauge("shop_stock", "Pieces in stock, \"quoted\".\nBackslash: \\.", "article")
	for i, value := range []float64{0, math.Copysign(0, -1), -0.5, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64,
		math.SmallestNonzeroFloat64, 0.1 + 0.2, 1 << 53, 1e21, 1e-7} {
		articles := []string{"zero", "minus zero", `3/4" pipe, {\}`, "a\nb", "#", "東京", "max", "min", "sum", "2^53", "1e21", "1e-7"}
		stock.Add(value, articles[i])
	}

	arrived := model.NewGauge("shop_arrived_timestamp_seconds", "When a parcel arrived.", "parcel").Unit("seconds")
	arrived.Add(1.5e9, "a").Timestamp = at(30 * time.Second)
	arrived.Add(1.6e9, "b").Timestamp = at(20*time.Second + time.Millisecond)
	arrived.Add(1.7e9, "c")

	pay := model.HistogramOf(4.75, model.Bucket{UpperBound: 0.1, Count: 3}, model.Bucket{UpperBound: 1, Count: 7},
		model.Bucket{UpperBound: 1e7, Count: 7}, model.Bucket{UpperBound: math.Inf(1), Count: 8})
	pay.Exemplars = []model.BucketExemplar{
		{Bucket: 1, Exemplar: trace("a", 0.5, 2*time.Second)}, {Bucket: 3, Exemplar: trace("b", 2e7, time.Second)},
	}
	latency := model.NewHistogram("shop_latency_seconds", "Time a step takes.", "step").Unit("seconds")
	latency.Add(pay, "pay").MakeExtra().Created = at(time.Minute)
	latency.Add(model.HistogramOf(0, model.Bucket{UpperBound: math.Inf(1)}), "send").Timestamp = at(10 * time.Second)

	queue := model.NewGaugeHistogram("shop_queue", "Orders that wait, by how much they are.")
	queue.Add(model.HistogramOf(-3, model.Bucket{UpperBound: -1, Count: 1}, model.Bucket{UpperBound: math.Inf(1), Count: 4}))

	size := model.NewSummary("shop_size_bytes", "Size of an order.", "kind")
	size.Add(model.SummaryOf(60, 1.5e9, model.Quantile{Quantile: 0.5, Value: 512}, model.Quantile{Quantile: 0.99, Value: math.NaN()}), "new")
	size.Add(model.SummaryOf(0, 0), "old")

	build := model.NewInfo("shop_build", "What the shop runs.")
	build.Add(model.NewLabels("version", "1.2.3", "edition", "example"))

	state := model.NewStateSet("shop_state", "What the shop does.")
	state.Add([]model.State{{Name: "open", Enabled: true}, {Name: "closed"}})

	odd := model.NewUnknown("shop_odd", "")
	odd.Add(7)

	dotted := model.NewGauge("shop.temperature", "A name of UTF-8.", "room.name")
	dotted.Add(21.5, "kitchen")

	return page{"hand-made", []*model.MetricFamily{
		family(t, orders), family(t, stock), family(t, arrived), family(t, latency), family(t, queue), family(t, size),
		family(t, build), family(t, state), family(t, odd), family(t, dotted),
	}}
}

// handMadeNative is a page of native histograms, of whole numbers and of floats, and of one beside classic buckets.
func handMadeNative(t *testing.T) page {
	t.Helper()
	whole := model.HistogramValue{HasCount: true, HasSum: true, Count: 10, Sum: 20, Native: &model.NativeHistogram{
		Schema: 0, ZeroThreshold: 0.25, ZeroCount: 1,
		NegativeSpans: []model.Span{{Offset: 1, Length: 1}}, NegativeCounts: []float64{2},
		PositiveSpans: []model.Span{{Offset: 0, Length: 2}, {Offset: 2, Length: 1}}, PositiveCounts: []float64{4, 1, 2},
	}}
	float := model.HistogramValue{HasCount: true, HasSum: true, Count: 2.75, Sum: -1.5, Native: &model.NativeHistogram{
		Schema: -1, ZeroThreshold: 0.25, ZeroCount: 0.25, Float: true,
		PositiveSpans: []model.Span{{Offset: 0, Length: 2}}, PositiveCounts: []float64{1.5, 1},
	}}
	both := model.HistogramOf(6, model.Bucket{UpperBound: 1, Count: 1}, model.Bucket{UpperBound: math.Inf(1), Count: 3})
	both.Native = &model.NativeHistogram{
		Schema: 0, ZeroThreshold: 0.25, PositiveSpans: []model.Span{{Offset: 0, Length: 1}, {Offset: 1, Length: 1}}, PositiveCounts: []float64{1, 2},
	}
	native := model.NewHistogram("native_seconds", "Native histograms.", "kind")
	native.Add(whole, "whole")
	native.Add(float, "float")
	native.Add(both, "both")
	return page{"hand-made-native", []*model.MetricFamily{family(t, native)}}
}

func family[V any](t *testing.T, builder *model.Builder[V]) *model.MetricFamily {
	t.Helper()
	f, err := builder.Family()
	require.NoError(t, err)
	return f
}
