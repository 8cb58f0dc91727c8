package sandbox

import (
	"fmt"
	"math"
	"strconv"

	"github.com/yuin/gopher-lua/ast"
)

// The names under which the operators' functions pass through the compiler. No
// identifier of a script can be spelled so; bind removes them.
const (
	powName    = "(operator ^)"
	concatName = "(operator ..)"
	tempName   = "(assigned %d)"
)

const (
	// maxDepth bounds how deep a syntax tree nests. The compiler recurses over
	// it, and Go can't recover from a stack grown over its limit.
	maxDepth = 2000
	// maxListItems is the longest list that one table constructor can hold.
	maxListItems = 511 * 50
)

// A rewriter changes a syntax tree, in place, into one that gopher-lua compiles
// to what Lua means:
//
//   - a^b and a..b become calls (operators.go). Powers of constants are folded.
//   - A constant that gopher-lua would misread is put into a form that it
//     doesn't: 1e999 is infinite, 0xffffffffffffffff is 2^64.
//   - In v, … = f(…), … a call that isn't last writes over the last parameter
//     before the arguments are read if v is that parameter; a call in
//     parentheses does so even alone. Such assignments go through locals.
//   - A table constructor with more than 25550 list items would store the rest
//     at negative indices: refused.
type rewriter struct {
	chunk string
	depth int
}

// rewrite changes the statements in place. The error is a *SyntaxError.
func (r *rewriter) rewrite(stmts []ast.Stmt) (err error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *SyntaxError:
			err = e
		default:
			panic(e)
		}
	}()
	r.stmts(stmts)
	return nil
}

func (r *rewriter) fail(at ast.PositionHolder, format string, args ...any) {
	panic(&SyntaxError{Chunk: r.chunk, Line: at.Line(), Message: fmt.Sprintf(format, args...)})
}

func (r *rewriter) enter(at ast.PositionHolder) {
	if r.depth++; r.depth > maxDepth {
		r.fail(at, "chunk has too many syntax levels")
	}
}

func (r *rewriter) stmts(stmts []ast.Stmt) {
	for i := range stmts {
		stmts[i] = r.stmt(stmts[i])
	}
}

func (r *rewriter) stmt(s ast.Stmt) ast.Stmt {
	r.enter(s)
	defer func() { r.depth-- }()
	switch s := s.(type) {
	case *ast.AssignStmt:
		r.exprs(s.Lhs)
		r.exprs(s.Rhs)
		return separate(s)
	case *ast.LocalAssignStmt:
		r.exprs(s.Exprs)
	case *ast.FuncCallStmt:
		s.Expr = r.expr(s.Expr)
	case *ast.DoBlockStmt:
		r.stmts(s.Stmts)
	case *ast.WhileStmt:
		s.Condition = r.expr(s.Condition)
		r.stmts(s.Stmts)
	case *ast.RepeatStmt:
		s.Condition = r.expr(s.Condition)
		r.stmts(s.Stmts)
	case *ast.IfStmt:
		s.Condition = r.expr(s.Condition)
		r.stmts(s.Then)
		r.stmts(s.Else)
	case *ast.NumberForStmt:
		s.Init, s.Limit, s.Step = r.expr(s.Init), r.expr(s.Limit), r.expr(s.Step)
		r.stmts(s.Stmts)
	case *ast.GenericForStmt:
		r.exprs(s.Exprs)
		r.stmts(s.Stmts)
	case *ast.FuncDefStmt:
		r.stmts(s.Func.Stmts)
	case *ast.ReturnStmt:
		r.exprs(s.Exprs)
	}
	return s
}

func (r *rewriter) exprs(list []ast.Expr) {
	for i := range list {
		list[i] = r.expr(list[i])
	}
}

func (r *rewriter) expr(e ast.Expr) ast.Expr {
	if e == nil {
		return nil
	}
	r.enter(e)
	defer func() { r.depth-- }()
	switch e := e.(type) {
	case *ast.NumberExpr:
		r.number(e)
	case *ast.AttrGetExpr:
		e.Object, e.Key = r.expr(e.Object), r.expr(e.Key)
	case *ast.TableExpr:
		r.table(e)
	case *ast.FuncCallExpr:
		e.Func, e.Receiver = r.expr(e.Func), r.expr(e.Receiver)
		r.exprs(e.Args)
	case *ast.LogicalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
	case *ast.RelationalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
	case *ast.ArithmeticOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
		if e.Operator == "^" {
			return power(e)
		}
	case *ast.StringConcatOpExpr:
		return r.concat(e)
	case *ast.UnaryMinusOpExpr:
		e.Expr = r.expr(e.Expr)
	case *ast.UnaryNotOpExpr:
		e.Expr = r.expr(e.Expr)
	case *ast.UnaryLenOpExpr:
		e.Expr = r.expr(e.Expr)
	case *ast.FunctionExpr:
		r.stmts(e.Stmts)
	}
	return e
}

