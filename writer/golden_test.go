package writer_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/writer"
)

func TestGoldenFamilies(t *testing.T) {
	variants := []struct {
		name   string
		format writer.Format
		opts   []writer.Option
	}{
		{"text", writer.Text, nil},
		{"text-created", writer.Text, []writer.Option{writer.Created()}},
		{"text1", writer.Text1, nil},
		{"openmetrics", writer.OpenMetrics, nil},
		{"openmetrics2", writer.OpenMetrics2, nil},
		{"protobuf", writer.Protobuf, nil},
		{"prototext", writer.Prototext, nil},
		{"graphite", writer.Graphite, []writer.Option{writer.GraphitePrefix("prom.test")}},
		{"graphite-tags", writer.Graphite, []writer.Option{writer.GraphiteTags(), writer.GraphiteNonFinite(), writer.Created()}},
		{"json", writer.JSON, nil},
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
