// A particle-mesh step as one writes it in plain C: single precision, FFTW,
// OpenMP. Cloud-in-cell deposit, one transform to the modes, three back with the
// Green's function and the 4-point difference of each axis in Fourier space, gather
// of the three meshes, kick and drift. Particles stay in the order of the file.
//
//   pmstep N THREADS FILE
//
// reads from FILE float32 positions x0 y0 z0 x1 … in units of the box, then as many
// momenta, and deposits them on N³ mesh points. It waits for lines on standard
// input and answers each with the seconds of a step, by the clock and by the
// processors. Kick and drift have factors so small that nothing moves.
#include <fftw3.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int n, threads;
static size_t count;
static float *pos, *mom, *density, *force[3];
static fftwf_complex *modes, *work;
static fftwf_plan forth, back[3];

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

// cell returns the mesh point at or below x and sets the distance from it.
static inline int cell(float x, float *f) {
  float u = x * n;
  int i = (int)u;
  *f = u - i;
  return i < n ? i : 0;
}

static inline size_t at(int x, int y, int z) { return ((size_t)x * n + y) * n + z; }

static void deposit(void) {
  size_t cells = (size_t)n * n * n;
  float mass = (float)cells / count;
#pragma omp parallel for num_threads(threads)
  for (size_t i = 0; i < cells; i++)
    density[i] = -1;
#pragma omp parallel for num_threads(threads)
  for (size_t p = 0; p < count; p++) {
    float fx, fy, fz;
    int x0 = cell(pos[3 * p], &fx), y0 = cell(pos[3 * p + 1], &fy), z0 = cell(pos[3 * p + 2], &fz);
    int x1 = x0 + 1 < n ? x0 + 1 : 0, y1 = y0 + 1 < n ? y0 + 1 : 0, z1 = z0 + 1 < n ? z0 + 1 : 0;
    float gx = mass * (1 - fx), gy = 1 - fy, gz = 1 - fz;
    fx *= mass;
#define ADD(x, y, z, w)  \
  _Pragma("omp atomic") \
  density[at(x, y, z)] += w
    ADD(x0, y0, z0, gx * gy * gz);
    ADD(x0, y0, z1, gx * gy * fz);
    ADD(x0, y1, z0, gx * fy * gz);
    ADD(x0, y1, z1, gx * fy * fz);
    ADD(x1, y0, z0, fx * gy * gz);
    ADD(x1, y0, z1, fx * gy * fz);
    ADD(x1, y1, z0, fx * fy * gz);
    ADD(x1, y1, z1, fx * fy * fz);
  }
}

// gradient sets work to the modes of one component of the gradient of the
// potential; the difference of the axis is i slope of its wave number.
static void gradient(int axis, const float *slope) {
  float norm = -1 / (4 * (float)M_PI * (float)M_PI * n * n * n);
#pragma omp parallel for num_threads(threads)
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      int kx = i <= n / 2 ? i : i - n, ky = j <= n / 2 ? j : j - n;
      size_t o = ((size_t)i * n + j) * (n / 2 + 1);
      for (int kz = 0; kz <= n / 2; kz++) {
        int k2 = kx * kx + ky * ky + kz * kz;
        float s = slope[axis == 0 ? i : axis == 1 ? j : kz];
        float g = k2 ? norm / k2 * s : 0;
        work[o + kz][0] = -g * modes[o + kz][1];
        work[o + kz][1] = g * modes[o + kz][0];
      }
    }
}

static void kickdrift(float kick, float drift) {
#pragma omp parallel for num_threads(threads)
  for (size_t p = 0; p < count; p++) {
    float fx, fy, fz;
    int x0 = cell(pos[3 * p], &fx), y0 = cell(pos[3 * p + 1], &fy), z0 = cell(pos[3 * p + 2], &fz);
    int x1 = x0 + 1 < n ? x0 + 1 : 0, y1 = y0 + 1 < n ? y0 + 1 : 0, z1 = z0 + 1 < n ? z0 + 1 : 0;
    float gx = 1 - fx, gy = 1 - fy, gz = 1 - fz;
    for (int a = 0; a < 3; a++) {
      const float *f = force[a];
      float g = gx * gy * (gz * f[at(x0, y0, z0)] + fz * f[at(x0, y0, z1)]) +
                gx * fy * (gz * f[at(x0, y1, z0)] + fz * f[at(x0, y1, z1)]) +
                fx * gy * (gz * f[at(x1, y0, z0)] + fz * f[at(x1, y0, z1)]) +
                fx * fy * (gz * f[at(x1, y1, z0)] + fz * f[at(x1, y1, z1)]);
      float v = mom[3 * p + a] -= kick * g;
      float x = pos[3 * p + a] + drift * v;
      x -= floorf(x);
      pos[3 * p + a] = x < 1 ? x : 0;
    }
  }
}

static float *field(void) { return fftwf_malloc((size_t)n * n * n * sizeof(float)); }

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: pmstep N THREADS FILE\n");
    return 2;
  }
  n = atoi(argv[1]), threads = atoi(argv[2]);
  FILE *in = fopen(argv[3], "rb");
  if (!in) {
    perror(argv[3]);
    return 1;
  }
  fseek(in, 0, SEEK_END);
  count = ftell(in) / (6 * sizeof(float));
  rewind(in);
  pos = malloc(3 * count * sizeof(float)), mom = malloc(3 * count * sizeof(float));
  if (fread(pos, 3 * sizeof(float), count, in) != count || fread(mom, 3 * sizeof(float), count, in) != count) {
    fprintf(stderr, "%s is cut short\n", argv[3]);
    return 1;
  }
  fclose(in);

  size_t half = (size_t)n * n * (n / 2 + 1);
  fftwf_init_threads();
  fftwf_plan_with_nthreads(threads);
  density = field();
  modes = fftwf_malloc(half * sizeof *modes), work = fftwf_malloc(half * sizeof *work);
  forth = fftwf_plan_dft_r2c_3d(n, n, n, density, modes, FFTW_MEASURE);
  for (int a = 0; a < 3; a++) {
    force[a] = field();
    back[a] = fftwf_plan_dft_c2r_3d(n, n, n, work, force[a], FFTW_MEASURE);
  }
  float *slope = malloc(n * sizeof *slope); // Eq. (6) of kernels/nbody
  for (int i = 0; i < n; i++)
    slope[i] = n * (8 * sin(2 * M_PI * i / n) - sin(4 * M_PI * i / n)) / 6;

  char line[16];
  while (fgets(line, sizeof line, stdin)) {
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    deposit();
    fftwf_execute(forth);
    for (int a = 0; a < 3; a++) {
      gradient(a, slope);
      fftwf_execute(back[a]);
    }
    kickdrift(1e-30f, 1e-30f);
    printf("%.9f %.9f\n", seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    fflush(stdout);
  }
  return 0;
}
