//go:build interop

package interop

import (
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"strconv"
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

// ask asks a server for a page as a scraper that prefers a format does.
func ask(t *testing.T, url string, preferred format.Format) (body []byte, got format.Format) {
	t.Helper()
	accept := format.AcceptHeader(prommodel.UnderscoreEscaping, preferred)
	a := get(t, url, http.Header{"Accept": {accept}})
	got, clue := format.Detect(format.Evidence{ContentType: a.contentType})
	require.Equal(t, format.ByContentType, clue, "%s", a.contentType)
	return a.body, got
}

// fetch asks for a page, too, and reads what it gets, strictly.
func fetch(t *testing.T, url string, preferred format.Format) (families []*model.MetricFamily, got format.Format, fault error) {
	t.Helper()
	body, got := ask(t, url, preferred)
	families, fault = readStrictly(t, got, body)
	return families, got, fault
}

// outline is a page without its numbers: the families and the series, sorted.
func outline(families []*model.MetricFamily) []string {
	var list []string
	for _, f := range families {
		list = append(list, strings.Join([]string{"#", f.Name + f.Suffix, f.Type.String(), f.Help}, " "))
		for s := range f.Samples() {
			list = append(list, series(s.Name, s.Labels))
		}
	}
	slices.Sort(list)
	return list
}

// goPrograms are programs that expose metrics of their own with the Go client, and how to start them.
var goPrograms = map[string]func(t *testing.T) (url string){
	"prometheus": func(t *testing.T) string {
		return startPrometheus(t, installed(t, "prometheus", "prometheus"), nil).url
	},
	"pushgateway": func(t *testing.T) string { return startServer(t, "prometheus-pushgateway") },
	"node_exporter": func(t *testing.T) string { // with the collectors that find the same series at any time
		return startServer(t, "prometheus-node-exporter", "--collector.disable-defaults", "--collector.cpu", "--collector.filefd",
			"--collector.loadavg", "--collector.meminfo", "--collector.netstat", "--collector.stat", "--collector.uname", "--collector.vmstat")
	},
}

// startServer runs a program that is named like its package.
func startServer(t *testing.T, name string, args ...string) (url string) {
	t.Helper()
	address := freeAddresses(t, 1)[0]
	url = "http://" + address
	start(t, installed(t, name, name), append(args, "--web.listen-address="+address)...).awaitURL(t, url+"/metrics")
	return url
}

// TestGoProgramsAreReadInEveryFormat holds that we read the metrics of programs that use the Go client, and the same of
// them in every format that they serve.
func TestGoProgramsAreReadInEveryFormat(t *testing.T) {
	t.Parallel()
	for name, run := range goPrograms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := run(t) + "/metrics"
			read := func(preferred format.Format) []*model.MetricFamily {
				families, got, err := fetch(t, url, preferred)
				require.NoError(t, err)
				require.Equal(t, servedFor[preferred], got, "it answers as it did not before: read that, too")
				for _, f := range families {
					asProtobuf(f)
				}
				return families
			}
			read(format.Text) // some of them count their answers, from the first on
			want := outline(read(format.Text))
			for asked, answered := range servedFor {
				got := outline(read(asked))
				t.Logf("asked for %s, it answered as %s, %d families and series", asked, answered, len(got))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-as text +as %s):\n%s", answered, diff)
				}
			}
		})
	}
}

// servedFor is in what format they all answer who asks for one.
var servedFor = map[format.Format]format.Format{
	format.Text:        format.Text,
	format.OpenMetrics: format.Text, // promhttp does not offer OpenMetrics unless it is told to
	format.Protobuf:    format.Protobuf,
}

