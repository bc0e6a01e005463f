//go:build race

package fuzz

const underRaceDetector = true
