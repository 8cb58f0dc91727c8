package bindings

// saver writes snapshots in the background, one at a time, from copies.
type saver struct {
	done   chan struct{} // closed when the write under way has ended; nil when none is
	failed func(error)
	err    error // of the last write that ended; read it after wait
	room   *copied
}

// copy is where to write a state of about the given size, after any write under
// way: the same memory each time, for a state may be a fifth of all there is.
func (s *saver) copy(size int64) *copied {
	s.wait()
	if s.room == nil || int64(cap(s.room.data)) < size {
		s.room = &copied{make([]byte, 0, size)}
	}
	s.room.data = s.room.data[:0]
	return s.room
}

// busy tells whether a snapshot is being written.
func (s *saver) busy() bool {
	if s.done == nil {
		return false
	}
	select {
	case <-s.done:
		s.done = nil
		return false
	default:
		return true
	}
}

// start writes in the background, after any write under way.
func (s *saver) start(write func() error) {
	s.wait()
	done := make(chan struct{})
	s.done = done
	go func() {
		defer close(done)
		if s.err = write(); s.err != nil {
			s.failed(s.err)
		}
	}()
}

// wait returns when no write is under way.
func (s *saver) wait() {
	if s.done != nil {
		<-s.done
		s.done = nil
	}
}
