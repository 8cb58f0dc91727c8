package fingerprint

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// codeDigest is the digest of what a function does: the names of the variables
// that it captures, instructions, constants, the shape of its frame, and the
// functions within it. Lines, the file's name and the names of locals are left
// out.
func (w *walker) codeDigest(p *lua.FunctionProto) string {
	var text strings.Builder
	// Instructions number captured variables in the order of their first use,
	// so that a - b and b - a are the same ones. Which variable of the function
	// around it a function within captures is an operand of the instruction
	// that makes it, and needs no name.
	for _, name := range p.DbgUpvalues {
		fmt.Fprintf(&text, "captures %q\n", name)
	}
	w.writeCode(&text, p)
	return digest(text.String())
}

func (w *walker) writeCode(text *strings.Builder, p *lua.FunctionProto) {
	fmt.Fprintf(text, "function %d %d %d %d\n", p.NumParameters, p.IsVarArg, p.NumUpvalues, p.NumUsedRegisters)
	for _, k := range p.Constants {
		switch k := k.(type) {
		case lua.LString:
			fmt.Fprintf(text, "string %q\n", string(k))
		case lua.LNumber:
			fmt.Fprintf(text, "number %s\n", numberText(float64(k)))
		default:
			// The host's compiler puts a function of its own in place of some
			// operators.
			name, _ := w.hostName(k)
			fmt.Fprintf(text, "host %s %q\n", k.Type(), name)
		}
	}
	for _, inst := range p.Code {
		fmt.Fprintf(text, "%08x\n", inst)
	}
	for _, inner := range p.FunctionPrototypes {
		w.writeCode(text, inner)
	}
	text.WriteString("end\n")
}
