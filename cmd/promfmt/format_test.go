package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
)

// TestTellFormat holds what the command adds to format.Detect, which has tests of its own: pages for people are told from
// text, URLs have the extension of their path, and what cannot be read is refused.
func TestTellFormat(t *testing.T) {
	for _, test := range []struct {
		name     string
		evidence format.Evidence
		want     string
		refused  string
	}{
		{name: "nothing tells: text", evidence: format.Evidence{Head: []byte("up 1\n")}, want: "text"},
		{name: "a URL has the extension of its path", evidence: format.Evidence{Name: "http://example.com/page.json?a=b.prom"}, want: "json"},
		{name: "a host has no extension", evidence: format.Evidence{Name: "http://example.json"}, want: "text"},
		{
			name:     "a page for people is HTML by its first bytes",
			evidence: format.Evidence{Name: "-", Head: []byte(" <!DOCTYPE html>")},
			refused:  "by its first bytes this is html, which cannot be read; is /metrics missing from the URL?",
		},
		{
			name:     "or by its extension",
			evidence: format.Evidence{Name: "page.HTML", Head: []byte("up 1\n")},
			refused:  "by its extension this is html, which cannot be read; is /metrics missing from the URL?",
		},
		{
			name:     "or by its content type, whatever else there is",
			evidence: format.Evidence{Name: "page.json", ContentType: "Text/HTML; charset=utf-8", Head: []byte("[]")},
			refused:  "by its content type this is html, which cannot be read; is /metrics missing from the URL?",
		},
		{
			name:     "which does not count if the content type is another one",
			evidence: format.Evidence{Name: "http://example.com/index.html", ContentType: "text/plain", Head: []byte("<html>")},
			want:     "text",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := tellFormat(test.evidence)
			if test.refused != "" {
				require.EqualError(t, err, test.refused)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.want, got.String())
		})
	}
}

func TestWhatCannotBeReadIsRefusedByItsName(t *testing.T) {
	require.EqualError(t, unreadable(format.ByBytes, format.OpenMetrics2.String(), ""),
		"by its first bytes this is openmetrics2, which cannot be read")
}

func TestServersAreAskedForWhatCanBeRead(t *testing.T) {
	const protobuf = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;escaping=allow-utf-8"
	for asked, want := range map[string]string{
		"text":     "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
		"json":     "application/json;q=0.2,*/*;q=0.1",
		"protobuf": protobuf + ";q=0.2,*/*;q=0.1",
	} {
		require.Equal(t, want, acceptHeader(asked))
	}
	require.Contains(t, acceptHeader(auto), "text/plain;version=1.0.0;escaping=allow-utf-8")
	require.Contains(t, acceptHeader(auto), protobuf)
}
