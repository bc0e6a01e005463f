//go:build interop

package interop

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// scraped are the formats that Prometheus is given.
var scraped = []format.Format{format.Text, format.Text1, format.OpenMetrics, format.Protobuf}

// expositionLabel tells the samples of one target from those of the others. The other labels of a target, which a sample
// gets unless it has them, end in ofTarget.
const (
	expositionLabel = "exposition_under_test"
	ofTarget        = " of the target"
)

// TestPrometheusStoresOurExpositions holds that Prometheus scrapes all pages in all formats without an error, and stores
// the same series, values and timestamps.
func TestPrometheusStoresOurExpositions(t *testing.T) {
	t.Parallel()
	binary := installed(t, "prometheus", "prometheus")
	now := time.Now()
	stamped := []page{handMade(t, now), handMadeNative(t)}
	expositions := make(map[string]*exposition)
	jobs := map[string][]target{}
	server := newServer(t)
	add := func(job string, p page, f format.Format, scheme prommodel.EscapingScheme) {
		e := expose(t, p, f, scheme)
		expositions[e.name()] = e
		jobs[job] = append(jobs[job], server.target(e))
	}
	pages := corpusPages(t)
	for _, f := range scraped {
		for _, p := range pages {
			// Their timestamps are too old to be stored.
			add("pages", p, f, prommodel.UnderscoreEscaping)
		}
		for _, p := range stamped {
			add("stamped", p, f, prommodel.UnderscoreEscaping)
		}
		if f != format.Text {
			add("stamped", stamped[0], f, prommodel.NoEscaping)
		}
	}

	p := startPrometheus(t, binary, jobs)
	p.awaitScrapes(t, len(expositions))
	server.logRequests(t)

	errs := p.scrapeErrors(t)
	outcomes := make(map[string]outcome)
	var compared, unsure, stamps, exemplars int
	for _, name := range slices.Sorted(maps.Keys(expositions)) {
		e := expositions[name]
		o := outcome{message: errs[name]}
		if o.message == "" {
			required, allowed := e.expected(asStored[e.format]...)
			found := p.stored(t, name)
			want, got := firstOfSeries(lines(required, line)), distinct(lines(found, line))
			compared += len(want)
			unsure += len(allowed)
			o.difference = compare(want, lines(allowed, line), got)
			if slices.ContainsFunc(stamped, func(p page) bool { return p.name == e.page.name }) {
				stamps += sameStamps(t, name, required, found)
				exemplars += p.sameExemplars(t, name, required)
			}
		}
		outcomes[name] = o
	}
	outcomes["federated"] = p.federated(t, expositions["text/hand-made"])
	scrapeQuirks.hold(t, outcomes)
	t.Logf("%d expositions, %d refused; %d series, %d timestamps and %d exemplars compared, and %d series of families with losses",
		len(expositions), len(errs), compared, stamps, exemplars, unsure)

	want := map[string]storedHistogram{
		"whole": {Count: "10", Sum: "20", Buckets: [][4]any{
			{1.0, "-2", "-1", "2"}, {3.0, "-0.25", "0.25", "1"}, {0.0, "0.5", "1", "4"}, {0.0, "1", "2", "1"}, {0.0, "8", "16", "2"},
		}},
		"float": {Count: "2.75", Sum: "-1.5", Buckets: [][4]any{
			{3.0, "-0.25", "0.25", "0.25"}, {0.0, "0.25", "1", "1.5"}, {0.0, "1", "4", "1"},
		}},
		"both": {Count: "3", Sum: "6", Buckets: [][4]any{{0.0, "0.5", "1", "1"}, {0.0, "2", "4", "2"}}},
	}
	if diff := cmp.Diff(want, p.histograms(t, "protobuf/hand-made-native")); diff != "" {
		t.Errorf("native histograms (-exposed +stored):\n%s", diff)
	}
}

// asStored is what Prometheus makes of families besides, by format.
var asStored = map[format.Format][]func(*model.MetricFamily){format.Protobuf: {dropSuffixes}}

// dropSuffixes is what it makes of a gauge histogram, whose series get no suffixes, so that there is none for the sum: its
// series is that of the count, which comes first.
func dropSuffixes(f *model.MetricFamily) {
	if f.Type != model.GaugeHistogram {
		return
	}
	f.Type = model.Gauge
	metrics := f.Metrics
	f.Metrics = nil
	for _, m := range metrics {
		f.Metrics = append(f.Metrics, model.Metric{Labels: m.Labels, Value: m.Histogram().Count, Timestamp: m.Timestamp})
		for i, b := range m.Histogram().Buckets {
			ls := m.Labels.With("le", m.Histogram().BoundTexts[i])
			f.Metrics = append(f.Metrics, model.Metric{Labels: ls, Value: b.Count, Timestamp: m.Timestamp})
		}
	}
}

