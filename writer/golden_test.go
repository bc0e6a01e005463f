package writer_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/writer"
)

func TestGoldenFamilies(t *testing.T) {
	variants := []struct {
		name   string
		format format.Format
		opts   []writer.Option
	}{
		{"text", format.Text, nil},
		{"text-created", format.Text, []writer.Option{writer.Created()}},
		{"text1", format.Text1, nil},
		{"openmetrics", format.OpenMetrics, nil},
		{"openmetrics2", format.OpenMetrics2, nil},
		{"protobuf", format.Protobuf, nil},
		{"prototext", format.Prototext, nil},
		{"openmetrics-protobuf", format.OpenMetricsProtobuf, nil},
		{"graphite", format.Graphite, []writer.Option{writer.GraphitePrefix("prom.test")}},
		{"graphite-tags", format.Graphite, []writer.Option{writer.GraphiteTags(), writer.GraphiteNonFinite(), writer.Created()}},
		{"json", format.JSON, nil},
	}
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			var out, losses bytes.Buffer
			opts := append([]writer.Option{
				writer.OnLoss(func(l writer.Loss) { fmt.Fprintln(&losses, l) }),
				writer.GraphiteTime(atNoon),
			}, v.opts...)
			e, err := writer.New(&out, v.format, opts...)
			require.NoError(t, err)
			for _, f := range allKinds() {
				require.NoError(t, e.Encode(f))
			}
			require.NoError(t, e.Close())
			golden(t, v.name+".golden", out.Bytes())
			golden(t, v.name+".losses.golden", losses.Bytes())
		})
	}
}

// golden compares got with a file, or makes it the file with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
