//go:build interop

package interop

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// fetch asks a server for a page as a scraper that prefers a format does, and reads what it gets, strictly.
func fetch(t *testing.T, url string, preferred format.Format) (families []*model.MetricFamily, got format.Format, fault error) {
	t.Helper()
	accept := format.AcceptHeader(prommodel.UnderscoreEscaping, preferred)
	a := get(t, url, http.Header{"Accept": {accept}})
	got, clue := format.Detect(format.Evidence{ContentType: a.contentType})
	require.Equal(t, format.ByContentType, clue, "%s", a.contentType)
	families, fault = readStrictly(t, got, a.body)
	return families, got, fault
}

// TestPrometheusIsReadInEveryFormat holds that we read the metrics of Prometheus itself, and the same of them in every
// format that it serves.
func TestPrometheusIsReadInEveryFormat(t *testing.T) {
	t.Parallel()
	p := startPrometheus(t, installed(t, "prometheus", "prometheus"), nil)
	// Which families and series there are: the values move on.
	describe := func(families []*model.MetricFamily) []string {
		var list []string
		for _, f := range families {
			asProtobuf(f)
			list = append(list, strings.Join([]string{"#", f.Name, f.Type.String(), f.Help}, " "))
			for s := range f.Samples() {
				list = append(list, series(s.Name, s.Labels))
			}
		}
		slices.Sort(list)
		return list
	}
	_, _, err := fetch(t, p.url+"/metrics", format.Text) // the handler counts its answers, from the first on
	require.NoError(t, err)
	want, _, err := fetch(t, p.url+"/metrics", format.Text)
	require.NoError(t, err)
	for _, asked := range []format.Format{format.OpenMetrics, format.Protobuf} {
		got, answered, err := fetch(t, p.url+"/metrics", asked)
		require.NoError(t, err)
		require.Equal(t, servedFor[asked], answered, "Prometheus answers as it did not before: read that, too")
		t.Logf("asked for %s, %s answered as %s, %d families", asked, p.name, answered, len(got))
		if diff := cmp.Diff(describe(want), describe(got)); diff != "" {
			t.Errorf("(-as text +as %s):\n%s", answered, diff)
		}
	}
}

// servedFor is in what format Prometheus gives its own metrics to who asks for one.
var servedFor = map[format.Format]format.Format{
	format.OpenMetrics: format.Text, // it reads OpenMetrics and does not serve it
	format.Protobuf:    format.Protobuf,
}

// TestPushgatewayKeepsOurFamilies holds that the Pushgateway takes our text and our protobuf, and that what it then
// exposes in either format is the same again.
func TestPushgatewayKeepsOurFamilies(t *testing.T) {
	t.Parallel()
	binary := installed(t, "prometheus-pushgateway", "prometheus-pushgateway")
	address := freeAddresses(t, 1)[0]
	url := "http://" + address
	start(t, binary, "--web.listen-address="+address, "--persistence.file=").awaitURL(t, url+"/-/ready")
	group := url + "/metrics/job/interop/instance/here"
	formats := []format.Format{format.Text, format.Protobuf}

	isOwn := make(map[string]bool) // the names of the gateway's own families and samples
	own, _, err := fetch(t, url+"/metrics", format.Text)
	require.NoError(t, err)
	for _, f := range own {
		isOwn[f.Name] = true
		for s := range f.Samples() {
			isOwn[s.Name] = true
		}
	}
	outcomes := make(map[string]outcome)
	samples := 0
	for _, p := range pushedPages(t) {
		p.families = pushable(p.families, isOwn)
		for _, pushed := range formats {
			e := expose(t, p, pushed, prommodel.UnderscoreEscaping)
			a := send(t, http.MethodPut, group, e.body, http.Header{"Content-Type": {e.contentType()}})
			if a.status == http.StatusBadRequest {
				outcomes[e.name()] = outcome{message: string(a.body)}
				continue
			}
			require.Equal(t, http.StatusOK, a.status, "%s: %s", e.name(), a.body)
			required, allowed := e.expected(asProtobuf, withLabel("job", "interop"), withLabel("instance", "here"))
			for _, asked := range formats {
				name := e.name() + ", got as " + asked.String()
				families, got, fault := fetch(t, url+"/metrics", asked)
				require.Equal(t, asked, got)
				if fault != nil {
					outcomes[name] = outcome{message: fault.Error()}
					continue
				}
				var found []model.Sample
				for _, f := range families {
					if !isOwn[f.Name] && !slices.Contains(ofPush, f.Name) {
						asProtobuf(f)
						found = slices.AppendSeq(found, f.Samples())
					}
				}
				samples += len(required)
				outcomes[name] = outcome{difference: compare(lines(required, line), lines(allowed, line), lines(found, line))}
			}
			require.Equal(t, http.StatusAccepted, send(t, http.MethodDelete, group, nil, nil).status)
		}
	}
	pushQuirks.hold(t, outcomes)
	t.Logf("%d samples compared", samples)
}

