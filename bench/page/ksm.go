package page

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
)

// seriesPerFamily times the families below is 50,000 series.
const seriesPerFamily = 2000

// podFamilies are the families: name, type and help, and the values of the label that differ within a pod.
var podFamilies = []struct {
	name, kind, help string
	label, values    string
}{
	{"kube_pod_info", "gauge", "What is known of the pod.", "host_network", "false"},
	{"kube_pod_created", "gauge", "When the pod was created.", "priority_class", "standard"},
	{"kube_pod_start_time", "gauge", "When the pod was started.", "priority_class", "standard"},
	{"kube_pod_owner", "gauge", "Who owns the pod.", "owner_kind", "ReplicaSet"},
	{"kube_pod_ips", "gauge", "The addresses of the pod.", "ip_family", "4 6"},
	{"kube_pod_restart_policy", "gauge", "What happens when the pod ends.", "type", "Always OnFailure"},
	{"kube_pod_status_phase", "gauge", "The phase that the pod is in.", "phase", "Pending Succeeded Failed Unknown Running"},
	{"kube_pod_status_ready", "gauge", "Whether the pod serves requests.", "condition", "true false unknown"},
	{"kube_pod_status_scheduled", "gauge", "Whether the pod has a node.", "condition", "true false unknown"},
	{"kube_pod_status_reason", "gauge", "Why the pod is as it is.", "reason", "Evicted NodeAffinity NodeLost Shutdown UnexpectedAdmissionError"},
	{"kube_pod_status_qos_class", "gauge", "The class of service of the pod.", "qos_class", "BestEffort Burstable Guaranteed"},
	{"kube_pod_tolerations", "gauge", "The taints that the pod tolerates.", "effect", "NoExecute NoSchedule"},
	{"kube_pod_container_info", "gauge", "What is known of the container.", "image_tag", "v1.29.3"},
	{"kube_pod_container_state_started", "gauge", "When the container was started.", "state", "running"},
	{"kube_pod_container_status_ready", "gauge", "Whether the container passes its probe.", "probe", "readiness"},
	{"kube_pod_container_status_running", "gauge", "Whether the container runs.", "state", "running"},
	{"kube_pod_container_status_restarts_total", "counter", "How often the container was restarted.", "state", "running"},
	{"kube_pod_container_status_waiting_reason", "gauge", "Why the container waits.", "reason", "ContainerCreating CrashLoopBackOff ErrImagePull ImagePullBackOff"},
	{"kube_pod_container_status_terminated_reason", "gauge", "Why the container ended.", "reason", "Completed ContainerCannotRun Error Evicted OOMKilled"},
	{"kube_pod_container_status_last_terminated_exitcode", "gauge", "How the container ended last.", "signal", "none"},
	{"kube_pod_container_resource_requests", "gauge", "What the container asks for.", "resource", "cpu memory ephemeral_storage"},
	{"kube_pod_container_resource_limits", "gauge", "What the container may use.", "resource", "cpu memory ephemeral_storage"},
	{"kube_pod_init_container_status_ready", "gauge", "Whether the first container is done.", "state", "terminated"},
	{"kube_pod_init_container_status_restarts_total", "counter", "How often the first container was restarted.", "state", "terminated"},
	{"kube_pod_spec_volumes_readonly", "gauge", "Whether the volume is read only.", "volume", "config data secrets"},
}

var (
	namespaces = strings.Fields("kube-system ingress monitoring payments search checkout analytics")
	apps       = strings.Fields("billing checkout coredns fraud gateway inventory ledger notifier search session")
	// podLetters are those that make the random parts of the names of pods.
	podLetters = []byte("bcdfghjklmnpqrstvwxz2456789")
)

// pod is what the labels of a pod's series say, as names and values in turn.
type pod []string

func kubeFamilies(r *rand.Rand) []family {
	pods := make([]pod, seriesPerFamily)
	for i := range pods {
		pods[i] = newPod(r)
	}
	var families []family
	for _, f := range podFamilies {
		values := strings.Fields(f.values)
		families = append(families, family{f.name, f.kind, f.help, func(t *text) {
			value := t.podValue(f.name)
			var labels []string
			for i := range seriesPerFamily {
				labels = append(append(labels[:0], pods[i/len(values)]...), f.label, values[i%len(values)])
				t.sample("", value(), labels...)
			}
		}})
	}
	return families
}

func newPod(r *rand.Rand) pod {
	app := pick(r, apps)
	name := fmt.Sprintf("%s-%s-%s", app, letters(r, 10), letters(r, 5))
	return pod{
		"namespace", pick(r, namespaces), "pod", name, "uid", uid(r), "container", app,
		"node", fmt.Sprintf("ip-10-%d-%d-%d", r.IntN(4), r.IntN(256), r.IntN(256)),
	}
}

func letters(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = pick(r, podLetters)
	}
	return string(b)
}

func uid(r *rand.Rand) string {
	var b [16]byte
	for i := range b {
		b[i] = byte(r.UintN(256))
	}
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// podValue makes the values of the family of that name.
func (t *text) podValue(name string) func() float64 {
	switch {
	case strings.HasSuffix(name, "_created"), strings.HasSuffix(name, "_started"), strings.HasSuffix(name, "_time"):
		return func() float64 { return 1.7e9 + float64(t.UintN(1e7)) }
	case strings.Contains(name, "_resource_"):
		return t.bytes
	case strings.HasSuffix(name, "_total"):
		return t.number
	case strings.HasSuffix(name, "_info"), strings.HasSuffix(name, "_owner"):
		return t.one
	}
	return t.flag
}
