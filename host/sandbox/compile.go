package sandbox

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
)

// CompilerVersion changes whenever Compile makes other code of the same source.
const CompilerVersion = 1

// maxSource bounds the source of one chunk, in bytes.
const maxSource = 16 << 20

// A SyntaxError is a chunk that is no Lua, or none that can be compiled.
type SyntaxError struct {
	Chunk   string
	Line    int
	Message string
	AtEnd   bool // the source ended too early: more lines might complete it
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d: %s", e.Chunk, e.Line, e.Message)
}

// Compile translates a chunk. The chunk name is what error messages put before
// the line. A first line that begins with # is skipped, as is a byte order
// mark. The error is a *SyntaxError, or the reader's.
//
// The result may be shared by several states, each through its
// NewFunctionFromProto.
func Compile(source io.Reader, chunkName string) (*lua.FunctionProto, error) {
	text, err := io.ReadAll(io.LimitReader(source, maxSource+1))
	if err != nil {
		return nil, fmt.Errorf("sandbox: reading %s: %w", chunkName, err)
	}
	return CompileString(string(text), chunkName)
}

// CompileString is Compile of a source in memory.
func CompileString(source, chunkName string) (*lua.FunctionProto, error) {
	fail := func(line int, message string) (*lua.FunctionProto, error) {
		return nil, &SyntaxError{Chunk: chunkName, Line: line, Message: message}
	}
	if len(source) > maxSource {
		return fail(1, fmt.Sprintf("the source is longer than %d MiB", maxSource>>20))
	}
	if strings.HasPrefix(source, "\x1b") {
		return fail(1, "this is byte code; only source can be loaded")
	}
	source = strings.TrimPrefix(source, "\ufeff")
	if strings.HasPrefix(source, "#") {
		end := strings.IndexAny(source, "\r\n")
		if end < 0 {
			end = len(source)
		}
		source = source[end:]
	}
	chunk, err := parse.Parse(strings.NewReader(source), chunkName)
	if err != nil {
		return nil, parseError(err, source, chunkName)
	}
	r := rewriter{chunk: chunkName}
	if err := r.rewrite(chunk); err != nil {
		return nil, err
	}
	proto, err := lua.Compile(chunk, chunkName)
	if err != nil {
		var ce *lua.CompileError
		if errors.As(err, &ce) {
			return fail(ce.Line, ce.Message)
		}
		return fail(1, err.Error())
	}
	if err := bind(proto); err != nil {
		return nil, err
	}
	return proto, nil
}

// Load compiles source and returns its main function in L.
func Load(L *lua.LState, source, chunkName string) (*lua.LFunction, error) {
	proto, err := CompileString(source, chunkName)
	if err != nil {
		return nil, err
	}
	return L.NewFunctionFromProto(proto), nil
}

func parseError(err error, source, chunkName string) error {
	e := &SyntaxError{Chunk: chunkName, Line: 1, Message: err.Error()}
	var pe *parse.Error
	if !errors.As(err, &pe) {
		return e
	}
	e.Line = pe.Pos.Line
	message := pe.Message
	if strings.HasPrefix(message, "syntax error") {
		message = "syntax error"
	}
	if pe.Pos.Line == parse.EOF {
		e.Line = 1 + strings.Count(strings.TrimRight(source, "\r\n \t"), "\n")
		e.AtEnd = true
		e.Message = message + " at the end of the source: is an 'end' or a closing bracket missing?"
		return e
	}
	if message == "unterminated string" {
		e.Line-- // the scanner has read the end of the line
	}
	near := pe.Token
	if len(near) > 40 {
		near = near[:40] + "…"
	}
	e.Message = fmt.Sprintf("%s near '%s'", message, near)
	return e
}

// The layout of an instruction, from gopher-lua's opcode.go: the operation in
// the 6 highest bits, A in the next 8, Bx in the 18 lowest.
const (
	opShift = 26
	maskBx  = 1<<18 - 1
)

// bind replaces, in proto and in the functions within it, each look-up of an
// operator's global name by a load of the function itself as a constant, and
// checks limits that gopher-lua's compiler overlooks.
func bind(proto *lua.FunctionProto) error {
	if n := len(proto.DbgUpvalues); n > math.MaxUint8 {
		return &SyntaxError{Chunk: proto.SourceName, Line: proto.LineDefined,
			Message: fmt.Sprintf("a function uses %d local variables of the functions around it; at most %d are possible", n, math.MaxUint8)}
	}
	index := map[*lua.LFunction]uint32{}
	for pc, inst := range proto.Code {
		if int(inst>>opShift) != lua.OP_GETGLOBAL {
			continue
		}
		var fn *lua.LFunction
		switch proto.Constants[inst&maskBx] {
		case lua.LString(powName):
			fn = powFunction
		case lua.LString(concatName):
			fn = concatFunction
		default:
			continue
		}
		k, ok := index[fn]
		if !ok {
			k = uint32(len(proto.Constants))
			if k > maskBx {
				return &SyntaxError{Chunk: proto.SourceName, Line: proto.LineDefined, Message: "too many constants"}
			}
			proto.Constants = append(proto.Constants, fn)
			index[fn] = k
		}
		loadK := uint32(lua.OP_LOADK) << opShift
		proto.Code[pc] = loadK | inst&(0xff<<18) | k
	}
	for _, p := range proto.FunctionPrototypes {
		if err := bind(p); err != nil {
			return err
		}
	}
	return nil
}
