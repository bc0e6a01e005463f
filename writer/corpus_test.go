package writer_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenDir holds NAME.FORMAT for the files of the corpus that have golden files.
const goldenDir = "testdata/corpus"

// goldenPage is the one real page that has golden files, and goldenSize how long a file with golden files may be.
const (
	goldenPage = "pages/pushgateway.txt"
	goldenSize = 16 << 10
)

// goldenFormats are the golden files of each file of the corpus.
var goldenFormats = []struct {
	name   string
	format format.Format
	opts   []writer.Option
}{
	{"text", format.Text, nil},
	{"text1", format.Text1, nil},
	{"openmetrics", format.OpenMetrics, nil},
	{"openmetrics2", format.OpenMetrics2, nil},
	{"prototext", format.Prototext, nil},
	{"openmetrics-protobuf", format.OpenMetricsProtobuf, nil},
	{"graphite", format.Graphite, []writer.Option{writer.GraphiteTime(atNoon)}},
	{"graphite-tags", format.Graphite, []writer.Option{writer.GraphiteTime(atNoon), writer.GraphiteTags()}},
	{"json", format.JSON, nil},
}

// atNoon is the time of a sample, or a fixed one for a sample without.
func atNoon(t model.Timestamp) time.Time {
	if t.Set {
		return t.Time()
	}
	return time.Date(2024, time.March, 7, 12, 0, 0, 0, time.UTC)
}

func TestGoldenFiles(t *testing.T) {
	var names []string
	for file := range corpus.All() {
		if path.Dir(file.Name) != corpus.Valid && file.Name != goldenPage || len(file.Data) > goldenSize {
			continue
		}
		families := readText(file.Data)
		for _, g := range goldenFormats {
			name := strings.TrimSuffix(path.Base(file.Name), ".txt") + "." + g.name
			names = append(names, name)
			t.Run(name, func(t *testing.T) {
				got := encode(t, g.format, families, g.opts...)
				golden := filepath.Join(goldenDir, name)
				if *update {
					require.NoError(t, os.WriteFile(golden, got, 0o644))
				}
				want, err := os.ReadFile(golden)
				require.NoError(t, err)
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("(-golden +got):\n%s", diff)
				}
			})
		}
	}
	slices.Sort(names)
	entries, err := os.ReadDir(goldenDir)
	require.NoError(t, err)
	var onDisk []string
	for _, entry := range entries {
		onDisk = append(onDisk, entry.Name())
	}
	if diff := cmp.Diff(names, onDisk); diff != "" {
		t.Errorf("golden files that there should be (-) and that there are (+):\n%s", diff)
	}
}

// longestText is how long a text may be to be written and compared: longer ones are generated, thousands of like lines.
const longestText = 100 << 10

// eachText runs a subtest for each text of the corpus that is not too long.
func eachText(t *testing.T, test func(t *testing.T, text []byte)) {
	t.Helper()
	for file := range corpus.All() {
		if file.Format != corpus.Protobuf && len(file.Data) <= longestText {
			t.Run(file.Name, func(t *testing.T) {
				t.Parallel()
				test(t, file.Data)
			})
		}
	}
}

// readText is what is kept of a text, in parts where a family comes back.
func readText(text []byte) []*model.MetricFamily {
	var families []*model.MetricFamily
	for f, err := range convert.NewBytesDecoder(text).Families() {
		if err == nil {
			families = append(families, f)
		}
	}
	return families
}

// collectText is what is kept of a text, the parts of families put together.
func collectText(text []byte) []*model.MetricFamily {
	families, _ := convert.Collect(convert.NewBytesDecoder(text).Families()) // what is wrong with a file is known
	return families
}

// encodeLossy encodes families and gives the losses beside the result.
func encodeLossy(t *testing.T, to format.Format, families []*model.MetricFamily) (out []byte, losses []writer.Loss) {
	t.Helper()
	out = encode(t, to, families, writer.OnLoss(func(l writer.Loss) { losses = append(losses, l) }))
	return out, losses
}

// TestText1ReadsBack holds that text 1.0.0 loses nothing of a family but what it reports.
func TestText1ReadsBack(t *testing.T) {
	eachText(t, func(t *testing.T, text []byte) {
		for name, families := range map[string][]*model.MetricFamily{
			"as they come": readText(text), "put together": collectText(text),
		} {
			written, losses := encodeLossy(t, format.Text1, families)
			want, got := collectText(text), collectText(written)
			for _, l := range losses {
				t.Logf("not compared: %v", l)
				want = slices.DeleteFunc(want, func(f *model.MetricFamily) bool { return f.Name == l.Family })
			}
			joinSuffixes(want)
			joinSuffixes(got)
			if len(losses) > 0 {
				// What a lossy family became may have other names.
				got = slices.DeleteFunc(got, func(f *model.MetricFamily) bool {
					return !slices.ContainsFunc(want, func(w *model.MetricFamily) bool { return w.Name == f.Name })
				})
			}
			ignoreLine := cmpopts.IgnoreFields(model.MetricFamily{}, "Line")
			if diff := cmp.Diff(want, got, ignoreLine, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("families %s (-read +read back):\n%s", name, diff)
			}
		}
	})
}

