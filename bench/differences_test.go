package bench

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
)

// difference is a kind of lines of which the two are known to say different things.
type difference struct {
	reason string
	// example is a line of this kind and of no other.
	example string
	is      func(verdicts) bool
}

func isKnown(differences []difference, v verdicts) bool {
	return slices.ContainsFunc(differences, func(d difference) bool { return d.is(v) })
}

// weSay is a difference in which we report a rule between what matches the one pattern and what matches the other.
func weSay(rule diag.Rule, before, behind string) func(verdicts) bool {
	end, begin := regexp.MustCompile(before), regexp.MustCompile(behind)
	return func(v verdicts) bool {
		return v.ours.Rule == rule && end.MatchString(v.before()) && begin.MatchString(v.behind())
	}
}

// isLine is a difference in the lines that match.
func isLine(pattern string) func(verdicts) bool {
	line := regexp.MustCompile(pattern)
	return func(v verdicts) bool { return line.MatchString(v.line) }
}

// before and behind are the line up to the place of our error, and from there.
func (v verdicts) before() string { return v.line[:min(int(v.ours.Pos.Offset), len(v.line))] }
func (v verdicts) behind() string { return v.line[len(v.before()):] }

// leftToOthers are the differences in which we refuse what textparse accepts since it leaves it to who asks it.
var leftToOthers = []difference{
	{
		"a name is not empty; textparse does not look",
		"a{\"\"=\"x\"} 1\n",
		weSay(diag.EmptyName, `([{,]|^[ \t]*#[ \t]+(HELP|TYPE|UNIT)[ \t])[ \t]*$`, `^""`),
	},
	{
		"a series has no label twice; textparse gives both",
		"a{l=\"x\",l=\"y\"} 1\n",
		func(v verdicts) bool {
			names := labelNames(v.line)
			at := len(labelNames(v.before()))
			return v.ours.Rule == diag.DuplicateLabel && at < len(names) && slices.Contains(names[:at], names[at])
		},
	},
	{
		"a series has one name; textparse gives two",
		"a{__name__=\"b\"} 1\n",
		weSay(diag.NameLabel, `[{,][ \t]*$`, `^("__name__"|__name__[ \t]*=)`),
	},
	{
		"names and texts are UTF-8; textparse looks only at the values of labels",
		"{\"a\xff\"} 1\n",
		func(v verdicts) bool {
			r, width := utf8.DecodeRuneInString(v.behind())
			return v.ours.Rule == diag.InvalidUTF8 && r == utf8.RuneError && width == 1 && !inValue.MatchString(v.before())
		},
	},
}

// skippedNULs are defects in what textparse does with NULs.
var skippedNULs = []difference{
	{
		"a defect: textparse skips every NUL before the name in metadata",
		"# TYPE \x00\x00a gauge\n",
		weSay(diag.MetricName, `^[ \t]*#[ \t]+(HELP|TYPE|UNIT)[ \t]+$`, `^\x00`),
	},
	{
		"a defect: textparse skips every NUL behind the value of a label",
		"a{l=\"x\"\x00\x00,m=\"y\"} 1\n",
		weSay(diag.Syntax, `=[ \t]*"(\\.|[^"\\])*"$`, `^\x00`),
	},
}

// weRefuseOpenMetrics are the differences in which we refuse a line of OpenMetrics that textparse accepts.
var weRefuseOpenMetrics = slices.Concat(leftToOthers, skippedNULs, []difference{
	{
		"a defect: textparse takes a timestamp beyond its integers, and wraps it around",
		"a 1 1e300\n",
		func(v verdicts) bool {
			word, _, _ := strings.Cut(strings.TrimSuffix(v.behind(), "\n"), " ")
			seconds, err := strconv.ParseFloat(word, 64)
			return v.ours.Rule == diag.Timestamp && err == nil && (seconds >= 1<<63 || seconds < -1<<63)
		},
	},
})

// weRefuseText are the differences in which we refuse a line of text that textparse accepts.
var weRefuseText = slices.Concat(weRefuseSpelledOut, []difference{
	{
		"metadata may follow the # at once, which nobody means as a comment; to textparse it is one",
		"#HELP a-b x\n",
		func(v verdicts) bool { return gluedMetadata.MatchString(v.line) && isFaulty(v) },
	},
})

// isFaulty reports whether metadata that follow the # at once would have a fault with a blank there as well: textparse says
// so, or accepts it for a known reason.
func isFaulty(v verdicts) bool {
	spelledOut := *v.ours
	spelledOut.Pos.Offset++
	line := strings.Replace(v.line, "#", "# ", 1)
	_, err := ingested([]byte(line))
	return err != nil || isKnown(weRefuseSpelledOut, verdicts{line: line, ours: &spelledOut})
}

