package format_test

import (
	"mime"
	"strings"
	"testing"

	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
)

func TestNames(t *testing.T) {
	var names []string
	for _, f := range format.All() {
		require.True(t, f.IsValid())
		names = append(names, f.String())
		parsed, err := format.Parse(f.String())
		require.NoError(t, err)
		require.Equal(t, f, parsed)
	}
	require.Equal(t, []string{
		"text", "text1", "openmetrics", "openmetrics2", "protobuf", "prototext", "compact-text", "openmetrics-protobuf", "json",
		"graphite",
	}, names)
	_, err := format.Parse("xml")
	require.EqualError(t, err, `unknown format "xml"; there are `+strings.Join(names, ", "))
}

func TestFormatsThatAreNone(t *testing.T) {
	for _, f := range []format.Format{0, 255} {
		require.False(t, f.IsValid())
		require.Contains(t, f.String(), "Format(")
		require.Empty(t, f.ContentType(prommodel.NoEscaping))
	}
}

func TestContentTypes(t *testing.T) {
	tests := map[format.Format][2]string{ // without escaping, and with dots
		format.Text:                {"text/plain; version=0.0.4; charset=utf-8", ""},
		format.Text1:               {"text/plain; version=1.0.0; charset=utf-8", "; escaping="},
		format.OpenMetrics:         {"application/openmetrics-text; version=1.0.0; charset=utf-8", "; escaping="},
		format.OpenMetrics2:        {"application/openmetrics-text; version=2.0.0; charset=utf-8", "; escaping="},
		format.Protobuf:            {"application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited", "; escaping="},
		format.Prototext:           {"application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text", "; escaping="},
		format.CompactText:         {"application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=compact-text", "; escaping="},
		format.OpenMetricsProtobuf: {"application/openmetrics-protobuf; version=1.0.0", "; escaping="},
		format.JSON:                {"application/json", ""},
		format.Graphite:            {"text/plain; charset=utf-8", ""},
	}
	for _, f := range format.All() {
		want := tests[f]
		schemes := map[prommodel.EscapingScheme]string{
			prommodel.NoEscaping: "allow-utf-8", prommodel.UnderscoreEscaping: "underscores",
			prommodel.DotsEscaping: "dots", prommodel.ValueEncodingEscaping: "values",
		}
		for scheme, name := range schemes {
			stated := want[0] + want[1]
			if want[1] != "" {
				stated += name
			}
			require.Equal(t, stated, f.ContentType(scheme))
			_, _, err := mime.ParseMediaType(f.ContentType(scheme))
			require.NoError(t, err)
		}
	}
}
