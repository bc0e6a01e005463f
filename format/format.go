package format

import (
	"fmt"
	"strings"

	prommodel "github.com/prometheus/common/model"
)

// Format is an exposition format. The zero Format is none.
type Format uint8

// The formats.
const (
	// Text is the Prometheus text format 0.0.4.
	Text Format = iota + 1
	// Text1 is the Prometheus text format 1.0.0, which quotes names outside of the old character set. What reads it
	// reads Text as well.
	Text1
	// OpenMetrics is the text format of OpenMetrics 1.0, which scrapers ask for as version 0.0.1 too.
	OpenMetrics
	// OpenMetrics2 is the text format of OpenMetrics 2.0, with composite values.
	OpenMetrics2
	// Protobuf is io.prometheus.client.MetricFamily, each message with its length before it.
	Protobuf
	// Prototext is the text form of the same messages, a field a line.
	Prototext
	// CompactText is the text form of the same messages, a message a line.
	CompactText
	// OpenMetricsProtobuf is one message openmetrics.MetricSet.
	OpenMetricsProtobuf
	// JSON is an array of objects, or one object after the other, each a family in the schema of prom2json.
	JSON
	// Graphite is the plaintext protocol of carbon, which is only written.
	Graphite

	formatCount
)

// row is what belongs to a format.
type row struct {
	name string
	// media are the media types, that of a response first; the others are older names of it.
	media []mediaType
	// extensions are those of its files, in lower case. Formats that share one are told apart by their first bytes.
	extensions []string
	// begins reports whether an input is in this format that begins with head and ends with tail, which is nil if it
	// is not known. It is nil itself where that cannot be told.
	begins func(head, tail []byte) bool
	// onlyWritten tells that there is no reading it, so that no input is taken for it and nobody asks for it.
	onlyWritten bool
}

// formats is the one table of formats. Where the first bytes fit several, the first of them is it.
var formats = [formatCount]row{
	Text: {
		name:       "text",
		media:      []mediaType{{"text/plain", parameters{{"version", "0.0.4"}, charsetUTF8}, legacyNames}},
		extensions: []string{".prom", ".metrics"}, // a file.txt can be anything that is text
	},
	Text1: {
		name:  "text1",
		media: []mediaType{{"text/plain", parameters{{"version", "1.0.0"}, charsetUTF8}, negotiatedNames}},
	},
	OpenMetrics: {
		name: "openmetrics",
		media: []mediaType{
			{"application/openmetrics-text", parameters{{"version", "1.0.0"}, charsetUTF8}, negotiatedNames},
			{"application/openmetrics-text", parameters{{"version", "0.0.1"}, charsetUTF8}, legacyNames},
		},
		extensions: []string{".om", ".openmetrics"},
		begins:     beginsAsOpenMetrics,
	},
	OpenMetrics2: {
		name:       "openmetrics2",
		media:      []mediaType{{"application/openmetrics-text", parameters{{"version", "2.0.0"}, charsetUTF8}, negotiatedNames}},
		extensions: []string{".om2", ".om", ".openmetrics"},
		begins:     beginsAsOpenMetrics2,
	},
	Protobuf: {
		name:       "protobuf",
		media:      []mediaType{{protobufType, parameters{metricFamily, {"encoding", "delimited"}}, negotiatedNames}},
		extensions: []string{".pb", ".binpb", ".protobuf"},
		begins:     beginsAsProtobuf,
	},
	Prototext: {
		name:       "prototext",
		media:      []mediaType{{protobufType, parameters{metricFamily, {"encoding", "text"}}, negotiatedNames}},
		extensions: textprotoExtensions,
		begins:     beginsAsPrototext,
	},
	CompactText: {
		name:       "compact-text",
		media:      []mediaType{{protobufType, parameters{metricFamily, {"encoding", "compact-text"}}, negotiatedNames}},
		extensions: textprotoExtensions,
		begins:     beginsAsCompactText,
	},
	OpenMetricsProtobuf: {
		name:       "openmetrics-protobuf",
		media:      []mediaType{{"application/openmetrics-protobuf", parameters{{"version", "1.0.0"}}, negotiatedNames}},
		extensions: []string{".pb", ".binpb", ".protobuf"},
		begins:     beginsAsOpenMetricsProtobuf,
	},
	JSON: {
		name:       "json",
		media:      []mediaType{{"application/json", nil, anyNames}},
		extensions: []string{".json", ".jsonl", ".ndjson"},
		begins:     beginsAsJSON,
	},
	Graphite: {
		name:        "graphite",
		media:       []mediaType{{"text/plain", parameters{charsetUTF8}, legacyNames}},
		onlyWritten: true,
	},
}

const protobufType = "application/vnd.google.protobuf"

var (
	charsetUTF8         = parameter{"charset", "utf-8"}
	metricFamily        = parameter{"proto", "io.prometheus.client.MetricFamily"}
	textprotoExtensions = []string{".prototext", ".textproto", ".txtpb", ".pbtxt"}
)

// All are all formats, in the order of their constants.
func All() []Format {
	all := make([]Format, 0, formatCount-1)
	for f := Text; f < formatCount; f++ {
		all = append(all, f)
	}
	return all
}

// Parse finds a format by the name that String gives it.
func Parse(name string) (Format, error) {
	var names []string
	for _, f := range All() {
		if formats[f].name == name {
			return f, nil
		}
		names = append(names, formats[f].name)
	}
	return 0, fmt.Errorf("unknown format %q; there are %s", name, strings.Join(names, ", "))
}

// IsValid reports whether f is one of the formats.
func (f Format) IsValid() bool { return f > 0 && f < formatCount }

// String is the name of the format on the command line, such as "text1".
func (f Format) String() string {
	if !f.IsValid() {
		return fmt.Sprintf("Format(%d)", uint8(f))
	}
	return formats[f].name
}

// ContentType is the content type of a response in the format whose names are escaped by a scheme; the scheme is a part
// of it where formats of that type differ in it. It is empty for a Format that is none.
func (f Format) ContentType(scheme prommodel.EscapingScheme) string {
	if !f.IsValid() {
		return ""
	}
	return formats[f].media[0].contentType(scheme)
}
