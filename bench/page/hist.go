package page

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// histogramCount is how many histograms the page has.
const histogramCount = 1923

var (
	latencyBounds = strings.Fields("0.005 0.025 0.05 0.1 0.2 0.4 0.6 0.8 1 1.25 1.5 2 3 4 5 6 8 10 15 20 30 45 60 +Inf")
	sizeBounds    = strings.Fields("1 2 4 8 16 32 64 128 256 512 1024 2048 4096 8192 16384 32768 65536 131072 262144 524288 " +
		"1.048576e+06 2.097152e+06 4.194304e+06 +Inf")
)

// requestHistograms are the families: name, help and bounds.
var requestHistograms = []struct {
	name, help string
	bounds     []string
}{
	{"apiserver_request_duration_seconds", "Time from the first byte of a request to the last of its response.", latencyBounds},
	{"apiserver_sli_duration_seconds", "Time of a request without that spent in webhooks.", latencyBounds},
	{"apiserver_slo_duration_seconds", "Time of a request that counts towards the objective.", latencyBounds},
	{"apiserver_response_sizes", "Size of a response in bytes.", sizeBounds},
	{"apiserver_request_body_size_bytes", "Size of the body of a request in bytes.", sizeBounds},
	{"apiserver_watch_events_sizes", "Size of a watch event in bytes.", sizeBounds},
	{"apiserver_wait_duration_seconds", "Time that a request waited in its queue.", latencyBounds},
	{"apiserver_admission_duration_seconds", "Time of all admission plugins of one kind together.", latencyBounds},
	{"apiserver_webhook_duration_seconds", "Time of one admission webhook.", latencyBounds},
	{"apiserver_storage_latency_seconds", "Time of one operation of the storage.", latencyBounds},
	{"apiserver_authorization_duration_seconds", "Time to decide whether a request is allowed.", latencyBounds},
	{"apiserver_transformation_duration_seconds", "Time to encrypt or decrypt one object.", latencyBounds},
}

var (
	verbs = strings.Fields("APPLY CREATE DELETE GET LIST PATCH UPDATE WATCH")
	// apiResources are resources as group/version/resource/subresource.
	apiResources = strings.Fields("/v1/pods/ /v1/pods/status /v1/pods/binding /v1/nodes/ /v1/nodes/status " +
		"/v1/services/ /v1/endpoints/ /v1/configmaps/ /v1/secrets/ /v1/events/ " +
		"/v1/volumes/ apps/v1/deployments/ apps/v1/deployments/scale apps/v1/replicasets/status " +
		"apps/v1/statefulsets/ batch/v1/cronjobs/ batch/v1/jobs/status autoscaling/v2/scales/ " +
		"coordination.k8s.io/v1/leases/ discovery.k8s.io/v1/endpointslices/ " +
		"networking.k8s.io/v1/ingresses/ policy/v1/evictions/")
)

func histogramFamilies(*rand.Rand) []family {
	var families []family
	for i, h := range requestHistograms {
		begin := histogramCount * i / len(requestHistograms)
		end := histogramCount * (i + 1) / len(requestHistograms)
		families = append(families, family{h.name, "histogram", h.help, func(t *text) {
			for i := range end - begin {
				t.histogram(0, h.bounds, 50, requestLabels(i)...)
			}
		}})
	}
	return families
}

// requestLabels are the eight labels of the i-th kind of request.
func requestLabels(i int) []string {
	resource := strings.Split(apiResources[i%len(apiResources)], "/")
	dryRun := ""
	if i%7 == 3 {
		dryRun = "All"
	}
	return []string{
		"component", "apiserver", "dry_run", dryRun, "group", resource[0], "resource", resource[2],
		"scope", "cluster", "subresource", resource[3], "verb", verbs[i/len(apiResources)%len(verbs)],
		"version", resource[1],
	}
}

// histogram writes the samples of one histogram, into each bucket of which fall at most that many observations.
func (t *text) histogram(timestamp int64, bounds []string, perBucket uint64, labels ...string) {
	var count, sum float64
	labels = append(labels, "le", "")
	for _, bound := range bounds {
		n := float64(t.Uint64N(perBucket + 1))
		count += n
		if upper, _ := strconv.ParseFloat(bound, 64); bound != "+Inf" {
			sum += n * upper
		}
		labels[len(labels)-1] = bound
		t.sampleAt(timestamp, "_bucket", count, labels...)
	}
	labels = labels[:len(labels)-2]
	t.sampleAt(timestamp, "_sum", sum, labels...)
	t.sampleAt(timestamp, "_count", count, labels...)
}
