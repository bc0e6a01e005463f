//go:build interop

package interop

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

//go:embed testdata/whisper.py
var whisperProgram string

// TestCarbonStoresOurLines holds that carbon takes the lines of all samples, and stores the values of those that are
// finite, be the labels in the path or in tags.
func TestCarbonStoresOurLines(t *testing.T) {
	t.Parallel()
	binary := installed(t, "carbon-cache", "graphite-carbon")
	now := time.Now().Truncate(time.Second)
	p := handMade(t, now)
	stamp := writer.GraphiteTime(func(model.Timestamp) time.Time { return now })
	inPath := expose(t, p, format.Graphite, prommodel.NoEscaping, stamp, writer.GraphitePrefix("interop.path"))
	inTags := expose(t, p, format.Graphite, prommodel.NoEscaping, stamp, writer.GraphitePrefix("interop.tags"), writer.GraphiteTags())
	sent := string(inPath.body) + string(inTags.body)

	want := make(map[string]string)
	var paths []string
	for l := range strings.Lines(sent) {
		fields := strings.Fields(l)
		require.Len(t, fields, 3, "%q", l)
		want[fields[0]] = number(parseFloat(t, fields[1]))
		paths = append(paths, fields[0])
	}
	finite := 0
	for _, f := range p.families {
		for s := range f.Samples() {
			if !strings.HasSuffix(s.Name, "_created") && !math.IsNaN(s.Value) && !math.IsInf(s.Value, 0) {
				finite++
			}
		}
	}
	require.Len(t, want, 2*finite, "lines of different paths")

	receiver, directory := startCarbon(t, binary)
	connection, err := net.Dial("tcp", receiver.address)
	require.NoError(t, err)
	_, err = connection.Write([]byte(sent))
	require.NoError(t, err)
	require.NoError(t, connection.Close())

	var stored map[string]string
	receiver.await(t, "carbon to store all values", func() bool {
		arguments := append([]string{"-c", whisperProgram, directory, strconv.FormatInt(now.Unix(), 10)}, paths...)
		output, err := exec.CommandContext(t.Context(), python, arguments...).Output()
		if err != nil {
			return false // a file may be half written
		}
		stored = nil
		require.NoError(t, json.Unmarshal(output, &stored))
		return len(stored) == len(want)
	})
	for path, value := range stored {
		stored[path] = number(parseFloat(t, value))
	}
	if diff := cmp.Diff(want, stored); diff != "" {
		t.Errorf("(-sent +stored):\n%s", diff)
	}
	t.Logf("%d values compared", len(stored))
}

// carbon is a carbon-cache that runs, with the address of its receiver of lines.
type carbon struct {
	*program
	address string
}

// startCarbon runs a carbon-cache, and gives the directory of its metrics as well.
func startCarbon(t *testing.T, binary string) (receiver carbon, directory string) {
	t.Helper()
	directory = t.TempDir()
	addresses := freeAddresses(t, 3)
	config := fmt.Sprintf(`[cache]
STORAGE_DIR = %[1]s
CONF_DIR = %[1]s
LOG_DIR = %[1]s
PID_DIR = %[1]s
LOCAL_DATA_DIR = %[1]s/whisper
USER =
LINE_RECEIVER_INTERFACE = 127.0.0.1
LINE_RECEIVER_PORT = %[2]d
PICKLE_RECEIVER_INTERFACE = 127.0.0.1
PICKLE_RECEIVER_PORT = %[3]d
CACHE_QUERY_INTERFACE = 127.0.0.1
CACHE_QUERY_PORT = %[4]d
MAX_CREATES_PER_MINUTE = inf
MAX_UPDATES_PER_SECOND = inf
ENABLE_TAGS = False
`, directory, port(t, addresses[0]), port(t, addresses[1]), port(t, addresses[2]))
	schemas := "[all]\npattern = .*\nretentions = 1s:10m\n"
	file := filepath.Join(directory, "carbon.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "storage-schemas.conf"), []byte(schemas), 0o600))

	receiver = carbon{start(t, binary, "--config="+file, "--nodaemon", "start"), addresses[0]}
	receiver.await(t, "the receiver of lines", func() bool {
		connection, err := net.Dial("tcp", receiver.address)
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	})
	return receiver, filepath.Join(directory, "whisper")
}
