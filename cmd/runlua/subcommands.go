package main

import "github.com/spf13/cobra"

// subcommands are those that look at run directories.
func subcommands(code *int) []*cobra.Command { return nil }
