package bindings

import (
	"context"
	"fmt"

	"runlua/bindings/spec"
	"runlua/kernels/cosmology"
	"runlua/kernels/denoiserpipe"
	"runlua/kernels/diffusion"
	"runlua/kernels/direct"
	"runlua/kernels/gadget"
	"runlua/kernels/halos"
	"runlua/kernels/nbody"
	"runlua/kernels/power"
	"runlua/kernels/structure"
	"runlua/kernels/voids"
	"runlua/kernels/voidtheory"
)

// kernelVersions is what a fingerprint says of each kernel: its version, which
// grows when its bits change, and the path that computed.
var kernelVersions = map[string]string{
	"cosmology":  fmt.Sprintf("%d %s", cosmology.Version, nbody.KernelPath),
	"gadget":     fmt.Sprintf("%d %s", gadget.Version, nbody.KernelPath),
	"halos":      fmt.Sprintf("%d %s", halos.Version, nbody.KernelPath),
	"nbody":      fmt.Sprintf("%d %s", nbody.Version, nbody.KernelPath),
	"power":      fmt.Sprintf("%d %s", power.Version, nbody.KernelPath),
	"structure":  fmt.Sprintf("%d %s", structure.Version, nbody.KernelPath),
	"voids":      fmt.Sprintf("%d %s", voids.Version, nbody.KernelPath),
	"direct":     fmt.Sprintf("%d %s", direct.Version, direct.KernelPath),
	"diffusion":  fmt.Sprintf("%d %s", diffusion.Version, diffusion.KernelPath),
	"voidtheory": fmt.Sprintf("%d %s", voidtheory.Version, nbody.KernelPath),

	"denoiserpipe": fmt.Sprint(denoiserpipe.Version), // it computes nothing
}

// useKernel notes that the running task depends on a kernel.
func (s *Session) useKernel(name string) {
	s.depend("kernel", name, kernelVersions[name])
}

// checkStopped raises a kernel's error, or the reason why the run stops.
func (s *Session) checkStopped(c *spec.Call, err error) {
	if ctx := s.host.Context(); err != nil && ctx.Err() != nil {
		c.L.RaiseError("%v", context.Cause(ctx))
	}
	c.Check(err)
}
