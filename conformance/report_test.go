package conformance

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

var someReport = Report{
	Command: "parser <{file}", Verdict: Both, Compare: Families,
	Results: []Result{
		{File: "valid/a.txt", Format: "text", Outcome: Accepted},
		{File: "valid/b.txt", Format: "text", Outcome: FamiliesDiffer, Reason: "family b is missing"},
		{File: "invalid/c.txt", Format: "text", Outcome: Refused},
		{File: "invalid/d.txt", Format: "text", Outcome: WronglyAccepted, Rule: "number", Reason: "1:3: no number [number]"},
		{File: "invalid/e.openmetrics.txt", Format: "openmetrics", Outcome: ByTheLetter},
	},
}

func TestReportAsText(t *testing.T) {
	const table = `
                                                         BY THE  WRONGLY   WRONGLY  FAMILIES  NO
FOLDER   FORMAT       FILES  ACCEPTED  REFUSED  LENIENT  LETTER  ACCEPTED  REFUSED  DIFFER    VERDICT
valid    text         2      1         0        0        0       0         0        1         0
invalid  text         2      0         1        0        0       1         0        0         0
invalid  openmetrics  1      0         0        0        1       0         0        0         0
all                   5      1         1        0        1       1         0        1         0
`
	const list = `
valid/b.txt: families differ: family b is missing
invalid/d.txt: wrongly accepted: 1:3: no number [number]
`
	const sum = "\n3 of 5 files as expected\n"
	for differences, want := range map[bool]string{false: table[1:] + sum, true: table[1:] + list + sum} {
		var text strings.Builder
		require.NoError(t, someReport.WriteText(&text, differences))
		require.Empty(t, cmp.Diff(want, text.String()))
	}
}

func TestControlCharactersAreNotPrinted(t *testing.T) {
	r := Report{Results: []Result{{
		File: "valid/a.txt", Format: "text", Outcome: WronglyRefused, Reason: "status 1: \x1b[2Jé 'no'\t\a\u009b\u202e\x00",
	}}}
	var text strings.Builder
	require.NoError(t, r.WriteText(&text, true))
	require.Contains(t, text.String(), "\nvalid/a.txt: wrongly refused: status 1: "+`\x1b[2Jé 'no'\t\a\u009b\u202e\x00`+"\n")
}

func TestReportAsJSON(t *testing.T) {
	const want = `{
  "command": "parser <{file}",
  "verdict": "both",
  "compare": "families",
  "files": 5,
  "groups": [
    {
      "folder": "valid",
      "format": "text",
      "files": 2,
      "outcomes": {
        "accepted": 1,
        "families differ": 1
      }
    },
    {
      "folder": "invalid",
      "format": "text",
      "files": 2,
      "outcomes": {
        "refused": 1,
        "wrongly accepted": 1
      }
    },
    {
      "folder": "invalid",
      "format": "openmetrics",
      "files": 1,
      "outcomes": {
        "by the letter": 1
      }
    }
  ],
  "differences": [
    {
      "file": "valid/b.txt",
      "format": "text",
      "outcome": "families differ",
      "reason": "family b is missing"
    },
    {
      "file": "invalid/d.txt",
      "format": "text",
      "outcome": "wrongly accepted",
      "rule": "number",
      "reason": "1:3: no number [number]"
    }
  ]
}
`
	var text strings.Builder
	require.NoError(t, someReport.WriteJSON(&text))
	require.Empty(t, cmp.Diff(want, text.String()))
}
