package format_test

import (
	"net/http"
	"testing"

	"github.com/prometheus/common/expfmt"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
)

// The headers that scrapers send.
const (
	prometheus3 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6," +
		"application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4," +
		"text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
	prometheus3Protobuf = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6," +
		"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4," +
		"text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
	prometheus2 = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
	prom2json   = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;version=0.0.4;q=0.3"
	firefox     = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
	oldJava     = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
	delimited   = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
)

// The offers of expfmt, in its words and ours.
var (
	expfmtOffers = expfmt.DefaultOpenMetricsAcceptedFormats()
	offers       = []format.Format{format.OpenMetrics, format.Protobuf, format.Prototext, format.CompactText, format.Text}
)

func byExpfmt(accept string) string {
	header := http.Header{}
	if accept != "" {
		header.Set("Accept", accept)
	}
	return string(expfmt.NegotiateAccept(header, expfmtOffers...))
}

// ourType is what we answer of the same offers, with the escaping that expfmt states in all content types.
func ourType(accept string) string {
	choice, _ := format.Negotiate(accept, offers...)
	return string(expfmt.Format(choice.ContentType).WithEscapingScheme(choice.Escaping))
}

func TestNegotiateAsExpfmt(t *testing.T) {
	const (
		om1, om0 = "application/openmetrics-text; version=1.0.0; charset=utf-8", "application/openmetrics-text; version=0.0.1; charset=utf-8"
		text     = "text/plain; version=0.0.4; charset=utf-8"
		proto    = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding="

		underscores = "; escaping=underscores"
		utf8        = "; escaping=allow-utf-8"
	)
	for _, test := range []struct{ name, accept, want string }{
		{"no header", "", text + underscores},
		{"Prometheus 3", prometheus3, om1 + utf8},
		{"Prometheus 3 with native histograms", prometheus3Protobuf, proto + "delimited" + underscores},
		{"Prometheus 2", prometheus2, om1 + underscores},
		{"prom2json", prom2json, proto + "delimited" + underscores},
		{"a browser", firefox, text + underscores},
		{"an old Java client", oldJava, text + underscores},
		{"curl", "*/*", text + underscores},
		{"any text", "text/*", text + underscores},
		{"text without a version", "text/plain", text + underscores},
		{"OpenMetrics without a version is 0.0.1", "application/openmetrics-text", om0 + underscores},
		{"text of another version is not there", "text/plain;version=0.0.3", text + underscores},
		{"OpenMetrics of another version is not there", "application/openmetrics-text;version=3.0.0,text/plain;version=0.0.4;q=0.1", text + underscores},
		{"protobuf as text", proto + "text", proto + "text" + underscores},
		{"protobuf as compact text", proto + "compact-text", proto + "compact-text" + underscores},
		{"another message", "application/vnd.google.protobuf;proto=some.Other;encoding=delimited,text/plain;version=0.0.4;q=0.1", text + underscores},
		{"what is wanted most, not what is named first", "text/plain;version=0.0.4;q=0.3,application/openmetrics-text;version=1.0.0;q=0.7", om1 + underscores},
		{"among equals what is named first", "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0", text + underscores},
		{"and not what is offered first", "application/openmetrics-text;version=0.0.1,application/openmetrics-text;version=1.0.0", om0 + underscores},
		{"blanks", " text/plain ; version=0.0.4 ; q=0.3 , application/openmetrics-text ; version=1.0.0 ", om1 + underscores},
		{"schemes", "application/openmetrics-text;version=1.0.0;escaping=dots", om1 + "; escaping=dots"},
		{"more of them", "application/openmetrics-text;version=1.0.0;escaping=values", om1 + "; escaping=values"},
		{"a scheme for text", "text/plain;version=0.0.4;escaping=dots", text + "; escaping=dots"},
		{"a scheme for protobuf", delimited + ";escaping=allow-utf-8", proto + "delimited" + utf8},
		{"a scheme that does not exist", "application/openmetrics-text;version=1.0.0;escaping=runes", om1 + underscores},
		{"a parameter that does not exist", "application/openmetrics-text;version=1.0.0;level=1", om1 + underscores},
		{"a charset that is not there", "application/openmetrics-text;version=1.0.0;charset=latin1", om1 + underscores},
		{"elements that are malformed", "text,/plain,text/,a/b/c,,;,;q=1,application/openmetrics-text;version=1.0.0;q=0.1", om1 + underscores},
		{"parameters that are malformed", "application/openmetrics-text;=;x;;version=1.0.0;y==z", om1 + underscores},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, byExpfmt(test.accept), "expfmt")
			require.Equal(t, test.want, ourType(test.accept))
		})
	}
}

