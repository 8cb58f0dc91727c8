// Command runlua runs Lua scripts of long computations, and continues them
// when the same command is given again.
package main

import (
	"os"

	"runlua/host"
)

func main() { os.Exit(run(os.Args[1:], host.Config{})) }
