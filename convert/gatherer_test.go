package convert_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/model"
)

// gathererFunc is a Gatherer as client_golang's prometheus.GathererFunc is.
type gathererFunc func() ([]*dto.MetricFamily, error)

func (f gathererFunc) Gather() ([]*dto.MetricFamily, error) { return f() }

// steps tells an iteration over families as a list of names and errors.
func steps(families iter.Seq2[*model.MetricFamily, error]) []string {
	var list []string
	for f, err := range families {
		switch {
		case err != nil && f == nil:
			list = append(list, "error: "+err.Error())
		case err == nil:
			list = append(list, fmt.Sprintf("%s of %d", f.Name, len(f.Metrics)))
		default:
			list = append(list, "a family beside an error")
		}
	}
	return list
}

func TestFromGatherer(t *testing.T) {
	good := dtoOf(t, `name: "good" type: GAUGE metric { gauge { value: 1 } }`)
	bad := dtoOf(t, `name: "bad" type: GAUGE metric { gauge { value: 1 } } metric {}`)
	failed := errors.New("a collector failed")
	for _, test := range []struct {
		name     string
		families []*dto.MetricFamily
		err      error
		steps    []string
	}{
		{"nothing", nil, nil, nil},
		{"families in order", []*dto.MetricFamily{good, dtoOf(t, `name: "a"`)}, nil, []string{"good of 1", "a of 0"}},
		{"an error alone", nil, failed, []string{"error: a collector failed"}},
		{"families before the error", []*dto.MetricFamily{good}, failed, []string{"good of 1", "error: a collector failed"}},
		{
			"a bad metric and a null family are told where they occur",
			[]*dto.MetricFamily{bad, nil, good}, failed,
			[]string{
				"bad of 1",
				`error: metric family "bad", metric number 1 {}: the value of type gauge is missing`,
				"error: no metric family given",
				"good of 1",
				"error: a collector failed",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			source := convert.FromGatherer(gathererFunc(func() ([]*dto.MetricFamily, error) { return test.families, test.err }))
			require.Equal(t, test.steps, steps(source))
			for n := range test.steps {
				require.Len(t, steps(firstOf(source, n+1)), n+1, "the iteration ends where the loop ends")
			}
		})
	}
}

// firstOf is the first n steps of an iteration.
func firstOf[K, V any](seq iter.Seq2[K, V], n int) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for k, v := range seq {
			if n--; !yield(k, v) || n == 0 {
				return
			}
		}
	}
}

func TestFromGathererGathersForEveryIteration(t *testing.T) {
	calls := 0
	source := convert.FromGatherer(gathererFunc(func() ([]*dto.MetricFamily, error) {
		calls++
		return nil, nil
	}))
	require.Zero(t, calls)
	steps(source)
	steps(source)
	require.Equal(t, 2, calls)
}

// yielding is an iteration over families and errors.
func yielding(list ...any) iter.Seq2[*model.MetricFamily, error] {
	return func(yield func(*model.MetricFamily, error) bool) {
		for _, step := range list {
			f, _ := step.(*model.MetricFamily)
			err, _ := step.(error)
			if !yield(f, err) {
				return
			}
		}
	}
}