// joinSuffixes makes the suffix of every family part of its name, as text has it.
func joinSuffixes(families []*model.MetricFamily) {
	for _, f := range families {
		f.Name, f.Suffix = f.SampleName(), ""
	}
}

// TestTextIsStable holds that a text that we wrote is written again byte for byte. Where names were altered, different
// ones may have become one, and the text is stable from the second time on.
func TestTextIsStable(t *testing.T) {
	eachText(t, func(t *testing.T, text []byte) {
		for _, to := range []format.Format{format.Text, format.Text1} {
			first, losses := encodeLossy(t, to, readText(text))
			if len(losses) > 0 {
				first, _ = encodeLossy(t, to, readText(first))
			}
			second, losses := encodeLossy(t, to, readText(first))
			require.Empty(t, losses, "there is nothing left to lose")
			if diff := cmp.Diff(string(first), string(second)); diff != "" {
				t.Errorf("%s (-once +twice):\n%s", to, diff)
			}
		}
	})
}

// TestTextKeepsTheSeries holds that writing text never changes what Prometheus would ingest: names, labels, bounds and
// quantiles as they were spelled, values and timestamps. In text 0.0.4 this goes for families whose names it can hold.
func TestTextKeepsTheSeries(t *testing.T) {
	eachText(t, func(t *testing.T, text []byte) {
		families := readText(text)
		for _, to := range []format.Format{format.Text, format.Text1} {
			written, losses := encodeLossy(t, to, families)
			if slices.ContainsFunc(losses, func(l writer.Loss) bool { return l.Rule == diag.LossName }) {
				require.Equal(t, format.Text, to)
				continue
			}
			if diff := cmp.Diff(series(families), series(readText(written))); diff != "" {
				t.Errorf("%s (-before +after):\n%s", to, diff)
			}
		}
	})
}

// series are the samples of families as text, sorted.
func series(families []*model.MetricFamily) []string {
	var list []string
	for _, f := range families {
		for s := range f.Samples() {
			line := s.Name + s.Labels.Sorted().String() + " " + model.FormatFloat(s.Value)
			if s.Timestamp.Set {
				line += " " + s.Timestamp.Time().String()
			}
			list = append(list, line)
		}
	}
	slices.Sort(list)
	return list
}

// TestExpfmtReadsProtobuf holds that the decoder of prometheus/common makes of our protobuf what ToDTO makes of the
// families, and of their loose samples.
func TestExpfmtReadsProtobuf(t *testing.T) {
	eachText(t, func(t *testing.T, text []byte) {
		families := collectText(text)
		want, err := convert.ToGatherer(yielding(families)).Gather()
		require.NoError(t, err)

		var got []*dto.MetricFamily
		delimited := expfmt.FmtProtoDelim.WithEscapingScheme(prommodel.NoEscaping)
		decoder := expfmt.NewDecoder(bytes.NewReader(encode(t, format.Protobuf, families)), delimited)
		for {
			var d dto.MetricFamily
			err := decoder.Decode(&d)
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			got = append(got, &d)
		}
		slices.SortStableFunc(got, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
		require.Len(t, got, len(want))
		for i := range want {
			if !proto.Equal(want[i], got[i]) {
				t.Errorf("(-ToDTO +decoded):\n%s", cmp.Diff(want[i], got[i], protocmp.Transform(), cmpopts.EquateNaNs()))
			}
		}
	})
}

func yielding(families []*model.MetricFamily) iter.Seq2[*model.MetricFamily, error] {
	return func(yield func(*model.MetricFamily, error) bool) {
		for _, f := range families {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// TestJSONIsJSON holds that encoding/json reads our JSON and finds all families, metrics and loose samples in it.
func TestJSONIsJSON(t *testing.T) {
	type object struct {
		Name           string
		Metrics, Loose int
	}
	eachText(t, func(t *testing.T, text []byte) {
		families := readText(text)
		var want, got []object
		for _, f := range families {
			want = append(want, object{f.SampleName(), len(f.Metrics), len(f.Loose)})
		}

		var read []struct {
			Name           string
			Metrics, Loose []map[string]any
		}
		decoder := json.NewDecoder(bytes.NewReader(encode(t, format.JSON, families)))
		decoder.UseNumber()
		require.NoError(t, decoder.Decode(&read))
		_, err := decoder.Token()
		require.Equal(t, io.EOF, err, "there is something behind the array")
		for _, f := range read {
			got = append(got, object{f.Name, len(f.Metrics), len(f.Loose)})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-families +objects):\n%s", diff)
		}
	})
}
