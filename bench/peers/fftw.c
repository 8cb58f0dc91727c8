// The transform of kernels/fft by FFTW: one r2c and one c2r of an n³ mesh, out
// of place, planned with FFTW_MEASURE.
//
//   fftw N THREADS
//
// waits for lines on standard input and answers each with the seconds of a pair,
// by the clock and by the processors.
//
// Compiled with -DDOUBLE it is in double precision.
#include <fftw3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifdef DOUBLE
#define FFTW(name) fftw_##name
typedef double real;
#else
#define FFTW(name) fftwf_##name
typedef float real;
#endif

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: fftw N THREADS\n");
    return 2;
  }
  int n = atoi(argv[1]), threads = atoi(argv[2]);
  size_t cells = (size_t)n * n * n;
  FFTW(init_threads)();
  FFTW(plan_with_nthreads)(threads);
  real *field = FFTW(malloc)(cells * sizeof(real));
  FFTW(complex) *modes = FFTW(malloc)((size_t)n * n * (n / 2 + 1) * sizeof *modes);
  FFTW(plan) forth = FFTW(plan_dft_r2c_3d)(n, n, n, field, modes, FFTW_MEASURE);
  FFTW(plan) back = FFTW(plan_dft_c2r_3d)(n, n, n, modes, field, FFTW_MEASURE);
  char line[16];
  while (fgets(line, sizeof line, stdin)) {
    for (size_t i = 0; i < cells; i++)
      field[i] = (real)(i % 1009) / 1009 - (real)0.5;
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    FFTW(execute)(forth);
    FFTW(execute)(back);
    printf("%.9f %.9f\n", seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    fflush(stdout);
  }
  return 0;
}
