package main

import (
	"runtime/debug"
	"strings"
)

// version is the version of the module that the command was built from, "devel" if it was built from no version.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := strings.Trim(info.Main.Version, "()"); v != "" {
			return v
		}
	}
	return "devel"
}
