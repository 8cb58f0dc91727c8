package progress

// A Lane is where one of several workers opens its bars: they nest in each
// other and in the lane's parent, whatever other workers have open.
type Lane struct {
	board  *Board
	parent *Bar
}

// Lane returns a new lane below parent, or with nil one of outermost bars. Its
// bars are never the parent of a bar outside of the lane that names no parent.
func (b *Board) Lane(parent *Bar) *Lane { return &Lane{b, parent} }

// Open adds a bar, nested in the innermost open one of the lane, else in the
// lane's parent, unless spec names another parent. Below a parent that is closed
// it is an outermost bar.
func (l *Lane) Open(spec Spec) *Bar { return l.board.openIn(l, spec) }

// Innermost returns the bar in which the next one of the lane would nest, or nil
// if it would be an outermost one.
func (l *Lane) Innermost() *Bar {
	l.board.mu.Lock()
	defer l.board.mu.Unlock()
	if i := l.board.parentFor(l, nil); i >= 0 {
		return l.board.bars[i]
	}
	return nil
}

// Innermost is that of the bars that are opened in no lane.
func (b *Board) Innermost() *Bar {
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := b.parentFor(nil, nil); i >= 0 {
		return b.bars[i]
	}
	return nil
}
