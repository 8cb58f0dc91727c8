package progress

// dueLine returns the plain line to write now, or "" where none is due or
// there is nothing new to say.
//
// The last word of a closed outermost bar comes first, then the advance of an
// open outermost bar, which is rare and for which the run is waited, then
// that of the nested bar that advanced last. Bars for which another speaks
// (see [Board.Plain] and [Spec]) are left out. What a line would have told
// between two lines is not made up for later.
func (b *Board) dueLine() string {
	now := b.now()
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Sub(b.lastLine) < b.interval {
		return ""
	}
	line := b.farewell
	b.farewell = ""
	if line == "" {
		bar := b.mostTelling()
		if bar == nil {
			return ""
		}
		state := bar.state(now)
		bar.said = state.Done
		line = state.String()
	}
	b.lastLine = now
	return line
}

// mostTelling returns the bar whose advance to tell, or nil. The caller holds
// b.mu.
func (b *Board) mostTelling() *Bar {
	var best *Bar
	for _, bar := range b.bars {
		bar.mu.Lock()
		done, last := bar.done, bar.last
		bar.mu.Unlock()
		if done == bar.said || bar.spoken {
			continue
		}
		if bar.depth == 0 {
			return bar
		}
		if best == nil || last.After(best.lastAdvance()) {
			best = bar
		}
	}
	return best
}
