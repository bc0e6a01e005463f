package diag_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
)

func TestEveryRuleSaysWhatItIs(t *testing.T) {
	id := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	ids, meanings := make(map[string]bool), make(map[string]bool)
	for rule := range diag.Rules() {
		require.Regexp(t, id, rule.ID())
		require.Equal(t, rule.ID(), rule.String())
		require.False(t, ids[rule.ID()], "%s is there twice", rule)
		ids[rule.ID()] = true

		require.NotEmpty(t, rule.Meaning(), rule)
		require.False(t, meanings[rule.Meaning()], "the meaning of %s is there twice", rule)
		meanings[rule.Meaning()] = true
		require.False(t, strings.HasSuffix(rule.Meaning(), "."), "a message has no full stop: %s", rule)
		require.Equal(t, strings.ToLower(rule.Meaning()[:1]), rule.Meaning()[:1], "a message begins in lower case: %s", rule)

		found, ok := diag.RuleByID(rule.ID())
		require.True(t, ok)
		require.Equal(t, rule, found)
	}
	require.NotEmpty(t, ids)
	require.NotContains(t, ids, diag.UnknownRule.ID())
}

func TestStrictIsNeverMoreLenient(t *testing.T) {
	byDefault, strict := diag.DefaultSeverities(), diag.StrictSeverities()
	for rule := range diag.Rules() {
		require.GreaterOrEqual(t, rule.Strict(), rule.Default(), rule)
		require.Greater(t, rule.Strict(), diag.Off, "%s would never be heard of", rule)
		require.Equal(t, rule.Default(), byDefault[rule])
		require.Equal(t, rule.Strict(), strict[rule])
	}
}

func TestALossIsAWarningByDefault(t *testing.T) {
	losses := 0
	for rule := range diag.Rules() {
		if !strings.HasPrefix(rule.ID(), "loss-") {
			continue
		}
		losses++
		if rule == diag.LossBoundText { // the number stays the same
			require.Equal(t, diag.Off, rule.Default())
			require.Equal(t, diag.Warning, rule.Strict())
			continue
		}
		require.Equal(t, diag.Warning, rule.Default(), rule)
		require.Equal(t, diag.Error, rule.Strict(), rule)
	}
	require.Equal(t, 19, losses)
}

func TestRulesThatAreNone(t *testing.T) {
	for _, rule := range []diag.Rule{diag.UnknownRule, 255} {
		require.Equal(t, "unknown", rule.ID())
		require.Equal(t, diag.Off, rule.Default())
		require.Equal(t, diag.Off, rule.Strict())
	}
	for _, id := range []string{"", "unknown", "Syntax", "no-such-rule"} {
		_, ok := diag.RuleByID(id)
		require.False(t, ok, id)
	}
	var rule diag.Rule
	require.EqualError(t, rule.UnmarshalText([]byte("no-such-rule")), `unknown rule "no-such-rule"`)
}

func TestRulesAndSeveritiesInJSON(t *testing.T) {
	type setting struct {
		Rule     diag.Rule
		Severity diag.Severity
	}
	for _, severity := range []diag.Severity{diag.Off, diag.Warning, diag.Error} {
		text, err := json.Marshal(setting{diag.DuplicateLabel, severity})
		require.NoError(t, err)
		require.JSONEq(t, `{"Rule":"duplicate-label","Severity":"`+severity.String()+`"}`, string(text))
		var read setting
		require.NoError(t, json.Unmarshal(text, &read))
		require.Equal(t, setting{diag.DuplicateLabel, severity}, read)
	}
	var severity diag.Severity
	require.EqualError(t, severity.UnmarshalText([]byte("fatal")), `unknown severity "fatal"`)
	require.Equal(t, "severity(9)", diag.Severity(9).String())
}