// Differences of several expositions.
var (
	noSign        = quirk{reason: "a timestamp has no sign", says: "expected timestamp or new record"}
	upIsItsOwn    = quirk{reason: "up is the name of its own series", missing: 1}
	noFloatCounts = "it knows no counts of classic histograms that are floats"
)

// scrapeQuirks are the known differences, by exposition.
var scrapeQuirks = quirks{
	"utf-8/text1/hand-made":       {reason: "it knows no quoted names", says: "expected metric name after HELP"},
	"utf-8/openmetrics/hand-made": {reason: "it knows no quoted names", says: "expected metric name after TYPE"},
	"utf-8/protobuf/hand-made":    {reason: "it knows no names of UTF-8", says: "invalid metric name: shop.temperature"},

	"text/valid/timestamps.txt":                            noSign,
	"text1/valid/timestamps.txt":                           noSign,
	"text/openmetrics/valid/timestamp-in-every-form.txt":   noSign,
	"text1/openmetrics/valid/timestamp-in-every-form.txt":  noSign,
	"text/openmetrics/valid/timestamps-rise.txt":           noSign,
	"text1/openmetrics/valid/timestamps-rise.txt":          noSign,
	"text/openmetrics2/valid/timestamp-in-every-form.txt":  noSign,
	"text1/openmetrics2/valid/timestamp-in-every-form.txt": noSign,

	"text/valid/no-metadata.txt":        upIsItsOwn,
	"text1/valid/no-metadata.txt":       upIsItsOwn,
	"openmetrics/valid/no-metadata.txt": upIsItsOwn,
	"protobuf/valid/no-metadata.txt":    upIsItsOwn,

	"federated": {reason: "what is federated has no sign of zero", missing: 1, added: 1},

	"protobuf/invalid/histogram-count-fraction.txt":             {reason: noFloatCounts, missing: 4, added: 4},
	"protobuf/openmetrics2/valid/sum-of-histogram-negative.txt": {reason: noFloatCounts, missing: 3, added: 3},

	// What is no native histogram to it has a count, a sum and a bucket +Inf.
	"protobuf/openmetrics2/valid/fields-of-a-histogram.txt": {reason: "the first histogram of a family tells what all are", added: 14},
	"protobuf/openmetrics2/valid/schemas-at-the-ends.txt":   {reason: "it knows no span of nothing", added: 6},
	"protobuf/openmetrics2/valid/composite-values.txt":      {reason: "it knows no span of nothing", added: 2},
}

// distinct are the lines of all scrapes, each once.
func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// sameStamps holds that the samples that have a timestamp are stored with it, and gives how many there are.
func sameStamps(t *testing.T, name string, want, stored []model.Sample) int {
	t.Helper()
	withStamp := func(s model.Sample) string {
		ms, _ := s.Timestamp.Millis()
		return line(s) + " @" + strconv.FormatInt(ms, 10)
	}
	want = slices.DeleteFunc(slices.Clone(want), func(s model.Sample) bool { return !s.Timestamp.Set })
	isStamped := make(map[string]bool)
	for _, s := range want {
		isStamped[series(s.Name, s.Labels)] = true
	}
	stored = slices.DeleteFunc(slices.Clone(stored), func(s model.Sample) bool { return !isStamped[series(s.Name, s.Labels)] })
	if d := compare(lines(want, withStamp), nil, distinct(lines(stored, withStamp))); !d.isEmpty() {
		t.Errorf("%s: samples with timestamps are missing:\n%s\nand there are besides:\n%s", name, short(d.Missing), short(d.Added))
	}
	return len(want)
}

// firstOfSeries are the lines without those whose series has come before: Prometheus keeps the first value at a time.
func firstOfSeries(list []string) []string {
	seen := make(map[string]bool)
	return slices.DeleteFunc(list, func(l string) bool {
		name := l[:strings.LastIndexByte(l, ' ')]
		defer func() { seen[name] = true }()
		return seen[name]
	})
}

// target is what a configuration of Prometheus says of a target.
type target struct {
	Targets []string          `json:"targets"`
	Labels  map[string]string `json:"labels"`
}

const acceptIs = "\nAccept: "

// expositionServer serves expositions, and notes who asks for what.
type expositionServer struct {
	*httptest.Server
	mux      *http.ServeMux
	mu       sync.Mutex
	requests map[string]int // by user agent and Accept header
}