// TestNegotiateOtherwiseThanExpfmt has the known differences, each with its reason.
func TestNegotiateOtherwiseThanExpfmt(t *testing.T) {
	const (
		om1   = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"
		text  = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
		proto = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=underscores"
	)
	for _, test := range []struct{ reason, accept, expfmt, want string }{
		{
			"a quality of 0 refuses",
			"application/openmetrics-text;version=1.0.0;q=0,*/*;q=0.1", om1, text,
		},
		{
			"what is refused is not given for a wildcard either",
			"text/plain;q=0,*/*", text, "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
		},
		{
			"a type with any subtype is honoured",
			"application/*", text, om1,
		},
		{
			"a type without the parameters of a format fits it",
			"application/vnd.google.protobuf", text, proto,
		},
		{
			"what is named goes before wildcards of the same quality",
			"*/*,application/vnd.google.protobuf;encoding=delimited", text, proto,
		},
		{
			"names are of any case, and so is the name of the quality",
			"Text/Plain;Version=0.0.4;Q=0.1,Application/OpenMetrics-Text;Version=1.0.0;q=0.9", text, om1,
		},
		{
			"values may be quoted",
			`application/openmetrics-text;version="1.0.0"`, text, om1,
		},
		{
			"commas in quotes separate nothing",
			`application/openmetrics-text;x=",text/plain;version=0.0.4,";version=1.0.0;q=0.5`,
			"application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=underscores", om1,
		},
		{
			"tabs are white space",
			"\tapplication/openmetrics-text\t;\tversion=1.0.0", text, om1,
		},
		{
			"a quality that is none passes over the element",
			"application/openmetrics-text;version=1.0.0;q=2,text/plain;version=0.0.4", om1, text,
		},
		{
			"a scheme is that of the element that is chosen",
			"application/openmetrics-text;version=2.0.0;escaping=allow-utf-8,text/plain;version=0.0.4;q=0.5",
			"text/plain; version=0.0.4; charset=utf-8; escaping=allow-utf-8", text,
		},
		{
			"text 0.0.4 cannot have all names",
			"text/plain;version=0.0.4;escaping=allow-utf-8",
			"text/plain; version=0.0.4; charset=utf-8; escaping=allow-utf-8", text,
		},
	} {
		t.Run(test.reason, func(t *testing.T) {
			require.Equal(t, test.expfmt, byExpfmt(test.accept), "expfmt")
			require.Equal(t, test.want, ourType(test.accept))
			require.NotEqual(t, byExpfmt(test.accept), ourType(test.accept), "this is no difference")
		})
	}
}

