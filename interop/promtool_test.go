//go:build interop

package interop

import (
	"bytes"
	"os/exec"
	"testing"
	"time"

	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
)

// The ways in which "promtool check metrics" ends.
const (
	promtoolGood    = 0
	promtoolRefuses = 1 // the text cannot be parsed
	promtoolLints   = 3 // it can, and there is advice about names, help texts and the like
)

// TestPromtoolAcceptsOurText holds that promtool can parse the text of all pages.
func TestPromtoolAcceptsOurText(t *testing.T) {
	t.Parallel()
	binary := installed(t, "promtool", "prometheus")
	ends := make(map[int]int)
	outcomes := make(map[string]outcome)
	for _, p := range append(corpusPages(t), handMade(t, time.Now()), handMadeNative(t)) {
		command := exec.CommandContext(t.Context(), binary, "check", "metrics")
		command.Stdin = bytes.NewReader(expose(t, p, format.Text, prommodel.UnderscoreEscaping).body)
		words, err := command.CombinedOutput()
		end := command.ProcessState.ExitCode()
		ends[end]++
		o := outcome{}
		switch end {
		case promtoolGood, promtoolLints:
		case promtoolRefuses:
			o.message = string(words)
		default:
			require.NoError(t, err, "%s: %s", p.name, words)
		}
		outcomes[p.name] = o
	}
	promtoolQuirks.hold(t, outcomes)
	t.Logf("without a word: %d pages; with advice: %d; refused: %d", ends[promtoolGood], ends[promtoolLints], ends[promtoolRefuses])
}

// promtoolQuirks are the pages that promtool refuses.
var promtoolQuirks = quirks{
	"invalid/bucket-le-word.txt":        {reason: "a bound that is no number is kept as it was", says: "expected float as value for 'le' label"},
	"invalid/summary-quantile-word.txt": {reason: "a quantile that is no number is kept as it was", says: "expected float as value for 'quantile' label"},
}