func newServer(t *testing.T) *expositionServer {
	t.Helper()
	mux := http.NewServeMux()
	s := &expositionServer{mux: mux, requests: make(map[string]int)}
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// target serves an exposition and is the target that Prometheus gets it from.
func (s *expositionServer) target(e *exposition) target {
	path := "/" + e.name()
	s.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests[r.UserAgent()+acceptIs+r.Header.Get("Accept")]++
		s.mu.Unlock()
		w.Header().Set("Content-Type", e.contentType())
		_, _ = w.Write(e.body)
	})
	return target{
		Targets: []string{strings.TrimPrefix(s.URL, "http://")},
		Labels:  map[string]string{"__metrics_path__": path, expositionLabel: e.name(), "instance": "instance" + ofTarget},
	}
}

func (s *expositionServer) logRequests(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for r, n := range s.requests {
		_, accept, _ := strings.Cut(r, acceptIs)
		choice, acceptable := format.Negotiate(accept, scraped...)
		require.True(t, acceptable)
		require.Equal(t, format.Protobuf, choice.Format, "what a Prometheus that knows native histograms likes best")
		t.Logf("%d requests of %s\nwould be answered as %s", n, r, choice.ContentType)
	}
}

// prometheus is a Prometheus that runs.
type prometheus struct {
	*program
	url string
}

// startPrometheus runs a Prometheus with these targets. The timestamps of the job "stamped" are honoured.
func startPrometheus(t *testing.T, binary string, jobs map[string][]target) *prometheus {
	t.Helper()
	var scrapes []map[string]any
	for name, targets := range jobs {
		scrapes = append(scrapes, map[string]any{
			"job_name": name + ofTarget, "honor_labels": true, "honor_timestamps": name == "stamped", "static_configs": targets,
		})
	}
	config, err := json.Marshal(map[string]any{ // JSON is YAML
		"global":         map[string]string{"scrape_interval": "2s", "scrape_timeout": "2s"},
		"scrape_configs": scrapes,
	})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "prometheus.yml")
	require.NoError(t, os.WriteFile(file, config, 0o600))

	address := freeAddresses(t, 1)[0]
	p := &prometheus{url: "http://" + address, program: start(t, binary, "--config.file="+file, "--web.listen-address="+address,
		"--storage.tsdb.path="+t.TempDir(), "--enable-feature=exemplar-storage,native-histograms")}
	p.awaitURL(t, p.url+"/-/ready")
	return p
}

// ask decodes the data of an answer of the API.
func (p *prometheus) ask(t *testing.T, endpoint string, parameters url.Values, data any) {
	t.Helper()
	a := get(t, p.url+"/api/v1/"+endpoint+"?"+parameters.Encode(), nil)
	require.NoError(t, json.Unmarshal(a.body, &struct{ Data any }{data}), "%s", a.body)
}

// awaitScrapes returns when n targets have been scraped and what came has been stored.
func (p *prometheus) awaitScrapes(t *testing.T, n int) {
	t.Helper()
	query := url.Values{"query": {fmt.Sprintf(`count(count by (%[1]s) (up{%[1]s!=""}))`, expositionLabel)}}
	p.await(t, "all scrapes", func() bool {
		var up struct{ Result []struct{ Value [2]any } }
		p.ask(t, "query", query, &up)
		if len(up.Result) != 1 || up.Result[0].Value[1] != strconv.Itoa(n) {
			return false
		}
		for _, message := range p.scrapeErrors(t) {
			if strings.Contains(message, "deadline exceeded") { // the machine is busy
				return false
			}
		}
		return true
	})
}

// scrapeErrors are the errors of the scrapes that failed, by exposition.
func (p *prometheus) scrapeErrors(t *testing.T) map[string]string {
	t.Helper()
	var targets struct {
		ActiveTargets []struct {
			Labels            map[string]string
			Health, LastError string
		}
	}
	p.ask(t, "targets", nil, &targets)
	errs := make(map[string]string)
	for _, target := range targets.ActiveTargets {
		if target.Health != "up" || target.LastError != "" {
			errs[target.Labels[expositionLabel]] = target.Health + ": " + target.LastError
		}
	}
	return errs
}

// ofScrape are the series that Prometheus itself adds to those of a target.
var ofScrape = []string{"up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling",
	"scrape_series_added"}

// stored are the samples that Prometheus has stored of an exposition, of every scrape that there was.
func (p *prometheus) stored(t *testing.T, exposition string) []model.Sample {
	t.Helper()
	var matrix struct {
		Result []struct {
			Metric map[string]string
			Values [][2]any
		}
	}
	p.ask(t, "query", url.Values{"query": {fmt.Sprintf("{%s=%q}[5m]", expositionLabel, exposition)}}, &matrix)
	var stored []model.Sample
	for _, r := range matrix.Result {
		name, labels := ownLabels(r.Metric)
		if labels.IsEmpty() && slices.Contains(ofScrape, name) {
			continue
		}
		for _, v := range r.Values {
			value := parseFloat(t, v[1].(string))
			stored = append(stored, model.Sample{Name: name, Labels: labels, Value: value, Timestamp: timestamp(v[0].(float64))})
		}
	}
	return stored
}

