//go:build interop

package interop

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

//go:embed testdata/samples.py
var samplesProgram string

// python is Debian's own interpreter, which sees Debian's packages.
const python = "/usr/bin/python3"

// TestPythonReadsOurExpositions holds that the parsers of the Python client find the same samples in all pages, with the
// same timestamps.
func TestPythonReadsOurExpositions(t *testing.T) {
	t.Parallel()
	installed(t, python, "python3-prometheus-client")
	var expositions []*exposition
	pages := append(corpusPages(t), handMade(t, time.Now()), handMadeNative(t))
	for f := range pythonParsers {
		for _, p := range pages {
			expositions = append(expositions, expose(t, p, f, prommodel.UnderscoreEscaping))
		}
	}
	outcomes := make(map[string]outcome)
	samples, unsure := 0, 0
	for i, found := range parsePython(t, expositions) {
		e := expositions[i]
		o := outcome{message: found.Error}
		if o.message == "" {
			parser := pythonParsers[e.format]
			required, allowed := e.expected(parser.changes...)
			samples += len(required)
			unsure += len(allowed)
			o.difference = compare(lines(required, parser.line), lines(allowed, parser.line), found.lines(t))
		}
		outcomes[e.name()] = o
	}
	pythonQuirks.hold(t, outcomes)
	t.Logf("%d expositions; %d samples compared, and %d of families with losses", len(expositions), samples, unsure)
}

// pythonParsers are the parsers, by format: how they see a sample, and what they make of families besides.
var pythonParsers = map[format.Format]struct {
	line    func(model.Sample) string
	changes []func(*model.MetricFamily)
}{
	format.Text:        {floatTime, []func(*model.MetricFamily){addTotal}},
	format.OpenMetrics: {exactTime, nil},
}

// onlyFirst is what a metric at two times loses.
const onlyFirst = "of what a metric has had at another time before, it keeps the first sample"

// pythonQuirks are the known differences, by exposition.
var pythonQuirks = quirks{
	"openmetrics/openmetrics/valid/metrics-and-points-side-by-side.txt": {reason: onlyFirst, missing: 1},
	"openmetrics/openmetrics2/valid/histogram-at-two-times.txt":         {reason: onlyFirst, missing: 2},
	"openmetrics/openmetrics2/valid/metrics-side-by-side.txt":           {reason: onlyFirst, missing: 1},
	"openmetrics/openmetrics2/valid/timestamp-of-histogram-rises.txt":   {reason: onlyFirst, missing: 2},

	"openmetrics/openmetrics/valid/exemplar-in-every-form.txt": {reason: "a brace in a value ends the labels of an exemplar", says: "could not convert string to float: '#'"},

	"openmetrics/valid/timestamps.txt": {reason: "-0.005 s becomes 0.005 s: the sign of -0 is lost", missing: 1, added: 1},
}

// addTotal is what the parser for text makes of a counter of another name.
func addTotal(f *model.MetricFamily) {
	if name := f.SampleName(); f.Type == model.Counter && !strings.HasSuffix(name, "_total") {
		f.Name, f.Suffix = name, "_total"
	}
}

// floatTime is a sample as the parser for text gives it, which counts time in seconds, in a float.
func floatTime(s model.Sample) string {
	if !s.Timestamp.Set {
		return line(s)
	}
	ms, _ := s.Timestamp.Millis()
	return line(s) + " @" + number(float64(ms)/1000)
}

// exactTime is a sample as the parser for OpenMetrics gives it, with time to the nanosecond.
func exactTime(s model.Sample) string {
	if !s.Timestamp.Set {
		return line(s)
	}
	return line(s) + fmt.Sprintf(" @%ds+%dns", s.Timestamp.Seconds, s.Timestamp.Nanos)
}

// pythonSamples is what a parser of the Python client makes of an exposition.
type pythonSamples struct {
	Error   string
	Samples []pythonSample
}

// pythonSample is the name, the labels, the value and the timestamp of a sample.
type pythonSample [4]json.RawMessage

// lines are the samples as floatTime and exactTime have them.
func (p *pythonSamples) lines(t *testing.T) []string {
	t.Helper()
	list := make([]string, len(p.Samples))
	for i, parts := range p.Samples {
		var s model.Sample
		var labels map[string]string
		var value, timestamp string
		for j, part := range []any{&s.Name, &labels, &value, &timestamp} {
			require.NoError(t, json.Unmarshal(parts[j], part))
		}
		s.Labels, s.Value = labelsOf(labels), parseFloat(t, value)
		seconds, nanos, exact := strings.Cut(timestamp, " ")
		switch {
		case exact:
			s.Timestamp = exactTimestamp(t, seconds, nanos)
			list[i] = exactTime(s)
		case timestamp != "":
			list[i] = line(s) + " @" + number(parseFloat(t, seconds))
		default:
			list[i] = line(s)
		}
	}
	return list
}

// exactTimestamp is a Timestamp of Python's, both parts of which have the same sign.
func exactTimestamp(t *testing.T, seconds, nanos string) model.Timestamp {
	t.Helper()
	s, err := strconv.ParseInt(seconds, 10, 64)
	require.NoError(t, err)
	ns, err := strconv.ParseInt(nanos, 10, 32)
	require.NoError(t, err)
	if ns < 0 {
		s, ns = s-1, ns+1e9
	}
	return model.Timestamp{Seconds: s, Nanos: int32(ns), Set: true}
}

// parsePython has the Python client parse expositions.
func parsePython(t *testing.T, expositions []*exposition) []pythonSamples {
	t.Helper()
	var input bytes.Buffer
	encoder := json.NewEncoder(&input)
	for _, e := range expositions {
		require.NoError(t, encoder.Encode([]string{e.format.String(), string(e.body)}))
	}
	command := exec.CommandContext(t.Context(), python, "-c", samplesProgram)
	command.Stdin = &input
	var words strings.Builder
	command.Stderr = &words
	output, err := command.Output()
	require.NoError(t, err, "%s", words.String())
	decoder := json.NewDecoder(bytes.NewReader(output))
	found := make([]pythonSamples, len(expositions))
	for i := range found {
		require.NoError(t, decoder.Decode(&found[i]))
	}
	return found
}
