#!/usr/bin/env bash
# Captures the pages of corpus/pages anew from real programs, packages of Debian 12:
#
#   apt-get install --no-install-recommends curl iproute2 prometheus prometheus-alertmanager \
#       prometheus-node-exporter prometheus-pushgateway python3-prometheus-client victoria-metrics
#
# The programs run in namespaces of their own (unshare of util-linux, no root needed): with a loopback interface where
# every port is free, with the host name "example", and with their files in a file system in memory. So nothing of the
# machine shows in the pages but its hardware, and when the script ends, in whatever way, the kernel ends the programs
# and drops the files with the namespaces. Pages are written only when all of them were captured.
set -eu

cd "$(dirname "$0")"
if [ "${1-}" != --inside ]; then
	exec unshare --user --map-root-user --uts --net --mount --pid --fork --kill-child --mount-proc ./capture.sh --inside
fi
trap 'exit 130' INT TERM

programs="prometheus prometheus-alertmanager prometheus-node-exporter prometheus-pushgateway victoria-metrics"
python=/usr/bin/python3 # Debian's own, which sees Debian's packages
for program in curl ip $programs; do
	command -v "$program" >/dev/null || { echo "capture.sh: $program is not installed" >&2; exit 1; }
done
$python -c 'import prometheus_client' || { echo "capture.sh: python3-prometheus-client is not installed" >&2; exit 1; }

hostname example
ip link set lo up
mount -t sysfs sysfs /sys # the one that was there shows the network devices of the machine
mount -t tmpfs tmpfs /mnt
mkdir /mnt/pages /mnt/log /mnt/textfile /mnt/udev

node=127.0.0.1:9100
gateway=127.0.0.1:9091
alertmanager=127.0.0.1:9093
prometheus=127.0.0.1:9090
victoria=127.0.0.1:8428
client=127.0.0.1:8000

# start LOGNAME COMMAND... runs a program in the background.
start() {
	local log=/mnt/log/$1
	shift
	"$@" >"$log" 2>&1 &
}

get() { curl --silent --show-error --fail --max-time 10 "$@"; }