// timestamp is a time in seconds, as the API has it, to the millisecond.
func timestamp(seconds float64) model.Timestamp {
	return model.TimestampFromMillis(int64(math.Round(seconds * 1000)))
}

// sameExemplars holds that Prometheus has stored the exemplars of samples, if the format has any, and gives how many.
func (p *prometheus) sameExemplars(t *testing.T, exposition string, samples []model.Sample) int {
	t.Helper()
	exemplarLine := func(s model.Sample) string {
		ms, _ := s.Exemplar.Timestamp.Millis()
		return fmt.Sprintf("%s # %s %s @%d", series(s.Name, s.Labels), s.Exemplar.Labels.Sorted(), number(s.Exemplar.Value), ms)
	}
	var answer []struct {
		SeriesLabels map[string]string
		Exemplars    []struct {
			Labels    map[string]string
			Value     string
			Timestamp float64
		}
	}
	now := time.Now()
	p.ask(t, "query_exemplars", url.Values{
		"query": {fmt.Sprintf("{%s=%q}", expositionLabel, exposition)},
		"start": {now.Add(-time.Hour).Format(time.RFC3339)}, "end": {now.Add(time.Hour).Format(time.RFC3339)},
	}, &answer)
	var found []model.Sample
	for _, a := range answer {
		name, labels := ownLabels(a.SeriesLabels)
		for _, e := range a.Exemplars {
			value := parseFloat(t, e.Value)
			found = append(found, model.Sample{Name: name, Labels: labels, Exemplar: &model.Exemplar{
				Labels: labelsOf(e.Labels), Value: value, Timestamp: timestamp(e.Timestamp),
			}})
		}
	}
	var want []model.Sample
	if hasExemplars := strings.HasPrefix(exposition, "openmetrics/") || strings.HasPrefix(exposition, "protobuf/"); hasExemplars {
		want = slices.DeleteFunc(slices.Clone(samples), func(s model.Sample) bool { return s.Exemplar == nil })
	}
	if d := compare(lines(want, exemplarLine), nil, lines(found, exemplarLine)); !d.isEmpty() {
		t.Errorf("%s: exemplars are missing:\n%s\nand there are besides:\n%s", exposition, short(d.Missing), short(d.Added))
	}
	return len(want)
}

// federated is what we read of what Prometheus federates of an exposition.
func (p *prometheus) federated(t *testing.T, e *exposition) outcome {
	t.Helper()
	match := url.Values{"match[]": {fmt.Sprintf("{%s=%q}", expositionLabel, e.name())}}
	families, _, err := fetch(t, p.url+"/federate?"+match.Encode(), format.Text)
	require.NoError(t, err)
	var found []model.Sample
	for _, f := range families {
		for s := range f.Samples() {
			if s.Name, s.Labels = ownLabels(s.Labels.With("__name__", s.Name).Map()); !slices.Contains(ofScrape, s.Name) {
				found = append(found, s)
			}
		}
	}
	required, _ := e.expected()
	sameStamps(t, "federated", required, found)
	return outcome{difference: compare(lines(required, line), nil, lines(found, line))}
}

// storedHistogram is a native histogram as the API has it: a bucket is a rule for its bounds, the bounds and a count.
type storedHistogram struct {
	Count, Sum string
	Buckets    [][4]any
}

// histograms are the native histograms of an exposition, by their label kind.
func (p *prometheus) histograms(t *testing.T, exposition string) map[string]storedHistogram {
	t.Helper()
	var vector struct {
		Result []struct {
			Metric    map[string]string
			Histogram []json.RawMessage
		}
	}
	p.ask(t, "query", url.Values{"query": {fmt.Sprintf("native_seconds{%s=%q}", expositionLabel, exposition)}}, &vector)
	stored := make(map[string]storedHistogram)
	for _, r := range vector.Result {
		require.Len(t, r.Histogram, 2, "%s", r.Metric)
		var h storedHistogram
		require.NoError(t, json.Unmarshal(r.Histogram[1], &h))
		stored[r.Metric["kind"]] = h
	}
	return stored
}

// ownLabels are the name and labels of a series without those of its target.
func ownLabels(metric map[string]string) (name string, labels model.Labels) {
	own := maps.Clone(metric)
	maps.DeleteFunc(own, func(label, value string) bool {
		return label == "__name__" || label == expositionLabel || (label == "job" || label == "instance") && strings.HasSuffix(value, ofTarget)
	})
	return metric["__name__"], labelsOf(own)
}

func labelsOf(labels map[string]string) model.Labels {
	var list []model.Label
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		list = append(list, model.Label{Name: name, Value: labels[name]})
	}
	return model.LabelsOf(list...)
}
