package page

import (
	"math/rand/v2"
	"strings"
)

// group is a set of families that differ in a word of their name only.
type group struct {
	// name and help hold the word where they have a *.
	name, kind, help string
	words            string
	// series are the label sets, as names and values in turn; none is one series without labels.
	series [][]string
	value  func(*text) float64
}

// by is a label set for each of the values of a label.
func by(label, values string) [][]string {
	var series [][]string
	for value := range strings.FieldsSeq(values) {
		series = append(series, []string{label, value})
	}
	return series
}

// cross is every label set of a with every one of b.
func cross(a, b [][]string) [][]string {
	var series [][]string
	for _, x := range a {
		for _, y := range b {
			series = append(series, append(append([]string(nil), x...), y...))
		}
	}
	return series
}

var (
	cpus       = by("cpu", "0 1")
	disks      = by("device", "vda zram0")
	interfaces = by("device", "eth0 ifb0 ifb1 lo")
	links      = by("device", "eth0 ifb0 lo")
	mounts     = [][]string{{"device", "/dev/vda", "fstype", "ext4", "mountpoint", "/"}}
	collectors = by("collector", "arp bcache bonding btrfs conntrack cpu cpufreq diskstats dmi edac entropy "+
		"fibrechannel filefd filesystem hwmon infiniband ipvs loadavg mdadm meminfo netclass netdev netstat nfs "+
		"nfsd nvme os powersupplyclass pressure rapl schedstat selinux sockstat softnet stat tapestats textfile "+
		"thermal_zone time timex udp_queues uname vmstat watchdog xfs zfs")
)

