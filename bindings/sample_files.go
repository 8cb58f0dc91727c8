package bindings

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strconv"

	"runlua/kernels/structure"
)

// sampleFiles is what the files of all samples share.
type sampleFiles struct {
	template *structure.Template
	source   string // id of the structure that names the atoms
	digest   string // of their names
}

// newSampleFiles prepares files of a structure's atoms.
func newSampleFiles(s *structure.Structure) (*sampleFiles, error) {
	f := &sampleFiles{template: structure.NewTemplate(s), source: s.ID}
	sum := sha256.New()
	err := f.template.Write(sum, structure.Meta{Entry: "atoms", SourceID: s.ID}, make([]float64, 3*len(s.Atoms)))
	f.digest = digestText(sum)
	return f, err
}

// path is where a file of the sampling stands, from the run directory; the
// layout is the one that users of PXDesign know.
func (g *sampling) path(name string) string {
	return path.Join("global_run_0", g.name, "seed_"+strconv.FormatUint(g.seed, 10), name)
}

// file is where a sample's coordinates stand.
func (g *sampling) file(index int64) string {
	return g.path(fmt.Sprintf("predictions/%s_sample_%d.cif", g.name, index))
}

// fileOf is a sample's mmCIF.
func (g *sampling) fileOf(index int64, software string) []byte {
	smp := g.sample(index)
	var text bytes.Buffer
	g.check(g.files.template.Write(&text, structure.Meta{
		Entry:    fmt.Sprintf("%s_sample_%d", g.name, index),
		Version:  software,
		Seed:     strconv.FormatUint(g.seed, 10),
		Sample:   index,
		Settings: g.plainSettings(),
		SourceID: g.files.source,
	}, smp.coordinates))
	sum := sha256.Sum256(text.Bytes())
	smp.sha256 = hex.EncodeToString(sum[:])
	return text.Bytes()
}

// refuseForeign stops where a missing sample's file would be written over one that
// another program made: the folders are those of PXDesign, so the directory may
// hold its samples. A file of runlua's own, which a killed run may leave without a
// record, is replaced.
func (g *sampling) refuseForeign(missing []int64) {
	if g.files == nil {
		return
	}
	for _, index := range missing {
		f, err := g.session.host.Files().OpenRun(g.file(index))
		if err != nil {
			continue // there is none, or writing says what is wrong
		}
		head, err := io.ReadAll(io.LimitReader(f, 4096)) // the program stands near the beginning
		f.Close()
		g.check(err)
		if len(head) > 0 && !bytes.Contains(head, []byte(`program = "runlua `)) {
			g.call.Raise(fmt.Sprintf("%s is there already, and no run of runlua made it: sample %d would be written over it", g.file(index), index),
				"--dir FOLDER starts a run elsewhere; or move the file away first")
		}
	}
}

// finish writes summary.csv, and SUCCESS_FILE last, where every sample is there.
// Those that describe kept samples of other settings stay.
func (g *sampling) finish() {
	failed := len(g.in(sampleFailed))
	s := g.session
	if kept := len(g.other) > 0 && s.host.Policy().Stale == "keep"; g.files != nil && !kept {
		g.check(s.host.Files().WriteRun(g.path("summary.csv"), g.writeSummary))
		if failed == 0 {
			g.check(s.host.Files().WriteRun(g.path("SUCCESS_FILE"), g.writeSuccess))
		}
	}
	switch made := int64(len(g.in(sampleMade))); {
	case failed > 0:
		s.failed += failed
		text := fmt.Sprintf("%d of %d samples of %s failed (%s); %d are there", failed, g.count, g.name, rangesText(g.in(sampleFailed)), g.count-int64(failed))
		s.host.Message("✗ %s", text)
		if s.task != nil {
			g.call.Raise(text, "a task that asks for samples is done once all of them are there")
		}
	case made == 0:
		s.host.Message("✓ All %d samples of %s exist%s", g.count, g.name, g.repairedText())
	case g.existing == 0:
		s.host.Message("✓ Saved all %d samples", g.count)
	default:
		s.host.Message("✓ Saved %d new samples, skipped %d existing samples%s", made, g.existing, g.repairedText())
	}
}

// repairedText says how many of the existing samples' files were made again.
func (g *sampling) repairedText() string {
	if n := len(g.in(sampleRepaired)); n > 0 {
		return fmt.Sprintf(" (%d repaired)", n)
	}
	return ""
}

func (g *sampling) writeSummary(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"sample", "file", "radius_of_gyration", "sha256"})
	for i := range g.samples {
		smp, index := &g.samples[i], g.first+int64(i)
		if smp.state == sampleFailed {
			continue
		}
		out.Write([]string{
			strconv.FormatInt(index, 10), "predictions/" + path.Base(g.file(index)),
			strconv.FormatFloat(smp.rg, 'g', -1, 64), smp.sha256,
		})
	}
	out.Flush()
	return out.Error()
}

// success is SUCCESS_FILE: what was made, with which settings, and one digest
// over all files.
type success struct {
	Name     string         `json:"name"`
	Seed     string         `json:"seed"`
	First    int64          `json:"first_sample"`
	Samples  int64          `json:"samples"`
	Settings map[string]any `json:"settings"`
	SHA256   string         `json:"sha256"` // over the files' digests, in order
}

func (g *sampling) writeSuccess(w io.Writer) error {
	sum := sha256.New()
	for i := range g.samples {
		fmt.Fprintln(sum, g.samples[i].sha256)
	}
	text, err := json.MarshalIndent(success{
		Name: g.name, Seed: strconv.FormatUint(g.seed, 10), First: g.first, Samples: g.count,
		Settings: g.plainSettings(), SHA256: hex.EncodeToString(sum.Sum(nil)),
	}, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// plainSettings is everything that changes a sample, as files name it.
func (g *sampling) plainSettings() map[string]any {
	return map[string]any{"sampler": g.settings.Plain(), "denoiser": g.denoiser.Plain()}
}