func TestToGatherer(t *testing.T) {
	gauge := func(name string, continued bool, values ...string) *model.MetricFamily {
		f := &model.MetricFamily{Name: name, HasType: true, Type: model.Gauge, Continued: continued}
		for _, value := range values {
			f.Metrics = append(f.Metrics, model.Metric{Labels: model.NewLabels("l", value), Value: 1})
		}
		return f
	}
	contradiction := &model.MetricFamily{Name: "c", HasType: true, Type: model.Histogram, Metrics: metrics(model.Metric{})}
	for _, test := range []struct {
		name     string
		families []any
		gathered []string
		err      string
	}{
		{"nothing", nil, nil, ""},
		{
			"families sorted by name",
			[]any{gauge("b", false, "1"), gauge("a", false, "2")},
			[]string{
				`name: "a" type: GAUGE metric { label { name: "l" value: "2" } gauge { value: 1 } }`,
				`name: "b" type: GAUGE metric { label { name: "l" value: "1" } gauge { value: 1 } }`,
			},
			"",
		},
		{
			"continuations merged",
			[]any{gauge("b", false, "1"), gauge("a", false), gauge("b", true, "2")},
			[]string{
				`name: "a" type: GAUGE`,
				`name: "b" type: GAUGE
				metric { label { name: "l" value: "1" } gauge { value: 1 } } metric { label { name: "l" value: "2" } gauge { value: 1 } }`,
			},
			"",
		},
		{
			"loose samples as untyped families, one for each run of a name",
			[]any{&model.MetricFamily{
				Name: "b", HasType: true, Type: model.Summary, Metrics: metrics(model.Metric{Extra: &model.Extra{Summary: &model.SummaryValue{}}}),
				Loose: []model.Sample{
					{Name: "b", Labels: model.NewLabels("quantile", "x"), Value: 1, Timestamp: at}, {Name: "b", Value: 2}, {Name: "a_sum", Value: 3},
				},
			}},
			[]string{
				`name: "a_sum" type: UNTYPED metric { untyped { value: 3 } }`,
				`name: "b" type: SUMMARY metric { summary {} }`,
				`name: "b" type: UNTYPED
				metric { label { name: "quantile" value: "x" } untyped { value: 1 } timestamp_ms: 1520430000123 } metric { untyped { value: 2 } }`,
			},
			"",
		},
		{
			"families beside errors",
			[]any{errors.New("first"), gauge("b", false), errors.New("second"), contradiction, gauge("a", false)},
			[]string{`name: "a" type: GAUGE`, `name: "b" type: GAUGE`},
			"first\nsecond\nmetric family \"c\", metric {}: the histogram is missing",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			gatherer := convert.ToGatherer(yielding(test.families...))
			gathered, err := gatherer.Gather()
			if test.err == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, test.err)
			}
			var want []*dto.MetricFamily
			for _, text := range test.gathered {
				want = append(want, dtoOf(t, text))
			}
			if diff := cmp.Diff(want, gathered, protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEveryGatherGivesTheSame(t *testing.T) {
	part := func(continued bool, bucket model.Bucket) *model.MetricFamily {
		return &model.MetricFamily{
			Name: "h", HasType: true, Type: model.Histogram, Continued: continued,
			Metrics: metrics(model.Metric{Extra: &model.Extra{Histogram: &model.HistogramValue{Buckets: []model.Bucket{bucket}}}}),
		}
	}
	gatherer := convert.ToGatherer(yielding(
		part(false, model.Bucket{UpperBound: 1, Count: 1}), nil, part(true, model.Bucket{UpperBound: 2, Count: 3}),
	))
	want := []*dto.MetricFamily{dtoOf(t, `name: "h" type: HISTOGRAM metric { histogram {
		bucket { upper_bound: 1 cumulative_count: 1 } bucket { upper_bound: 2 cumulative_count: 3 }
	} }`)}
	var together sync.WaitGroup
	for range 4 {
		together.Go(func() {
			gathered, err := gatherer.Gather()
			if diff := cmp.Diff(want, gathered, protocmp.Transform()); err != nil || diff != "" {
				t.Error(err, diff)
			}
		})
	}
	together.Wait()
}

func TestAGathererComesBackAsItWas(t *testing.T) {
	var gathered []*dto.MetricFamily
	for i, trip := range roundTrips {
		d := dtoOf(t, trip.dto)
		*d.Name = fmt.Sprintf("f%02d", i)
		gathered = append(gathered, d)
	}
	source := convert.FromGatherer(gathererFunc(func() ([]*dto.MetricFamily, error) { return gathered, nil }))
	gatherer := convert.ToGatherer(source)
	for range 2 {
		again, err := gatherer.Gather()
		require.NoError(t, err)
		require.True(t, slices.EqualFunc(gathered, again, func(a, b *dto.MetricFamily) bool {
			return cmp.Equal(a, b, protocmp.Transform(), cmpopts.EquateNaNs())
		}))
	}
}

// A custom collector: families made by hand, given to whatever takes a Gatherer, such as promhttp.HandlerFor.
func ExampleToGatherer() {
	collect := func(yield func(*model.MetricFamily, error) bool) {
		jobs := model.NewCounter("jobs", "Jobs done.", "queue")
		jobs.Add(17, "mail")
		jobs.Add(4, "print")
		yield(jobs.Family())
	}
	gathered, err := convert.ToGatherer(collect).Gather()
	if err != nil {
		fmt.Println(err)
		return
	}
	var page strings.Builder
	for _, family := range gathered {
		if _, err := expfmt.MetricFamilyToText(&page, family); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Print(page.String())
	// Output:
	// # HELP jobs_total Jobs done.
	// # TYPE jobs_total counter
	// jobs_total{queue="mail"} 17
	// jobs_total{queue="print"} 4
}

// The families of a registry, or of any other Gatherer.
func ExampleFromGatherer() {
	registry := gathererFunc(func() ([]*dto.MetricFamily, error) {
		up, err := convert.ToDTO(&model.MetricFamily{Name: "up", Type: model.Gauge, HasType: true, Metrics: []model.Metric{{Value: 1}}})
		return []*dto.MetricFamily{up}, err
	})
	for family, err := range convert.FromGatherer(registry) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		for s := range family.Samples() {
			fmt.Println(s.Name, s.Labels, s.Value)
		}
	}
	// Output: up {} 1
}