// number checks a numeral and spells it so that gopher-lua reads its value.
func (r *rewriter) number(e *ast.NumberExpr) {
	v, ok := parseNumber(e.Value)
	if !ok {
		r.fail(e, "malformed number near '%s'", e.Value)
	}
	e.Value = numeral(v)
}

// numeral spells a number for gopher-lua's compiler.
func numeral(v float64) string {
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func (r *rewriter) table(e *ast.TableExpr) {
	items := 0
	for _, f := range e.Fields {
		if f.Key == nil {
			items++
		}
		f.Key, f.Value = r.expr(f.Key), r.expr(f.Value)
	}
	if items > maxListItems {
		r.fail(e, "a table constructor holds at most %d list items, got %d", maxListItems, items)
	}
}

// power returns a^b as a call, or as its value if a and b are constants.
func power(e *ast.ArithmeticOpExpr) ast.Expr {
	a, aConst := constant(e.Lhs)
	b, bConst := constant(e.Rhs)
	if aConst && bConst {
		// The compiler keeps one constant for 0 and -0 and none for NaN: those
		// are left to be computed.
		if v := pow(a, b); v != 0 && !math.IsNaN(v) {
			n := &ast.NumberExpr{Value: numeral(v)}
			n.SetLine(e.Line())
			return n
		}
	}
	return call(powName, e, e.Lhs, e.Rhs)
}

func constant(e ast.Expr) (float64, bool) {
	switch e := e.(type) {
	case *ast.NumberExpr:
		v, err := strconv.ParseFloat(e.Value, 64) // as numeral spelled it
		return v, err == nil
	case *ast.UnaryMinusOpExpr:
		v, ok := constant(e.Expr)
		return -v, ok
	}
	return 0, false
}

// concat returns a..b..c as one call.
func (r *rewriter) concat(e *ast.StringConcatOpExpr) ast.Expr {
	operands := []ast.Expr{r.expr(e.Lhs)}
	rest := e.Rhs
	for {
		next, ok := rest.(*ast.StringConcatOpExpr)
		if !ok {
			break
		}
		operands = append(operands, r.expr(next.Lhs))
		rest = next.Rhs
	}
	return call(concatName, e, append(operands, r.expr(rest))...)
}

// call returns the call of an operator's function: exactly one value, never a
// tail call, so that errors in it keep the line.
func call(name string, at ast.Expr, args ...ast.Expr) ast.Expr {
	switch last := args[len(args)-1].(type) {
	case *ast.FuncCallExpr:
		last.AdjustRet = true
	case *ast.Comma3Expr:
		last.AdjustRet = true
	}
	fn := &ast.IdentExpr{Value: name}
	fn.SetLine(at.Line())
	c := &ast.FuncCallExpr{Func: fn, Args: args, AdjustRet: true}
	c.SetLine(at.Line())
	c.SetLastLine(at.LastLine())
	return c
}

// separate returns an assignment of which no call is compiled straight into a
// variable: itself, or a block that assigns to locals first.
func separate(s *ast.AssignStmt) ast.Stmt {
	direct := false
	for i, lhs := range s.Lhs {
		if i >= len(s.Rhs) {
			break
		}
		_, variable := lhs.(*ast.IdentExpr)
		c, isCall := s.Rhs[i].(*ast.FuncCallExpr)
		if !variable || !isCall {
			continue
		}
		if last := i == len(s.Rhs)-1; last && i == len(s.Lhs)-1 {
			c.AdjustRet = false // one value is all that is asked for
		} else if !last || c.AdjustRet {
			direct = true
		}
	}
	if !direct {
		return s
	}
	local := &ast.LocalAssignStmt{Exprs: s.Rhs}
	local.SetLine(s.Line())
	assign := &ast.AssignStmt{Lhs: s.Lhs}
	assign.SetLine(s.Line())
	for i := range s.Lhs {
		name := fmt.Sprintf(tempName, i+1)
		local.Names = append(local.Names, name)
		v := &ast.IdentExpr{Value: name}
		v.SetLine(s.Line())
		assign.Rhs = append(assign.Rhs, v)
	}
	block := &ast.DoBlockStmt{Stmts: []ast.Stmt{local, assign}}
	block.SetLine(s.Line())
	block.SetLastLine(s.Line())
	return block
}
