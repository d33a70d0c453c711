// Package chart draws the pictures of a simulation's report as SVG: the same numbers give the same
// bytes, nothing is loaded from the network, and every picture has a table or a file beside it.
// Sizes are in px of the drawing's own box, which the page scales.
package chart
