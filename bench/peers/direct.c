// The forces of kernels/direct by an AVX2 kernel written by hand: single
// precision, Plummer's softening, every ordered pair. A thread takes sixteen
// targets at a time, in the lanes of two vectors, and broadcasts the sources;
// 1/sqrt is VRSQRTPS and one step of Newton's.
//
//   direct N THREADS   waits for lines on standard input and answers each with
//                      the seconds of one force on all particles, by the clock
//                      and by the processors.
//   direct N THREADS error   tells the largest and the root mean square error
//                      against double precision, over the root mean square force.
#include <immintrin.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TARGETS = 16, CHUNK = 64 };

static int n, threads; // n is a multiple of CHUNK
static float eps2;
static float *x, *y, *z, *m, *ax, *ay, *az;
static float *source; // x y z m of each
static atomic_int next;

// One vector of targets, one source.
#define PULL(px, py, pz, sx, sy, sz)                                           \
  do {                                                                         \
    __m256 dx = _mm256_sub_ps(qx, px), dy = _mm256_sub_ps(qy, py),             \
           dz = _mm256_sub_ps(qz, pz);                                         \
    __m256 r2 = _mm256_fmadd_ps(                                               \
        dx, dx, _mm256_fmadd_ps(dy, dy, _mm256_fmadd_ps(dz, dz, soft)));       \
    __m256 u = _mm256_rsqrt_ps(r2); /* Newton: u(3 - r2 u^2)/2, the halves in m */ \
    u = _mm256_mul_ps(                                                         \
        u, _mm256_fnmadd_ps(_mm256_mul_ps(r2, u), u, three));                  \
    __m256 w = _mm256_mul_ps(_mm256_mul_ps(qm, u), _mm256_mul_ps(u, u));       \
    sx = _mm256_fmadd_ps(w, dx, sx);                                           \
    sy = _mm256_fmadd_ps(w, dy, sy);                                           \
    sz = _mm256_fmadd_ps(w, dz, sz);                                           \
  } while (0)

static void targets(int i) {
  __m256 x0 = _mm256_loadu_ps(x + i), x1 = _mm256_loadu_ps(x + i + 8);
  __m256 y0 = _mm256_loadu_ps(y + i), y1 = _mm256_loadu_ps(y + i + 8);
  __m256 z0 = _mm256_loadu_ps(z + i), z1 = _mm256_loadu_ps(z + i + 8);
  __m256 ax0 = _mm256_setzero_ps(), ay0 = ax0, az0 = ax0, ax1 = ax0, ay1 = ax0, az1 = ax0;
  __m256 soft = _mm256_set1_ps(eps2), three = _mm256_set1_ps(3);
  for (int j = 0; j < n; j++) {
    const float *s = source + 4 * j;
    __m256 qx = _mm256_broadcast_ss(s), qy = _mm256_broadcast_ss(s + 1);
    __m256 qz = _mm256_broadcast_ss(s + 2), qm = _mm256_broadcast_ss(s + 3);
    PULL(x0, y0, z0, ax0, ay0, az0);
    PULL(x1, y1, z1, ax1, ay1, az1);
  }
  _mm256_storeu_ps(ax + i, ax0), _mm256_storeu_ps(ax + i + 8, ax1);
  _mm256_storeu_ps(ay + i, ay0), _mm256_storeu_ps(ay + i + 8, ay1);
  _mm256_storeu_ps(az + i, az0), _mm256_storeu_ps(az + i + 8, az1);
}

static void *work(void *arg) {
  for (int i; (i = atomic_fetch_add(&next, CHUNK)) < n;)
    for (int k = 0; k < CHUNK; k += TARGETS)
      targets(i + k);
  return arg;
}

static void force(void) {
  pthread_t other[64];
  for (int j = 0; j < n; j++) {
    source[4 * j] = x[j], source[4 * j + 1] = y[j], source[4 * j + 2] = z[j];
    source[4 * j + 3] = m[j] / 8; // the halves of three u
  }
  next = 0;
  for (int t = 1; t < threads; t++)
    pthread_create(&other[t], NULL, work, NULL);
  work(NULL);
  for (int t = 1; t < threads; t++)
    pthread_join(other[t], NULL);
}

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static double uniform(void) { return (rand() + 0.5) / (RAND_MAX + 1.0); }

static void errors(void) {
  double worst = 0, squares = 0, norm = 0;
  for (int i = 0; i < n; i++) {
    double a = 0, b = 0, c = 0;
    for (int j = 0; j < n; j++) {
      double dx = (double)x[j] - x[i], dy = (double)y[j] - y[i], dz = (double)z[j] - z[i];
      double r2 = dx * dx + dy * dy + dz * dz + eps2, w = m[j] / (r2 * sqrt(r2));
      a += w * dx, b += w * dy, c += w * dz;
    }
    double e = pow(ax[i] - a, 2) + pow(ay[i] - b, 2) + pow(az[i] - c, 2);
    worst = fmax(worst, e), squares += e, norm += a * a + b * b + c * c;
  }
  printf("largest error %.2e, root mean square %.2e of the root mean square force\n",
         sqrt(worst / (norm / n)), sqrt(squares / norm));
}

int main(int argc, char **argv) {
  if (argc < 3 || (n = atoi(argv[1])) < CHUNK || n % CHUNK || (threads = atoi(argv[2])) < 1 || threads > 64) {
    fprintf(stderr, "usage: direct N THREADS [error], N a multiple of %d, at most 64 threads\n", CHUNK);
    return 2;
  }
  float **arrays[] = {&x, &y, &z, &m, &ax, &ay, &az};
  for (int k = 0; k < 7; k++)
    *arrays[k] = aligned_alloc(64, n * sizeof(float));
  source = aligned_alloc(64, 4 * n * sizeof(float));
  eps2 = 0.01f * 0.01f;
  for (int i = 0; i < n; i++) { // Plummer's sphere
    double r = 1 / sqrt(pow(uniform(), -2.0 / 3) - 1), c = 2 * uniform() - 1, p = 2 * M_PI * uniform();
    x[i] = r * sqrt(1 - c * c) * cos(p), y[i] = r * sqrt(1 - c * c) * sin(p), z[i] = r * c, m[i] = 1.0 / n;
  }
  if (argc > 3) {
    force();
    errors();
    return 0;
  }
  char line[16];
  while (fgets(line, sizeof line, stdin)) {
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    force();
    printf("%.9f %.9f\n", seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    fflush(stdout);
  }
  return 0;
}
