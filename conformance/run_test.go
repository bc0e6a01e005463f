//go:build !windows

package conformance

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
)

// The files of the tests: one that must be accepted, one that must be refused, and one with which a parser may do either.
const (
	good   = "valid/untyped.txt"
	bad    = "invalid/value-word.txt"
	either = "invalid/crlf.txt"
)

func selected(t *testing.T, words ...string) []corpus.File {
	t.Helper()
	files, err := Select(words)
	require.NoError(t, err)
	return files
}

func TestOutcomes(t *testing.T) {
	const badWords = `4:28: expected a value, found "one" [number]`
	outcomes := func(results ...Result) []Result { return results }
	accepts := Result{File: good, Format: "text", Outcome: Accepted}
	refuses := Result{File: bad, Format: "text", Outcome: Refused}
	tests := []struct {
		sentence string
		command  string
		options  Options
		want     []Result
	}{
		{
			"a parser that accepts everything", "true", Options{},
			outcomes(accepts,
				Result{File: either, Format: "text", Outcome: Lenient},
				Result{File: bad, Format: "text", Outcome: WronglyAccepted, Rule: "number", Reason: badWords}),
		},
		{
			"a parser that refuses everything", "echo a reason >&2; echo the last line >&2; exit 3", Options{},
			outcomes(Result{File: good, Format: "text", Outcome: WronglyRefused, Reason: "status 3: the last line"},
				Result{File: either, Format: "text", Outcome: ByTheLetter}, refuses),
		},
		{
			"what may be refused must be accepted by default", "false", Options{Verdict: Default},
			outcomes(Result{File: good, Format: "text", Outcome: WronglyRefused, Reason: "status 1"},
				Result{File: either, Format: "text", Outcome: WronglyRefused, Reason: "status 1"}, refuses),
		},
		{
			"what may be accepted must be refused when strict", "true", Options{Verdict: Strict},
			outcomes(accepts,
				Result{File: either, Format: "text", Outcome: WronglyAccepted, Rule: "carriage-return", Reason: "1:43: the line ends in CR LF [carriage-return]"},
				Result{File: bad, Format: "text", Outcome: WronglyAccepted, Rule: "number", Reason: badWords}),
		},
		{
			"families are compared where a file must be accepted", "echo '[]'", Options{Compare: Families},
			outcomes(Result{
				File: good, Format: "text", Outcome: FamiliesDiffer,
				Reason: "family load is missing; family rain is missing; family wind is missing",
			},
				Result{File: either, Format: "text", Outcome: Lenient},
				Result{File: bad, Format: "text", Outcome: WronglyAccepted, Rule: "number", Reason: badWords}),
		},
		{
			"a signal is no verdict", "kill -9 $$", Options{},
			outcomes(Result{File: good, Format: "text", Outcome: NoVerdict, Reason: "it was ended by a signal: status -1"},
				Result{File: either, Format: "text", Outcome: NoVerdict, Reason: "it was ended by a signal: status -1"},
				Result{File: bad, Format: "text", Outcome: NoVerdict, Reason: "it was ended by a signal: status -1"}),
		},
		{
			"a status that a shell gives where a signal ended a command is no verdict", "exit 137", Options{},
			outcomes(Result{File: good, Format: "text", Outcome: NoVerdict, Reason: "it was ended by a signal: status 137"},
				Result{File: either, Format: "text", Outcome: NoVerdict, Reason: "it was ended by a signal: status 137"},
				Result{File: bad, Format: "text", Outcome: NoVerdict, Reason: "it was ended by a signal: status 137"}),
		},
		{
			"a status that no signal has refuses", "exit 255", Options{},
			outcomes(Result{File: good, Format: "text", Outcome: WronglyRefused, Reason: "status 255"},
				Result{File: either, Format: "text", Outcome: ByTheLetter}, refuses),
		},
		{
			"the exposition is on standard input", "grep -q ' one$' && exit 1; exit 0", Options{},
			outcomes(accepts, Result{File: either, Format: "text", Outcome: Lenient}, refuses),
		},
		{
			"the exposition is in a file", "! grep -q ' one$' {file} && test ! -s /dev/null", Options{},
			outcomes(accepts, Result{File: either, Format: "text", Outcome: Lenient}, refuses),
		},
		{
			"format and content type are told",
			`test {format}${PROMFMT_FORMAT} = texttext && test {content-type} = "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8" &&
			test "$(basename {file})" != value-word.txt`, Options{},
			outcomes(accepts, Result{File: either, Format: "text", Outcome: Lenient}, refuses),
		},
		{
			"what a command leaves running does not matter", "sleep 3 & exit 0", Options{Compare: None},
			outcomes(accepts,
				Result{File: either, Format: "text", Outcome: Lenient},
				Result{File: bad, Format: "text", Outcome: WronglyAccepted, Rule: "number", Reason: badWords}),
		},
	}
	for _, test := range tests {
		t.Run(test.sentence, func(t *testing.T) {
			t.Parallel()
			o := test.options
			if o.Verdict == "" {
				o.Verdict = Both
			}
			if o.Compare == "" {
				o.Compare = None
			}
			var done atomic.Int32
			o.Parallel, o.Timeout, o.Done = 3, time.Minute, func() { done.Add(1) }
			files := append(selected(t, good), append(selected(t, either), selected(t, bad)...)...)
			report, err := Run(t.Context(), test.command, files, o)
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(test.want, report.Results))
			require.EqualValues(t, len(files), done.Load())
		})
	}
}

func TestCommandThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	mark := filepath.Join(t.TempDir(), "mark")
	command := "(sleep 1; echo alive >'" + mark + "') | cat; sleep 60"
	report, err := Run(t.Context(), command, selected(t, good), Options{Verdict: Both, Compare: Families, Timeout: 100 * time.Millisecond})
	require.NoError(t, err)
	require.Equal(t, []Result{{File: good, Format: "text", Outcome: NoVerdict, Reason: "it was not done after 100ms"}}, report.Results)
	require.Less(t, time.Since(begin), 20*time.Second)
	time.Sleep(max(0, 1500*time.Millisecond-time.Since(begin)))
	require.NoFileExists(t, mark, "what the command began has ended with it")
}

func TestWhatACommandLeavesRunningIsEnded(t *testing.T) {
	for name, command := range map[string]string{
		"with its output open":   "(sleep 2; echo alive >'MARK') & exit 0",
		"with its output closed": "(sleep 2; echo alive >'MARK') >/dev/null 2>&1 & exit 0",
		"and fails":              "(sleep 2; echo alive >'MARK') >/dev/null 2>&1 & exit 1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			mark := filepath.Join(t.TempDir(), "mark")
			_, err := Run(t.Context(), strings.ReplaceAll(command, "MARK", mark), selected(t, good), Options{Verdict: Both, Compare: None})
			require.NoError(t, err)
			time.Sleep(max(0, 2500*time.Millisecond-time.Since(begin)))
			require.NoFileExists(t, mark)
		})
	}
}

func TestNoMoreCommandsRunThanThereAreFiles(t *testing.T) {
	before := runtime.NumGoroutine()
	most := 0
	_, err := Run(t.Context(), "true", selected(t, good), Options{
		Verdict: Both, Compare: None, Parallel: 1000, Done: func() { most = runtime.NumGoroutine() - before },
	})
	require.NoError(t, err)
	require.Less(t, most, 100)
}

func TestStatusesOfSignals(t *testing.T) {
	for status, want := range map[int]bool{-1: true, 1: false, 128: false, 129: true, 137: true, 192: true, 193: false, 255: false} {
		require.Equal(t, want, isSignal(status), status)
	}
}

func TestCommandThatCannotBeRun(t *testing.T) {
	for _, command := range []string{"there-is-no-such-command", "/"} {
		_, err := Run(t.Context(), command, selected(t, "valid"), Options{Verdict: Both, Compare: None, Parallel: 2})
		require.ErrorContains(t, err, "the command cannot be run: ", command)
	}
}

func TestRunIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	_, err := Run(ctx, "sleep 60", selected(t, "valid"), Options{
		Verdict: Both, Compare: None, Parallel: 2, Timeout: 50 * time.Millisecond, Done: func() { cancel(enough) },
	})
	require.Equal(t, enough, err)
}

func TestNothingIsLeftBehind(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	_, err := Run(t.Context(), "true", selected(t, "regress"), Options{Verdict: Both, Compare: None, Parallel: 2})
	require.NoError(t, err)
	entries, err := os.ReadDir(os.TempDir())
	require.NoError(t, err)
	require.Empty(t, entries)
}

// TestExpectedFamiliesAgree has a command print what is expected.
func TestExpectedFamiliesAgree(t *testing.T) {
	here, err := os.Getwd()
	require.NoError(t, err)
	dir := filepath.Join(filepath.Dir(here), "corpus")
	command := `name={file}; cat '` + dir + `'"/valid/$(basename "$name").json" | sed -n '/^"families"/,$p' | sed -e '1s/.*/[/' -e '$d'`
	report, err := Run(t.Context(), command, selected(t, "valid/histogram.txt", good), Options{Verdict: Both, Compare: Families})
	require.NoError(t, err)
	require.Empty(t, report.Differences())
}

func TestLongOutputIsCut(t *testing.T) {
	begin := beginning{most: 5}
	end := ending{most: 12}
	for _, text := range []string{"abc", "def", strings.Repeat("x", 20), "\n", "last \xff\n \n"} {
		for _, w := range []interface{ Write([]byte) (int, error) }{&begin, &end} {
			n, err := w.Write([]byte(text))
			require.NoError(t, err)
			require.Equal(t, len(text), n)
		}
	}
	require.Equal(t, "abcde", string(begin.kept))
	require.Equal(t, "last \uFFFD", end.lastLine())
	require.Empty(t, (&ending{}).lastLine())
}
