package fft

func bestKernels[T Float]() *kernels[T] { return portableKernels[T]() }