var weRefuseSpelledOut = slices.Concat(leftToOthers, skippedNULs, []difference{
	{
		"labels have a comma between them; textparse does without",
		"a{l=\"x\" m=\"y\"} 1\n",
		weSay(diag.Syntax, `=[ \t]*"(\\.|[^"\\])*"[ \t]*$`, `^["a-zA-Z_]`),
	},
	{
		"a defect: textparse drops the character behind a name in metadata, whatever it is",
		"# TYPE a-counter\n",
		func(v verdicts) bool {
			return (v.ours.Rule == diag.MetricName || v.ours.Rule == diag.Syntax) &&
				metadataName.MatchString(v.before()) && !strings.ContainsAny(v.behind()[:1], " \t\n")
		},
	},
	{
		"a blank stands between name and value; to textparse a name ends where something stands that is no part of one",
		"a-1\n",
		weSay(diag.MetricName, `^[ \t]*[a-zA-Z_:][a-zA-Z_:0-9]*$`, `^[-+.]`),
	},
	{
		"a NUL is no end; to textparse it is one where a line begins, and in most comments",
		"\x00\n",
		hasEndingNUL,
	},
})

// theyRefuse are the differences in which textparse refuses what we accept without a word.
var theyRefuse = []difference{
	{
		"a timestamp may have a sign; textparse takes digits only",
		"a 1 -5\n",
		isLine(`^[ \t]*([^ \t{]+[ \t]|[^ \t{]*[ \t]*\{([^"}]|"(\\.|[^"\\])*")*\})[ \t]*[^ \t]+[ \t]+[-+]\d+[ \t]*\n$`),
	},
	{
		"a name in quotes may hold any character; textparse takes no NUL",
		"{\"a\x00\"} 1\n",
		isLine(nameWithNUL),
	},
	{
		"a defect: textparse skips a NUL behind a keyword, or before a name in metadata, and misses what it then expects",
		"# TYPE\x00 \n",
		isLine(`^[ \t]*#[^\n]*\x00`),
	},
}

// readOtherwise are the differences in which both accept a line and find different samples.
var readOtherwise = []difference{
	{
		"blanks may stand before a name; to textparse they are a part of it",
		" a 1\n",
		isLine(`^[ \t]+[^ \t#]`),
	},
	{
		"a defect: textparse takes a NUL for the end of the input, and says nothing of all that follows",
		"#\x00\na 1\n",
		func(v verdicts) bool { return endingNUL.MatchString(v.line) },
	},
}

const (
	// nameWithNUL has a string with a NUL that is not the value of a label.
	nameWithNUL = `^([^"=]|=[ \t]*"(\\.|[^"\\])*"|"(\\.|[^"\\\x00])*")*"(\\.|[^"\\\x00])*\x00`
)

var (
	endingNUL     = regexp.MustCompile(`^[ \t]*(#[^\n]*)?\x00`)
	metadata      = regexp.MustCompile(`^[ \t]*#[ \t]+(HELP|TYPE)[ \t]`)
	gluedMetadata = regexp.MustCompile(`^[ \t]*#(HELP|TYPE)[ \t]`)
	metadataName  = regexp.MustCompile(`^[ \t]*#[ \t]+(HELP|TYPE)[ \t]+("(\\.|[^"\\])*"|[a-zA-Z_:][a-zA-Z_:0-9]*)$`)
	inValue       = regexp.MustCompile(`=[ \t]*"(\\.|[^"\\])*$`)
	labelAndValue = regexp.MustCompile(`("(?:\\.|[^"\\])*"|[a-zA-Z_][a-zA-Z_0-9]*)[ \t]*=[ \t]*"(?:\\.|[^"\\])*"`)
)

// hasEndingNUL reports whether a line has a NUL where it begins, or in a comment that is no metadata.
func hasEndingNUL(v verdicts) bool {
	return endingNUL.MatchString(v.line) && !metadata.MatchString(v.line)
}

// labelNames are the names of the labels in a piece of a line, as they are meant.
func labelNames(line string) (names []string) {
	for _, m := range labelAndValue.FindAllStringSubmatch(line, -1) {
		names = append(names, unescape.Replace(strings.Trim(m[1], `"`)))
	}
	return names
}

var unescape = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n")

// TestKnownDifferencesToTextparse holds that each known difference still occurs, in its example and there alone.
func TestKnownDifferencesToTextparse(t *testing.T) {
	weRefuse := func(differences []difference, in dialect) {
		for _, d := range differences {
			v := in.verdictsOn(t, d.example)
			require.NoError(t, v.theirs, d.reason)
			require.NotNil(t, v.ours, d.reason)
			requireAlone(t, differences, d, v)
		}
	}
	weRefuse(weRefuseText, prometheusText)
	weRefuse(weRefuseOpenMetrics, openMetrics)
	for _, d := range theyRefuse {
		v := prometheusText.verdictsOn(t, d.example)
		require.Error(t, v.theirs, d.reason)
		require.True(t, v.fine, d.reason)
		requireAlone(t, theyRefuse, d, v)
	}
	for _, d := range readOtherwise {
		samples, err := ingested([]byte(d.example))
		require.NoError(t, err)
		families, err := convert.Collect(convert.NewStringDecoder(d.example).Families())
		require.NoError(t, err)
		require.NotEqual(t, samples, found(families), d.reason)
		first, _, _ := strings.Cut(d.example, "\n")
		requireAlone(t, readOtherwise, d, verdicts{line: first + "\n"})
	}
}

// requireAlone holds that what was said of an example is the difference that it is the example of, and no other.
func requireAlone(t *testing.T, differences []difference, d difference, v verdicts) {
	t.Helper()
	for _, other := range differences {
		require.Equal(t, other.reason == d.reason, other.is(v), "%q: %s", d.example, other.reason)
	}
}
