package writer_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// inputs are families like those of a node exporter, of kube-state-metrics and of the Kubernetes API server, the same
// in every run.
var inputs = []struct {
	name     string
	families func(*rand.Rand) []*model.MetricFamily
}{
	{"node", nodeFamilies},
	{"ksm", stateFamilies},
	{"hist", histogramFamilies},
}

func nodeFamilies(r *rand.Rand) []*model.MetricFamily {
	var families []*model.MetricFamily
	for i := range 200 {
		f := &model.MetricFamily{
			Name: fmt.Sprintf("node_subsystem%d_bytes_total", i), Type: model.Counter, HasType: true,
			HasHelp: true, Help: "Statistic of the subsystem, read from the proc file system.",
		}
		if i%2 == 0 {
			f.Metrics = append(f.Metrics, model.Metric{Value: float64(r.IntN(1e9)) / 100})
		} else {
			for j := range 4 {
				f.Metrics = append(f.Metrics, model.Metric{
					Labels: model.NewLabels("cpu", fmt.Sprint(j), "mode", "idle"),
					Value:  float64(r.IntN(1e9)) / 100,
				})
			}
		}
		families = append(families, f)
	}
	return families
}

func stateFamilies(r *rand.Rand) []*model.MetricFamily {
	f := &model.MetricFamily{
		Name: "kube_pod_container_status_waiting_reason", Type: model.Gauge, HasType: true,
		HasHelp: true, Help: "Describes the reason the container is currently in waiting state.",
	}
	for i := range 20_000 {
		f.Metrics = append(f.Metrics, model.Metric{
			Labels: model.NewLabels("namespace", fmt.Sprintf("team-%d-production", i/500),
				"pod", fmt.Sprintf("service-%d-%08x-%05x", i/10, r.Uint32(), i),
				"uid", fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", r.Uint32(), i&0xffff, i>>3, i>>5, r.Uint64()>>16),
				"container", "application", "reason", "ContainerCreating", "node", fmt.Sprintf("ip-10-0-%d-%d", i%256, i/256)),
			Value: float64(i % 2),
		})
	}
	return []*model.MetricFamily{f}
}

func histogramFamilies(r *rand.Rand) []*model.MetricFamily {
	f := &model.MetricFamily{
		Name: "apiserver_request_duration_seconds", Type: model.Histogram, HasType: true,
		HasHelp: true, Help: "Response latency distribution in seconds for each verb and resource.",
	}
	bounds := []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60}
	for i := range 800 {
		h := &model.HistogramValue{HasCount: true, HasSum: true}
		for _, bound := range bounds {
			h.Count += float64(r.IntN(5000))
			h.Buckets = append(h.Buckets, model.Bucket{UpperBound: bound, Count: h.Count})
		}
		h.Sum = r.Float64() * h.Count
		f.Metrics = append(f.Metrics, model.Metric{
			Labels: model.NewLabels("component", "apiserver", "dry_run", "", "group", "apps", "resource", fmt.Sprintf("resource%d", i),
				"scope", "namespace", "subresource", "status", "verb", "PATCH", "version", "v1"),
			Extra: &model.Extra{Histogram: h},
		})
	}
	return []*model.MetricFamily{f}
}

func BenchmarkEncode(b *testing.B) {
	for _, input := range inputs {
		families := input.families(rand.New(rand.NewPCG(1, 2)))
		text := int64(len(encode(b, format.Text, families)))
		for _, to := range writer.Formats() {
			b.Run(input.name+"/"+to.String(), func(b *testing.B) {
				e, err := writer.New(io.Discard, to)
				require.NoError(b, err)
				b.SetBytes(text)
				b.ReportAllocs()
				for b.Loop() {
					if isOpenMetrics(to) {
						e, err = writer.New(io.Discard, to)
						require.NoError(b, err)
					}
					for _, f := range families {
						if err := e.Encode(f); err != nil {
							b.Fatal(err)
						}
					}
				}
			})
		}
	}
}

// BenchmarkExpfmt writes the same families with the encoders of prometheus/common.
func BenchmarkExpfmt(b *testing.B) {
	for _, input := range inputs {
		families := input.families(rand.New(rand.NewPCG(1, 2)))
		text := int64(len(encode(b, format.Text, families)))
		messages := decodeProtobuf(b, encode(b, format.Protobuf, families))
		for _, format := range []expfmt.Format{expfmt.FmtText, expfmt.FmtProtoDelim} {
			name := map[expfmt.Format]string{expfmt.FmtText: "text", expfmt.FmtProtoDelim: "protobuf"}[format]
			b.Run(input.name+"/"+name, func(b *testing.B) {
				var out bytes.Buffer
				e := expfmt.NewEncoder(&out, format)
				b.SetBytes(text)
				b.ReportAllocs()
				for b.Loop() {
					out.Reset()
					for _, m := range messages {
						if err := e.Encode(m); err != nil {
							b.Fatal(err)
						}
					}
				}
			})
		}
	}
}

func encode(t testing.TB, to format.Format, families []*model.MetricFamily, opts ...writer.Option) []byte {
	t.Helper()
	var out bytes.Buffer
	e, err := writer.New(&out, to, opts...)
	require.NoError(t, err)
	for _, f := range families {
		require.NoError(t, e.Encode(f))
	}
	require.NoError(t, e.Close())
	return out.Bytes()
}

func decodeProtobuf(t testing.TB, data []byte) (messages []*dto.MetricFamily) {
	t.Helper()
	for r := bytes.NewReader(data); r.Len() > 0; {
		m := new(dto.MetricFamily)
		require.NoError(t, protodelim.UnmarshalOptions{MaxSize: -1}.UnmarshalFrom(r, m))
		messages = append(messages, m)
	}
	return messages
}
