package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// choice is the value of a flag that takes one of a few words. It is a pflag.Value.
type choice struct {
	kind  string // stands for the word in help texts
	value string
	words []string
}

// newChoice is a choice of words, of which the first is the default.
func newChoice(kind string, words ...string) choice {
	return choice{kind: kind, value: words[0], words: words}
}

func (c *choice) String() string { return c.value }
func (c *choice) Type() string   { return c.kind }

func (c *choice) Set(word string) error {
	if !slices.Contains(c.words, word) {
		return fmt.Errorf("it is one of %s", strings.Join(c.words, ", "))
	}
	c.value = word
	return nil
}

// addFlag adds a flag for c to a command, and its completion. The words follow the usage text.
func (c *choice) addFlag(cmd *cobra.Command, name, usage string) {
	cmd.Flags().Var(c, name, usage+": "+strings.Join(c.words, ", "))
	completeFlag(cmd, name, c.words...)
}

// completeFlag has a shell complete the value of a flag to one of the words, and not to a file.
func completeFlag(cmd *cobra.Command, name string, words ...string) {
	completeFlagBy(cmd, name, func() []string { return words })
}

// completeFlagBy does so with words that are found out only when they are asked for.
func completeFlagBy(cmd *cobra.Command, name string, words func() []string) {
	complete := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words(), cobra.ShellCompDirectiveNoFileComp
	}
	err := cmd.RegisterFlagCompletionFunc(name, complete)
	if err != nil {
		panic(err) // no such flag, or its completion is there already: a mistake in this program
	}
}