// TestPushgatewayKeepsOurFamilies holds that the Pushgateway takes our text and our protobuf, and that what it then
// exposes in either format is the same again.
func TestPushgatewayKeepsOurFamilies(t *testing.T) {
	t.Parallel()
	url := startServer(t, "prometheus-pushgateway")
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
var ofPush = []string{"push_time_seconds", "push_failure_time_seconds", "pushgateway_http_requests_total",
	"pushgateway_http_push_duration_seconds", "pushgateway_http_push_size_bytes"}

// pushQuirks are the known differences, by exposition.
var pushQuirks = quirks{
	"text/pages/prometheus-federate.txt":     {reason: "series that only differ in job and instance are the same in a group", says: "was collected before with the same name and label values"},
	"protobuf/pages/prometheus-federate.txt": {reason: "series that only differ in job and instance are the same in a group", says: "was collected before with the same name and label values"},

	"text/hand-made, got as text":     {reason: "its text has no sign of zero", missing: 1, added: 1},
	"protobuf/hand-made, got as text": {reason: "its text has no sign of zero", missing: 1, added: 1},

	"protobuf/gauge-histogram, got as text": {reason: "it cannot write a gauge histogram, and its text ends there", says: "the last line does not end in a line feed"},

	"text/gauge-histogram, got as text":     {reason: "in text the sum and count are gauges, and the histogram without them gets others", added: 2},
	"text/gauge-histogram, got as protobuf": {reason: "in text the sum and count are gauges, and the histogram without them gets others", added: 2},
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

// TestPythonIsRead holds that we read what the Python client serves, and find the same samples in it as its own parsers;
// and that its OpenMetrics is its text, with more in it.
func TestPythonIsRead(t *testing.T) {
	t.Parallel()
	installed(t, python, "python3-prometheus-client")
	address := freeAddresses(t, 1)[0]
	url := "http://" + address + "/metrics"
	start(t, python, "-c", exposeProgram, strconv.Itoa(port(t, address))).awaitURL(t, url)

	pages := make(map[format.Format]page)
	samples := make(map[format.Format][]model.Sample)
	for f, parser := range pythonParsers {
		body, got := ask(t, url, f)
		require.Equal(t, f, got)
		families, err := readStrictly(t, f, body)
		require.NoError(t, err)
		pages[f] = page{"python", families}
		for _, family := range families {
			samples[f] = slices.AppendSeq(samples[f], family.Samples())
		}
		require.NotEmpty(t, samples[f])
		found := parsePython(t, []*exposition{{format: f, body: body}})[0]
		require.Empty(t, found.Error)
		if d := compare(lines(samples[f], parser.line), nil, found.lines(t)); !d.isEmpty() {
			t.Errorf("%s: samples that we do not find:\n%s\nand that we find besides:\n%s", f, short(d.Added), short(d.Missing))
		}
		t.Logf("%s: %d samples compared", f, len(samples[f]))
	}

	if d := compare(lines(samples[format.Text], floatTime), nil, lines(samples[format.OpenMetrics], floatTime)); !d.isEmpty() {
		t.Errorf("samples in text alone:\n%s\nand in OpenMetrics alone:\n%s", short(d.Missing), short(d.Added))
	}
	asText := read(t, format.Text, expose(t, pages[format.OpenMetrics], format.Text, prommodel.UnderscoreEscaping).body)
	if diff := cmp.Diff(withoutTrailing(pages[format.Text].families), withoutTrailing(asText)); diff != "" {
		t.Errorf("(-text +OpenMetrics as text):\n%s", diff)
	}
	var exemplars []string
	for _, s := range samples[format.OpenMetrics] {
		if e := s.Exemplar; e != nil {
			require.True(t, e.Timestamp.Set)
			exemplars = append(exemplars, fmt.Sprint(series(s.Name, s.Labels), " ", e.Labels, " ", e.Value))
		}
	}
	require.Equal(t, []string{
		`orders_total{country="CH"} {trace_id="4bf92f3577b34da6"} 3`,
		`order_latency_seconds_bucket{le="0.1",step="pay"} {order="0"} 0.05`,
		`order_latency_seconds_bucket{le="1.0",step="pay"} {order="1"} 0.5`,
		`order_latency_seconds_bucket{le="1e+06",step="pay"} {order="2"} 5`,
		`order_latency_seconds_bucket{le="+Inf",step="pay"} {order="3"} 5e+06`,
	}, exemplars)
	var units []string
	for _, f := range pages[format.OpenMetrics].families {
		if f.Unit != "" {
			units = append(units, f.Name+" "+f.Unit)
		}
	}
	require.Equal(t, []string{"order_weight_grams grams"}, units)
}

// withoutTrailing is the outline of families in text, without the gauges into which the client and we put what is of
// OpenMetrics: it gives them help texts, and has some for times of creation.
func withoutTrailing(families []*model.MetricFamily) []string {
	trails := func(f *model.MetricFamily) bool {
		return slices.ContainsFunc([]string{"_created", "_gcount", "_gsum"}, func(suffix string) bool {
			return strings.HasSuffix(f.Name, suffix)
		})
	}
	return outline(slices.DeleteFunc(slices.Clone(families), trails))
}