func TestNegotiate(t *testing.T) {
	all := []format.Format{
		format.OpenMetrics2, format.OpenMetrics, format.Protobuf, format.Text1, format.Text, format.JSON, format.OpenMetricsProtobuf,
	}
	for _, test := range []struct {
		name       string
		accept     string
		offers     []format.Format
		want       format.Format
		escaping   prommodel.EscapingScheme
		acceptable bool
	}{
		{"OpenMetrics 2.0 is for who asks for it", "application/openmetrics-text;version=2.0.0,application/openmetrics-text;version=1.0.0;q=0.9", all, format.OpenMetrics2, prommodel.UnderscoreEscaping, true},
		{"OpenMetrics without a version is not 2.0", "application/openmetrics-text", all, format.OpenMetrics, prommodel.UnderscoreEscaping, true},
		{"text 1.0.0 is for who asks for it", "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3", all, format.Text1, prommodel.NoEscaping, true},
		{"text without a version is not 1.0.0", "text/plain", all, format.Text, prommodel.UnderscoreEscaping, true},
		{"text of any kind is not 1.0.0", "text/*", all, format.Text, prommodel.UnderscoreEscaping, true},
		{"JSON has all names", "application/json", all, format.JSON, prommodel.NoEscaping, true},
		{"unless others are asked for", "application/json;escaping=dots", all, format.JSON, prommodel.DotsEscaping, true},
		{"OpenMetrics in protobuf", "application/openmetrics-protobuf", all, format.OpenMetricsProtobuf, prommodel.UnderscoreEscaping, true},
		{"wildcards are for text", "*/*", all, format.Text, prommodel.UnderscoreEscaping, true},
		{"or for the first offer without it", "*/*", []format.Format{format.JSON, format.Protobuf}, format.JSON, prommodel.NoEscaping, true},
		{"the closest element counts", "*/*;q=1,application/*;q=0.9,application/json;q=0.1,text/plain;q=0", all, format.Text1, prommodel.UnderscoreEscaping, true},
		{"also where it comes first", "text/plain;version=0.0.4;q=0.1,text/plain;q=0.9,application/json;q=0.5", all, format.JSON, prommodel.NoEscaping, true},
		{"nothing that is offered is wanted", "image/png", all, format.Text, prommodel.UnderscoreEscaping, false},
		{"without text the first offer is left", "image/png", []format.Format{format.JSON, format.Protobuf}, format.JSON, prommodel.NoEscaping, false},
		{"everything is refused", "*/*;q=0", all, format.Text, prommodel.UnderscoreEscaping, false},
		{"a header that is malformed throughout is none", ";;,,", all, format.Text, prommodel.UnderscoreEscaping, true},
		{"formats that are none are not offered", "*/*", []format.Format{0, 200, format.Protobuf}, format.Protobuf, prommodel.UnderscoreEscaping, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			choice, acceptable := format.Negotiate(test.accept, test.offers...)
			require.Equal(t, test.want.String(), choice.Format.String())
			require.Equal(t, test.escaping.String(), choice.Escaping.String())
			require.Equal(t, test.acceptable, acceptable)
			require.Equal(t, choice.Format.ContentType(choice.Escaping), ofLatestVersion(choice.ContentType))
		})
	}
	choice, acceptable := format.Negotiate("*/*")
	require.Zero(t, choice, "nothing is offered")
	require.False(t, acceptable)
}

// ofLatestVersion is a content type with the version that ContentType has, where an older one was asked for.
func ofLatestVersion(contentType string) string {
	if contentType == "application/openmetrics-text; version=0.0.1; charset=utf-8" {
		return "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"
	}
	return contentType
}