// ofPush are the families that the Pushgateway adds when something has been pushed.
var ofPush = []string{"push_time_seconds", "push_failure_time_seconds",
	"pushgateway_http_push_duration_seconds", "pushgateway_http_push_size_bytes"}

// pushQuirks are the known differences, by exposition.
var pushQuirks = quirks{
	"text/pages/prometheus-federate.txt":     {reason: "series that only differ in job and instance are the same in a group", says: "was collected before with the same name and label values"},
	"protobuf/pages/prometheus-federate.txt": {reason: "series that only differ in job and instance are the same in a group", says: "was collected before with the same name and label values"},

	"text/hand-made, got as text":     {reason: "its text has no sign of zero", missing: 1, added: 1},
	"protobuf/hand-made, got as text": {reason: "its text has no sign of zero", missing: 1, added: 1},

	"protobuf/gauge-histogram, got as text": {reason: "it cannot write a gauge histogram, and its text ends there", says: "the last line does not end in a line feed"},

	"text/gauge-histogram, got as text":     {reason: "in text the sum and count are gauges, and the histogram without them gets others", missing: 2, added: 4},
	"text/gauge-histogram, got as protobuf": {reason: "in text the sum and count are gauges, and the histogram without them gets others", missing: 2, added: 4},
}

// pushedPages are the real pages, and the one made by hand with its gauge histogram apart.
func pushedPages(t *testing.T) []page {
	t.Helper()
	pages := slices.DeleteFunc(corpusPages(t), func(p page) bool { return !strings.HasPrefix(p.name, corpus.Pages+"/") })
	simple, gaugeHistogram := handMade(t, time.Now()), page{name: "gauge-histogram"}
	for _, f := range simple.families {
		if f.Type == model.GaugeHistogram {
			gaugeHistogram.families = append(gaugeHistogram.families, f)
		}
	}
	simple.families = slices.DeleteFunc(simple.families, func(f *model.MetricFamily) bool { return f.Type == model.GaugeHistogram })
	return append(pages, simple, gaugeHistogram)
}

// pushable are the families that may be pushed, without timestamps and without those that the gateway has itself.
func pushable(families []*model.MetricFamily, isOwn map[string]bool) []*model.MetricFamily {
	var pushable []*model.MetricFamily
	for _, f := range families {
		if isOwn[f.SampleName()] || slices.Contains(ofPush, f.SampleName()) {
			continue
		}
		changed := *f
		changed.Metrics = slices.Clone(f.Metrics)
		for i := range changed.Metrics {
			changed.Metrics[i].Timestamp = model.Timestamp{}
		}
		pushable = append(pushable, &changed)
	}
	return pushable
}

// withLabel gives all metrics a label of the group that they are pushed to.
func withLabel(name, value string) func(*model.MetricFamily) {
	return func(f *model.MetricFamily) {
		for i := range f.Metrics {
			f.Metrics[i].Labels = f.Metrics[i].Labels.With(name, value)
		}
	}
}

//go:embed testdata/expose.py
var exposeProgram string

// TestPythonIsRead holds that we find the same samples as the Python client in what it exposes itself.
func TestPythonIsRead(t *testing.T) {
	t.Parallel()
	installed(t, python, "python3-prometheus-client")
	output, err := exec.CommandContext(t.Context(), python, "-c", exposeProgram).Output()
	require.NoError(t, err)
	var exposed map[string]string
	require.NoError(t, json.Unmarshal(output, &exposed))
	for f, parser := range pythonParsers {
		if reason, ok := unread[f]; ok {
			t.Logf("%s is not read: %s", f, reason)
			continue
		}
		e := &exposition{format: f, body: []byte(exposed[f.String()])}
		var samples []model.Sample
		families, err := readStrictly(t, f, e.body)
		require.NoError(t, err)
		for _, family := range families {
			samples = slices.AppendSeq(samples, family.Samples())
		}
		require.NotEmpty(t, samples)
		found := parsePython(t, []*exposition{e})[0]
		require.Empty(t, found.Error)
		if d := compare(lines(samples, parser.line), nil, found.lines(t)); !d.isEmpty() {
			t.Errorf("%s: samples that we do not find:\n%s\nand that we find besides:\n%s", f, short(d.Added), short(d.Missing))
		}
		t.Logf("%s: %d samples compared", f, len(samples))
	}
}
