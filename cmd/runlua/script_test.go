package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptCondition knows [root]: whom no permission keeps out.
func scriptCondition(cond string) (bool, error) {
	if cond == "root" {
		return os.Getuid() == 0, nil
	}
	return false, fmt.Errorf("there is no condition %q", cond)
}

// What the scripts under testdata/script have besides testscript's own commands.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	// replace FILE OLD NEW replaces the one place where a file holds OLD.
	"replace": func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 3 {
			ts.Fatalf("usage: replace FILE OLD NEW")
		}
		text := ts.ReadFile(args[0])
		if n := strings.Count(text, args[1]); n != 1 {
			ts.Fatalf("%s holds %q %d times, not once", args[0], args[1], n)
		}
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o666))
	},
	// damage flip|truncate|empty|garbage GLOB damages the last of the files that
	// match, in the order of their names.
	"damage": func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 2 {
			ts.Fatalf("usage: damage flip|truncate|empty|garbage GLOB")
		}
		files, err := filepath.Glob(ts.MkAbs(args[1]))
		ts.Check(err)
		if len(files) == 0 {
			ts.Fatalf("no file matches %s", args[1])
		}
		sort.Slice(files, func(i, j int) bool {
			return len(files[i]) < len(files[j]) || len(files[i]) == len(files[j]) && files[i] < files[j]
		})
		file := files[len(files)-1]
		text, err := os.ReadFile(file)
		ts.Check(err)
		switch args[0] {
		case "flip":
			for i := len(text) / 2; i < len(text)/2+8; i++ {
				text[i] ^= 0xff
			}
		case "truncate":
			text = text[:len(text)*2/3]
		case "empty":
			text = nil
		case "garbage":
			text = bytes.Repeat([]byte("no database\n"), 1000)
		default:
			ts.Fatalf("damage %s is unknown", args[0])
		}
		ts.Check(os.WriteFile(file, text, 0o666))
		ts.Logf("damaged %s", filepath.Base(file))
	},
	// waitfor FILE PATTERN waits until a file matches.
	"waitfor": func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 2 {
			ts.Fatalf("usage: waitfor FILE PATTERN")
		}
		pattern := regexp.MustCompile("(?m)" + args[1])
		for range 3000 {
			text, _ := os.ReadFile(ts.MkAbs(args[0]))
			if pattern.Match(text) {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		ts.Fatalf("%s does not come to match %s", args[0], args[1])
	},
	// limited PATTERN PROGRAM [ARGS] runs a program with --max-time LIMIT in place of
	// the word LIMIT: 1s, 2s, 4s, … until what it writes to standard error matches,
	// which it comes to in another time on each machine. It must end with the exit
	// code 75 each time.
	"limited": func(ts *testscript.TestScript, neg bool, args []string) {
		limited := slices.Index(args, "LIMIT")
		if neg || limited < 2 {
			ts.Fatalf("usage: limited PATTERN PROGRAM [ARGS, one of them LIMIT]")
		}
		pattern := regexp.MustCompile("(?m)" + args[0])
		for seconds := 1; seconds < 500; seconds *= 2 {
			words := slices.Replace(slices.Clone(args[1:]), limited-1, limited, fmt.Sprintf("--max-time=%ds", seconds))
			if code := exitCode(ts, words); code != 75 {
				ts.Fatalf("exit code %d, want 75", code)
			}
			if pattern.MatchString(ts.ReadFile("stderr")) {
				return
			}
		}
		ts.Fatalf("standard error does not come to match %s", args[0])
	},
	// code N PROGRAM [ARGS] runs a program that must end with the exit code N.
	"code": func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) < 2 {
			ts.Fatalf("usage: code N PROGRAM [ARGS]")
		}
		want, err := strconv.Atoi(args[0])
		ts.Check(err)
		if got := exitCode(ts, args[1:]); got != want {
			ts.Fatalf("exit code %d, want %d", got, want)
		}
	},
}

// exitCode runs a program, words, and returns how it ended.
func exitCode(ts *testscript.TestScript, words []string) int {
	err := ts.Exec(words[0], words[1:]...)
	if err == nil {
		return 0
	}
	exit, ok := err.(interface{ ExitCode() int })
	if !ok {
		ts.Fatalf("%v", err)
	}
	return exit.ExitCode()
}