func TestAcceptHeader(t *testing.T) {
	require.Equal(t, "*/*;q=0.1", format.AcceptHeader(prommodel.NoEscaping))
	require.Equal(t, "application/json;q=0.2,*/*;q=0.1", format.AcceptHeader(prommodel.NoEscaping, format.JSON, format.Graphite, 0))
	require.Equal(t,
		"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"+
			"text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
		format.AcceptHeader(prommodel.NoEscaping, format.OpenMetrics, format.Text1, format.Text))
	require.Equal(t,
		"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;escaping=dots;q=0.3,"+
			"application/openmetrics-text;version=2.0.0;escaping=dots;q=0.2,*/*;q=0.1",
		format.AcceptHeader(prommodel.DotsEscaping, format.Protobuf, format.OpenMetrics2))
	require.Equal(t,
		"text/plain;version=0.0.4;q=0.10,text/plain;version=1.0.0;escaping=values;q=0.09,"+
			"application/openmetrics-text;version=1.0.0;escaping=values;q=0.08,application/openmetrics-text;version=0.0.1;q=0.07,"+
			"application/openmetrics-text;version=2.0.0;escaping=values;q=0.06,"+
			delimited+";escaping=values;q=0.05,"+
			"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text;escaping=values;q=0.04,"+
			"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=compact-text;escaping=values;q=0.03,"+
			"application/openmetrics-protobuf;version=1.0.0;escaping=values;q=0.02,*/*;q=0.01",
		format.AcceptHeader(prommodel.ValueEncodingEscaping,
			format.Text, format.Text1, format.OpenMetrics, format.OpenMetrics2, format.Protobuf, format.Prototext, format.CompactText,
			format.OpenMetricsProtobuf))
}

// TestServersUnderstandOurHeaders holds that a server of the Go client library, and one of ours, gives what a header asks
// for first, whatever comes behind it.
func TestServersUnderstandOurHeaders(t *testing.T) {
	knownToExpfmt := map[format.Format]expfmt.Format{
		format.Text:         expfmt.FmtText,
		format.OpenMetrics:  expfmt.FmtOpenMetrics_1_0_0,
		format.OpenMetrics2: expfmt.FmtOpenMetrics_2_0_0,
		format.Protobuf:     expfmt.FmtProtoDelim,
		format.Prototext:    expfmt.FmtProtoText,
		format.CompactText:  expfmt.FmtProtoCompact,
	}
	var offered []expfmt.Format
	for _, f := range format.All() {
		if known, ok := knownToExpfmt[f]; ok {
			offered = append(offered, known)
		}
	}
	for _, first := range format.All() {
		if first == format.Graphite {
			continue
		}
		for _, second := range format.All() {
			for _, scheme := range []prommodel.EscapingScheme{
				prommodel.NoEscaping, prommodel.UnderscoreEscaping, prommodel.DotsEscaping, prommodel.ValueEncodingEscaping,
			} {
				accept := format.AcceptHeader(scheme, first, second)
				choice, acceptable := format.Negotiate(accept, format.All()...)
				require.True(t, acceptable)
				require.Equal(t, first.String(), choice.Format.String(), accept)
				require.Equal(t, first.ContentType(choice.Escaping), choice.ContentType)
				known, ok := knownToExpfmt[first]
				if !ok {
					continue
				}
				answer := expfmt.NegotiateAccept(http.Header{"Accept": {accept}}, offered...)
				want := known.WithEscapingScheme(choice.Escaping)
				require.Equal(t, want, answer, accept)
				if first != format.Text {
					require.Equal(t, scheme, choice.Escaping, accept)
				}
			}
		}
	}
}

func FuzzNegotiate(f *testing.F) {
	for _, accept := range []string{
		prometheus3, prometheus3Protobuf, prometheus2, prom2json, firefox, oldJava, `a/b;c="\",q=1"`, "text/plain;q=", "*;q=0.5,/",
		"*/*;q=0", "text/plain;q=0,*/*", "text/*;q=0,application/*;q=0.0,*/*;q=0.5", "text/plain;version=1.0.0;q=0.5,text/plain;q=0,*/*;q=.0",
		`application/json;q="0",application/json;q=1`, "image/png", "*/*;q=2", "application/json;q=0;q=1", delimited + ";q=0,*/*",
	} {
		f.Add(accept)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		requireAcceptability(t, accept)
		choice, _ := format.Negotiate(accept, format.All()...)
		require.True(t, choice.Format.IsValid())
		detected, by := format.Detect(format.Evidence{ContentType: choice.ContentType})
		require.Equal(t, format.ByContentType, by)
		if choice.Format != format.Graphite {
			require.Equal(t, choice.Format, detected)
		}
	})
}
