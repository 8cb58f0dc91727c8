//go:build amd64.v3

package main

// With GOAMD64=v3 or above the compiler may fuse a product and a sum into one
// rounding, and results would differ from those of every other build. Such a
// build is refused here, by a name that is not defined.
var _ = buildWithGOAMD64v1orv2