# await WHAT COMMAND... tries the command until it succeeds, for half a minute, and shows the logs if it never does.
await() {
	local what=$1
	shift
	for _ in $(seq 150); do
		if "$@" >/dev/null 2>&1; then return; fi
		sleep 0.2
	done
	echo "capture.sh: waited in vain for $what" >&2
	tail -n 5 /mnt/log/* >&2
	exit 1
}

# depersonalise takes the version of the kernel and the names of the disks out of a page, for which the node exporter has
# no option. It needs text; the protobuf page is captured without the collectors concerned.
depersonalise() {
	sed -E -i -e '/^node_uname_info/s/release="[^"]*"(.*)version="[^"]*"/release="6.1.0"\1version="#1 SMP"/' \
		-e '/^node_filesystem/s/device="[^"]*"/device="\/dev\/sda1"/' \
		-e '/^node_disk/s/device="x?vd([a-z]+)"/device="sd\1"/' "$1"
}

# capture NAME URL [ACCEPT] fetches one page.
capture() {
	get --globoff --header "Accept: ${3-text/plain;version=0.0.4}" --output "/mnt/pages/$1" "http://$2"
}

cat >/mnt/alertmanager.yml <<'END'
route: {receiver: nobody}
receivers: [{name: nobody}]
END

cat >/mnt/prometheus.yml <<END
global: {scrape_interval: 1s, evaluation_interval: 1s}
alerting: {alertmanagers: [{static_configs: [{targets: ["$alertmanager"]}]}]}
rule_files: [/mnt/rules.yml]
scrape_configs:
  - {job_name: prometheus, static_configs: [{targets: ["$prometheus"]}]}
  - {job_name: node, static_configs: [{targets: ["$node"]}]}
  - {job_name: alertmanager, static_configs: [{targets: ["$alertmanager"]}]}
  - {job_name: pushgateway, honor_labels: true, static_configs: [{targets: ["$gateway"]}]}
END

cat >/mnt/rules.yml <<'END'
groups:
  - name: example
    rules:
      - {record: "job:up:sum", expr: "sum by (job) (up)"}
      - {alert: Always, expr: "vector(1)", labels: {severity: info}}
END

cat >/mnt/textfile/backup.prom <<'END'
# HELP backup_last_success_timestamp_seconds When the last backup succeeded.
# TYPE backup_last_success_timestamp_seconds gauge
backup_last_success_timestamp_seconds{target="home"} 1.7e+09
END

# A program of the Python client with every type of metric, among them those that only OpenMetrics knows.
cat >/mnt/client.py <<'END'
import sys, time
from prometheus_client import Counter, Enum, Gauge, Histogram, Info, Summary, start_http_server

orders = Counter("orders", "Orders by country.", ["country"])
orders.labels("CH").inc(3, exemplar={"trace_id": "4bf92f3577b34da6"})
orders.labels("ÅX").inc()
Gauge("stock_level", "Pieces in stock.\nBackslash: \\.", ["article"]).labels('3/4" pipe, {\\}').set(-0.5)
latency = Histogram("order_latency_seconds", "Time an order takes.", ["country", "step"], buckets=(0.1, 1, 10))
for i, seconds in enumerate((0.05, 0.5, 5, 50)):
    latency.labels("CH", "pay").observe(seconds, exemplar={"order": str(i)})
size = Summary("order_size_bytes", "Size of an order.")
size.observe(512)
Info("shop", "What the shop runs.").info({"version": "1.2.3", "edition": "example"})
Enum("shop_state", "What the shop does.", states=["open", "closed"]).state("closed")

host, port = sys.argv[1].split(":")
start_http_server(int(port), host)
time.sleep(3600)
END

# Only the root file system and whole disks, no udev data and no collectors of serial numbers; of the network the loopback
# interface, which is the only one here.
start node-exporter prometheus-node-exporter --web.listen-address="$node" \
	--collector.filesystem.mount-points-exclude='^/.+' --collector.netdev.device-exclude='^$' \
	--collector.diskstats.device-exclude='^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$' --path.udev.data=/mnt/udev \
	--no-collector.dmi --no-collector.nvme --collector.textfile.directory=/mnt/textfile
start pushgateway prometheus-pushgateway --web.listen-address="$gateway"
start alertmanager prometheus-alertmanager --config.file=/mnt/alertmanager.yml --web.listen-address="$alertmanager" \
	--cluster.listen-address= --storage.path=/mnt/alertmanager
start prometheus prometheus --config.file=/mnt/prometheus.yml --web.listen-address="$prometheus" \
	--storage.tsdb.path=/mnt/prometheus
start victoria-metrics victoria-metrics -httpListenAddr="$victoria" -storageDataPath=/mnt/victoria-metrics
start python-client $python /mnt/client.py "$client"

await "the node exporter" get "http://$node/metrics"
await "the pushgateway" get "http://$gateway/-/ready"
await "the alertmanager" get "http://$alertmanager/-/ready"
await "prometheus" get "http://$prometheus/-/ready"
await "victoria-metrics" get "http://$victoria/health"
await "the Python client" get "http://$client/metrics"

push() { get --data-binary @- "http://$gateway/metrics/$1"; }

push job/backup/target/home <<'END'
# HELP backup_duration_seconds How long the last backup took.
# TYPE backup_duration_seconds gauge
backup_duration_seconds 42.5
# HELP backup_bytes_total Bytes written so far.
# TYPE backup_bytes_total counter
backup_bytes_total{kind="full"} 1.234567e+09
backup_bytes_total{kind="incremental"} 98304
backup_note{text="\"quoted\", with a \\ and a\nsecond line"} 1
END

push job/report/instance@base64/L3Nydi9yZXBvcnQ <<'END'
# HELP report_page_seconds Time a page of the report took.
# TYPE report_page_seconds histogram
report_page_seconds_bucket{le="0.1"} 3
report_page_seconds_bucket{le="1"} 7
report_page_seconds_bucket{le="+Inf"} 8
report_page_seconds_sum 4.75
report_page_seconds_count 8
# HELP report_query_seconds Time a query of the report took.
# TYPE report_query_seconds summary
report_query_seconds{quantile="0.5"} 0.02
report_query_seconds{quantile="0.99"} NaN
report_query_seconds_sum 1.5
report_query_seconds_count 60
END

get --data-binary @- "http://$victoria/api/v1/import/prometheus" <<'END'
temperature_celsius{room="kitchen"} 21.5
temperature_celsius{room="cellar"} 12
END

# Two scrapes and a few queries, so that the histograms and summaries of the servers have something to tell.
query() { get --get --data-urlencode "query=$2" "http://$1/api/v1/query"; }
scraped() { query "$prometheus" 'count(prometheus_target_interval_length_seconds_count > 2)' | grep -q '"value"'; }
await "the first scrapes" scraped
for expression in 'rate(node_cpu_seconds_total[10s])' 'topk(3, up)' 'histogram_quantile(0.9, report_page_seconds_bucket)'; do
	query "$prometheus" "$expression" >/dev/null
	query "$victoria" "$expression" >/dev/null
done

openmetrics='application/openmetrics-text;version=1.0.0'
protobuf='application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited'
collectors='collect[]=cpu&collect[]=loadavg&collect[]=meminfo&collect[]=netstat&collect[]=textfile&collect[]=vmstat'

# Of these versions only the Python client speaks OpenMetrics.
capture node-exporter.txt "$node/metrics"
capture node-exporter.pb "$node/metrics?$collectors" "$protobuf"
capture pushgateway.txt "$gateway/metrics"
capture alertmanager.txt "$alertmanager/metrics"
capture prometheus.txt "$prometheus/metrics"
capture prometheus.pb "$prometheus/metrics" "$protobuf"
capture prometheus-federate.txt "$prometheus/federate?match[]={job=~\"pushgateway|prometheus\",__name__!~\"go_.*\"}"
capture victoria-metrics.txt "$victoria/metrics"
capture python-client.txt "$client/metrics"
capture python-client.openmetrics.txt "$client/metrics" "$openmetrics"
depersonalise /mnt/pages/node-exporter.txt

cp /mnt/pages/* pages/
for package in $programs python3-prometheus-client; do
	version=$(dpkg-query --showformat '${Version}' --show "$package")
	sed -i -E "/^- .pages\//s/\b$package [0-9][^ ,]*/$package $version/" PROVENANCE.md
done
ls -l pages
