package bindings

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
	"time"

	"runlua/kernels/denoiserpipe"
)

// A childDenoiser is a denoiser that is a program of its own; see
// docs/denoiser-protocol.md. It asks one thing at a time. Once the program has
// ended, was too slow or broke the protocol, every call fails as that one did.
type childDenoiser struct {
	child   Child
	in      *bufio.Reader // of the child's standard output
	timeout time.Duration // of one answer
	model   denoiserpipe.Hello
	rows    int  // of each request, the last rows repeated; 0: the whole batch
	check   bool // one row is to be asked for again
	plain   map[string]any

	mu     sync.Mutex
	asked  uint64
	broken error     // why it can't go on
	padded []float64 // a request of exactly rows rows, and its answer
	answer []float64
}

// newChildDenoiser greets a child that has just been started. atoms and dim are
// what the script says of a row, or 0.
func newChildDenoiser(ctx context.Context, child Child, timeout time.Duration, atoms, dim int) (*childDenoiser, error) {
	d := &childDenoiser{child: child, in: bufio.NewReaderSize(child.Stdout(), 1<<16), timeout: timeout}
	mine := denoiserpipe.Hello{Version: denoiserpipe.Version, Atoms: atoms, Dim: dim}
	err := d.converse(ctx, "its HELO",
		func(w io.Writer) error { return denoiserpipe.WriteHello(w, mine) },
		func(r io.Reader) (err error) { d.model, err = denoiserpipe.ReadHello(r); return err })
	if err == nil {
		if err = d.agree(mine); err != nil {
			child.Kill()
		}
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

// agree compares what the model says of itself with what the script says, and
// takes from the script what the model leaves open.
func (d *childDenoiser) agree(mine denoiserpipe.Hello) error {
	m := &d.model
	if m.Version != denoiserpipe.Version {
		return fmt.Errorf("the model must speak version %d of the protocol, got %d", denoiserpipe.Version, m.Version)
	}
	if m.Model == "" {
		return errors.New("the model must say its name, by which samples of another model are told apart, got none")
	}
	if m.Dim == 0 {
		m.Atoms, m.Dim = mine.Atoms, mine.Dim
	}
	switch {
	case m.Dim == 0:
		return withHint(fmt.Sprintf("the model %q takes rows of any length, so the script must say which", m.Model), "atoms = … does, or dim = … for rows that are not atoms")
	case mine.Atoms > 0 && m.Atoms > 0 && mine.Atoms != m.Atoms:
		return fmt.Errorf("atoms must be those of the model %q, %d, got %d", m.Model, m.Atoms, mine.Atoms)
	case mine.Dim > 0 && mine.Dim != m.Dim:
		return fmt.Errorf("dim must be that of the model %q, %d, got %d", m.Model, m.Dim, mine.Dim)
	}
	if m.Atoms == 0 {
		m.Atoms = mine.Atoms
	}
	if m.Equivariant && m.Atoms == 0 {
		return withHint(fmt.Sprintf("the model %q is equivariant, so its rows must be atoms, got rows of %d numbers", m.Model, m.Dim), "its HELO or the script, by atoms = …, says how many")
	}
	return nil
}

// withHint is a text and, in the line after it, what helps.
func withHint(text, hint string) error { return errors.New(text + "\n  hint: " + hint) }

// A modelFailure is a model's own failure, after which it goes on.
type modelFailure struct{ text string }

func (f *modelFailure) Error() string { return f.text }

// Dim is how many numbers a row has.
func (d *childDenoiser) Dim() int { return d.model.Dim }

// Width is Dim: the walk goes in the space of the coordinates.
func (d *childDenoiser) Width() int { return d.model.Dim }

// Atoms is how many atoms a row has; 0: it has none.
func (d *childDenoiser) Atoms() int { return d.model.Atoms }

// Equivariant tells whether turning the coordinates turns the answer.
func (d *childDenoiser) Equivariant() bool { return d.model.Equivariant }

// Plain is what tells its samples from those of another denoiser.
func (d *childDenoiser) Plain() map[string]any { return d.plain }

// Decode copies a row.
func (d *childDenoiser) Decode(dst, x []float64) { copy(dst, x) }

// Denoise asks for the clean coordinates of batch rows x at the noise level
// sigma, into dst. It returns at once when ctx ends. A row of dst that is not
// finite is the model's answer for that row alone.
func (d *childDenoiser) Denoise(ctx context.Context, dst, x []float64, batch int, sigma float64) error {
	dim := d.model.Dim
	if batch < 1 || len(x) != batch*dim || len(dst) != len(x) {
		panic(fmt.Sprintf("bindings: %d and %d numbers for %d rows of %d", len(dst), len(x), batch, dim))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	step := d.rows
	if step == 0 {
		step = min(batch, denoiserpipe.MaxNumbers/dim)
	}
	for first := 0; first < batch; first += step {
		n := min(step, batch-first)
		if err := d.askPart(ctx, dst[first*dim:(first+n)*dim], x[first*dim:(first+n)*dim], n, sigma); err != nil {
			return err
		}
	}
	if d.check {
		return d.repeat(ctx, dst, x, batch, sigma)
	}
	return nil
}

// A sharedChild is a child that several workers ask. A worker that is stopped
// waits for its answer, since to give up would end the child for all of them.
type sharedChild struct {
	*childDenoiser
	ctx context.Context // of the run
}

// Denoise is that of the child, until the run ends.
func (d *sharedChild) Denoise(_ context.Context, dst, x []float64, batch int, sigma float64) error {
	return d.childDenoiser.Denoise(d.ctx, dst, x, batch, sigma)
}

// askPart asks for n rows, in a request of exactly d.rows rows if that is set.
func (d *childDenoiser) askPart(ctx context.Context, dst, x []float64, n int, sigma float64) error {
	if d.rows == 0 || n == d.rows {
		return d.ask(ctx, dst, x, n, sigma)
	}
	dim := d.model.Dim
	if d.padded == nil {
		d.padded, d.answer = make([]float64, d.rows*dim), make([]float64, d.rows*dim)
	}
	copy(d.padded, x)
	for i := n; i < d.rows; i++ {
		copy(d.padded[i*dim:(i+1)*dim], x[(n-1)*dim:])
	}
	err := d.ask(ctx, d.answer, d.padded, d.rows, sigma)
	copy(dst, d.answer)
	return err
}

// repeat asks once more, for one row by itself. Where the answer is another, so
// would be the sample in a chunk of another size or after an interruption.
func (d *childDenoiser) repeat(ctx context.Context, dst, x []float64, batch int, sigma float64) error {
	dim := d.model.Dim
	row := batch - 1
	if d.rows > 0 {
		row = min(row, d.rows-1)
	}
	again := make([]float64, dim)
	if err := d.askPart(ctx, again, x[row*dim:(row+1)*dim], 1, sigma); err != nil {
		return err
	}
	d.check = false
	for i, v := range again {
		was := dst[row*dim+i]
		if v == was || v != v && was != was {
			continue
		}
		d.broken = withHint(
			fmt.Sprintf("the model's answer must depend on a row and σ alone, but row %d of %d, asked for again by itself, differs by %.3g at number %d (σ = %.6g)",
				row+1, batch, math.Abs(v-was), i+1, sigma),
			"rows = 1, or more, makes all requests alike; a model in its training mode or with random numbers of its own needs a change; check = false takes it as it is",
		)
		d.child.Kill()
		return d.broken
	}
	return nil
}

// ask sends one request and waits for its answer.
func (d *childDenoiser) ask(ctx context.Context, dst, x []float64, batch int, sigma float64) error {
	if d.broken != nil {
		return d.broken
	}
	d.asked++
	q := denoiserpipe.Request{ID: d.asked, Sigma: sigma, Batch: batch, Dim: d.model.Dim, X: x}
	what := fmt.Sprintf("its answer to request %d (%d rows of %d, σ = %.6g)", q.ID, batch, q.Dim, sigma)
	err := d.converse(ctx, what,
		func(w io.Writer) error { return denoiserpipe.WriteRequest(w, q) },
		func(r io.Reader) error { return denoiserpipe.ReadAnswer(r, q, dst) })
	var failure *modelFailure
	if err != nil && !errors.As(err, &failure) {
		d.broken = err
	}
	return err
}

// endingTime is how long a program that let go of a stream has to end, so that
// the error can say how it did, and how long one that was killed is waited for.
const endingTime = 5 * time.Second

// converse sends and receives at once, and waits for both, ctx's end or the time
// limit. At any error but a model's own failure the child is killed: nothing more
// touches what send and receive use. what names that which is received.
func (d *childDenoiser) converse(ctx context.Context, what string, send func(io.Writer) error, receive func(io.Reader) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	sent, received := make(chan error, 1), make(chan error, 1)
	go func() { sent <- send(d.child.Stdin()) }()
	go func() { received <- receive(d.in) }()
	limit := time.NewTimer(d.timeout)
	defer limit.Stop()

	var failure *denoiserpipe.Failure
	for sent != nil || received != nil {
		var failed error
		select {
		case err := <-sent:
			if sent = nil; err != nil {
				limit.Reset(min(d.timeout, endingTime)) // its last words may still come
			}
		case err := <-received:
			if received = nil; err != nil && !errors.As(err, &failure) {
				failed = err
			}
		case <-limit.C:
			failed = fmt.Errorf("the program does not give %s within %g s (timeout = … allows more)", what, d.timeout.Seconds())
		case <-ctx.Done():
			failed = context.Cause(ctx)
		}
		if failed == nil {
			continue
		}
		ended := d.settle(failed)
		if sent != nil {
			<-sent
		}
		if received != nil {
			<-received
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return d.explain(failed, what, ended)
	}
	if failure != nil {
		return &modelFailure{fmt.Sprintf("the model fails in place of %s: %s%s", what, failure.Text, d.lastLines())}
	}
	return nil
}

// settle lets a program end that closed its output, kills any other, and tells
// how it ended, "" if it was killed. After it, reads and writes return.
func (d *childDenoiser) settle(failed error) (how string) {
	if errors.Is(failed, io.EOF) || errors.Is(failed, io.ErrUnexpectedEOF) {
		select {
		case <-d.child.Ended():
			how = d.child.How()
		case <-time.After(endingTime):
		}
	}
	d.child.Kill()
	select {
	case <-d.child.Ended():
	case <-time.After(endingTime): // not even SIGKILL ends what waits for a device
	}
	return how
}

// explain is the error of a conversation that ended.
func (d *childDenoiser) explain(err error, what, ended string) error {
	var text string
	switch {
	case errors.Is(err, io.EOF) && ended != "":
		text = fmt.Sprintf("the program ended (%s) before %s", ended, what)
	case errors.Is(err, io.EOF):
		text = fmt.Sprintf("the program closed its standard output before %s", what)
	case errors.Is(err, denoiserpipe.ErrProtocol):
		text = fmt.Sprintf("%s breaks the protocol: %s", what, strings.TrimPrefix(err.Error(), "denoiserpipe: "))
		if ended != "" {
			text += fmt.Sprintf("; the program ended (%s)", ended)
		}
	default:
		text = err.Error()
	}
	text += d.lastLines()
	if errors.Is(err, denoiserpipe.ErrNoFrame) {
		return withHint(text, "its standard output is for the protocol alone; what it prints belongs on standard error")
	}
	return errors.New(text)
}

// lastLines quotes the end of the program's standard error.
func (d *childDenoiser) lastLines() string {
	tail := d.child.StderrTail()
	if tail == "" {
		return "\n  it wrote nothing on standard error"
	}
	return "\n  its last lines on standard error:\n    " + strings.ReplaceAll(tail, "\n", "\n    ")
}