// nodeGroups are the families in the order of the page, which is that of their names.
var nodeGroups = []group{
	{"go_gc_duration_seconds", "summary", "How long the collector of garbage halts the program.", "", nil, nil},
	{"go_goroutines", "gauge", "Goroutines that exist now.", "", nil, (*text).number},
	{"go_info", "gauge", "The version of Go.", "", [][]string{{"version", "go1.26.0"}}, (*text).one},
	{"go_memstats_*_bytes", "gauge", "The runtime's *.",
		"alloc buck_hash_sys gc_sys heap_alloc heap_idle heap_inuse heap_released heap_sys last_gc mcache_inuse " +
			"mcache_sys mspan_inuse mspan_sys next_gc other_sys stack_inuse stack_sys sys", nil, (*text).bytes},
	{"go_memstats_*_total", "counter", "Sum that the runtime keeps of *.", "alloc_bytes frees lookups mallocs", nil, (*text).count},
	{"go_threads", "gauge", "Threads that the runtime has made.", "", nil, (*text).number},
	{"node_arp_entries", "gauge", "Neighbours that are known.", "", by("device", "eth0 ifb0"), (*text).number},
	{"node_boot_time_seconds", "gauge", "When the machine was started.", "", nil, (*text).instant},
	{"node_context_switches_total", "counter", "Switches from one task to another.", "", nil, (*text).count},
	{"node_cooling_device_*_state", "gauge", "The * state of the cooling device.", "cur max",
		[][]string{{"name", "0", "type", "Processor"}}, (*text).number},
	{"node_cpu_guest_seconds_total", "counter", "Seconds that each processor spent in guests, by mode.", "",
		cross(cpus, by("mode", "nice user")), (*text).seconds},
	{"node_cpu_seconds_total", "counter", "Seconds that each processor spent in each mode.", "",
		cross(cpus, by("mode", "idle iowait irq nice softirq steal system user")), (*text).seconds},
	{"node_disk_*_total", "counter", "Sum of the disk's *.",
		"discard_time_seconds discarded_sectors discards_completed discards_merged flush_requests " +
			"flush_requests_time_seconds io_time_seconds io_time_weighted_seconds read_bytes read_time_seconds " +
			"reads_completed reads_merged write_time_seconds writes_completed writes_merged written_bytes",
		disks, (*text).seconds},
	{"node_disk_io_now", "gauge", "Requests that the disk is busy with.", "", disks, (*text).number},
	{"node_dmi_info", "gauge", "What the firmware says of the machine.", "",
		[][]string{{"bios_vendor", "SeaBIOS", "bios_version", "1.16.3", "product_name", "Standard PC", "system_vendor", "QEMU"}},
		(*text).one},
	{"node_entropy_*_bits", "gauge", "Bits of randomness, *.", "available pool_size", nil, (*text).number},
	{"node_exporter_build_info", "gauge", "How the program was built.", "",
		[][]string{{"branch", "HEAD", "goversion", "go1.26.0", "revision", "d0c1e2b", "version", "1.9.1"}}, (*text).one},
	{"node_filefd_*", "gauge", "File descriptors, *.", "allocated maximum", nil, (*text).count},
	{"node_filesystem_*", "gauge", "What the file system says of its *.",
		"avail_bytes device_error files files_free free_bytes readonly size_bytes", mounts, (*text).bytes},
	{"node_forks_total", "counter", "Processes that were forked.", "", nil, (*text).count},
	{"node_intr_total", "counter", "Interrupts that were served.", "", nil, (*text).count},
	{"node_load*", "gauge", "Tasks that want to run, averaged over * minutes.", "1 15 5", nil, (*text).latency},
	{"node_memory_*_bytes", "gauge", "The kernel's *.",
		"Active Active_anon Active_file AnonHugePages AnonPages Bounce Buffers Cached CommitLimit Committed_AS " +
			"DirectMap1G DirectMap2M DirectMap4k Dirty FileHugePages FilePmdMapped HardwareCorrupted Hugepagesize " +
			"Inactive Inactive_anon Inactive_file KReclaimable KernelStack Mapped MemAvailable MemFree MemTotal " +
			"Mlocked NFS_Unstable PageTables Percpu SReclaimable SUnreclaim SecPageTables Shmem ShmemHugePages " +
			"ShmemPmdMapped Slab SwapCached SwapFree SwapTotal Unevictable VmallocChunk VmallocTotal VmallocUsed " +
			"Writeback WritebackTmp Zswap Zswapped", nil, (*text).bytes},
	{"node_netstat_*", "untyped", "Statistic * of the network.",
		"Icmp6_InErrors Icmp6_InMsgs Icmp6_OutMsgs Icmp_InErrors Icmp_InMsgs Icmp_OutMsgs Ip6_InOctets Ip6_OutOctets " +
			"IpExt_InOctets IpExt_OutOctets Ip_Forwarding TcpExt_ListenDrops TcpExt_ListenOverflows " +
			"TcpExt_SyncookiesFailed TcpExt_SyncookiesRecv TcpExt_SyncookiesSent TcpExt_TCPOFOQueue " +
			"TcpExt_TCPRcvQDrop TcpExt_TCPSynRetrans TcpExt_TCPTimeouts Tcp_ActiveOpens Tcp_CurrEstab Tcp_InErrs " +
			"Tcp_InSegs Tcp_OutRsts Tcp_OutSegs Tcp_PassiveOpens Tcp_RetransSegs Udp6_InDatagrams Udp6_InErrors " +
			"Udp6_NoPorts Udp6_OutDatagrams UdpLite6_InErrors UdpLite_InErrors Udp_InDatagrams Udp_InErrors " +
			"Udp_NoPorts Udp_OutDatagrams", nil, (*text).count},
	{"node_network_*", "gauge", "The interface's *.",
		"address_assign_type carrier carrier_changes_total carrier_down_changes_total carrier_up_changes_total " +
			"device_id dormant flags iface_id iface_link iface_link_mode mtu_bytes net_dev_group protocol_type " +
			"transmit_queue_length up", interfaces, (*text).number},
	{"node_network_receive_*_total", "counter", "Sum of the * that came in.",
		"bytes compressed drop errs fifo frame multicast packets", links, (*text).count},
	{"node_network_transmit_*_total", "counter", "Sum of the * that went out.",
		"bytes carrier colls compressed drop errs fifo packets", links, (*text).count},
	{"node_nf_conntrack_*", "gauge", "Tracked connections, *.",
		"entries entries_limit stat_drop stat_early_drop stat_found stat_ignore stat_insert stat_insert_failed " +
			"stat_invalid stat_search_restart", nil, (*text).count},
	{"node_os_info", "gauge", "The name and version of the system.", "",
		[][]string{{"id", "debian", "id_like", "", "name", "Debian GNU/Linux", "version", "13 (trixie)", "version_id", "13"}},
		(*text).one},
	{"node_pressure_*_seconds_total", "counter", "Seconds that tasks had to wait, *.",
		"cpu_waiting io_stalled io_waiting memory_stalled memory_waiting", nil, (*text).seconds},
	{"node_procs_*", "gauge", "Processes that are *.", "blocked running", nil, (*text).number},
	{"node_schedstat_*_total", "counter", "Sum that the scheduler keeps of *.", "running_seconds timeslices waiting_seconds",
		cpus, (*text).seconds},
	{"node_scrape_collector_duration_seconds", "gauge", "How long the collector took.", "", collectors, (*text).latency},
	{"node_scrape_collector_success", "gauge", "Whether the collector succeeded.", "", collectors, (*text).flag},
	{"node_selinux_enabled", "gauge", "Whether SELinux is on.", "", nil, (*text).flag},
	{"node_sockstat_*", "gauge", "Sockets counted as *.",
		"FRAG6_inuse FRAG6_memory FRAG_inuse FRAG_memory RAW6_inuse RAW_inuse TCP6_inuse TCP_alloc TCP_inuse TCP_mem " +
			"TCP_mem_bytes TCP_orphan TCP_tw UDP6_inuse UDPLITE6_inuse UDPLITE_inuse UDP_inuse UDP_mem " +
			"UDP_mem_bytes sockets_used", nil, (*text).number},
	{"node_softnet_*_total", "counter", "Packets of the network that were *.", "dropped processed times_squeezed", cpus, (*text).count},
	{"node_textfile_scrape_error", "gauge", "Whether a file of metrics could not be read.", "", nil, (*text).flag},
	{"node_time_seconds", "gauge", "The time of the machine.", "", nil, (*text).instant},
	{"node_timex_*", "gauge", "The kernel clock's *.",
		"estimated_error_seconds frequency_adjustment_ratio loop_time_constant maxerror_seconds offset_seconds " +
			"pps_calibration_total pps_error_total pps_frequency_hertz pps_jitter_seconds pps_jitter_total " +
			"pps_shift_seconds pps_stability_exceeded_total pps_stability_hertz status sync_status tai_offset_seconds " +
			"tick_seconds", nil, (*text).latency},
	{"node_udp_queues", "gauge", "Bytes that wait in the queues of UDP.", "", cross(by("queue", "rx tx"), by("ip", "v4 v6")), (*text).number},
	{"node_uname_info", "gauge", "What uname says.", "",
		[][]string{{"domainname", "(none)", "machine", "x86_64", "nodename", "bench", "release", "6.12.41",
			"sysname", "Linux", "version", "#1 SMP PREEMPT_DYNAMIC"}}, (*text).one},
	{"node_vmstat_*", "untyped", "Value * of the statistics of virtual memory.",
		"oom_kill pgfault pgmajfault pgpgin pgpgout pswpin pswpout", nil, (*text).count},
	{"node_xfs_*_total", "counter", "Sum of the file system's *.",
		"block_map_btree_compares block_map_btree_lookups block_mapping_reads block_mapping_writes " +
			"directory_operation_create directory_operation_lookup extent_allocation_blocks_allocated " +
			"inode_operation_attempts inode_operation_found read_calls write_calls",
		by("device", "vda"), (*text).count},
	{"process_cpu_seconds_total", "counter", "Seconds of processor time of this process.", "", nil, (*text).seconds},
	{"process_*", "gauge", "What the kernel says of this process and its *.",
		"max_fds open_fds resident_memory_bytes start_time_seconds virtual_memory_bytes virtual_memory_max_bytes", nil, (*text).bytes},
	{"promhttp_metric_handler_errors_total", "counter", "Errors of the handler, by cause.", "",
		by("cause", "encoding gathering"), (*text).number},
	{"promhttp_metric_handler_requests_in_flight", "gauge", "Requests that the handler is busy with.", "", nil, (*text).one},
	{"promhttp_metric_handler_requests_total", "counter", "Requests that the handler has answered, by code.", "",
		by("code", "200 500 503"), (*text).count},
}

func nodeFamilies(*rand.Rand) []family {
	var families []family
	for _, g := range nodeGroups {
		words := strings.Fields(g.words)
		if len(words) == 0 {
			words = []string{""}
		}
		for _, word := range words {
			families = append(families, family{
				strings.ReplaceAll(g.name, "*", word), g.kind, strings.ReplaceAll(g.help, "*", word), g.samples,
			})
		}
	}
	return families
}

func (g group) samples(t *text) {
	if g.kind == "summary" {
		t.summary(0, nil)
		return
	}
	if g.series == nil {
		t.sample("", g.value(t))
	}
	for _, labels := range g.series {
		t.sample("", g.value(t), labels...)
	}
}
