"""A particle-mesh simulation in plain numpy, written from the equations alone.

Reads positions and momenta (float64, n x 3 each) from standard input, evolves
them and writes them back: comoving leapfrog of Quinn et al. 1997 in steps uniform
in a, cloud-in-cell, Green's function -1/k^2, 4-point differences.

usage: second_opinion.py BOX MESH OMEGA_M MU A_START A_END STEPS
"""
import sys

import numpy as np

box, mesh, omega_m, mu, a_start, a_end, steps = (float(x) for x in sys.argv[1:])
mesh, steps = int(mesh), int(steps)
h = box / mesh
both = np.frombuffer(sys.stdin.buffer.read(), dtype="<f8")
n = len(both) // 6
x, p = both[: 3 * n].reshape(n, 3).copy(), both[3 * n :].reshape(n, 3).copy()


def integral(power, a0, a1):
    """Integral of da / (a^power E) by Gauss-Legendre in ln a."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    lna = 0.5 * (np.log(a1) - np.log(a0)) * (nodes + 1) + np.log(a0)
    a = np.exp(lna)
    e = np.sqrt(omega_m * a**-3 + 1 - omega_m)
    return 0.5 * (np.log(a1) - np.log(a0)) * np.sum(weights * a ** (1 - power) / e)


def corners(x):
    """The eight mesh points around each particle and their weights."""
    cell = np.floor(x / h).astype(int)
    frac = x / h - cell
    for corner in np.ndindex(2, 2, 2):
        index = tuple(((cell + corner) % mesh).T)
        weight = np.prod(np.where(corner, frac, 1 - frac), axis=1)
        yield index, weight


def gradient(x):
    """The gradient of phi at the particles, laplacian(phi) = 1.5 omega_m mu delta."""
    delta = np.zeros((mesh,) * 3)
    for index, weight in corners(x):
        np.add.at(delta, index, weight)
    delta = delta * mesh**3 / n - 1
    k = 2 * np.pi * np.fft.fftfreq(mesh, h)
    k2 = k[:, None, None] ** 2 + k[None, :, None] ** 2 + k[None, None, :] ** 2
    k2[0, 0, 0] = 1
    modes = -1.5 * omega_m * mu * np.fft.fftn(delta) / k2
    modes[0, 0, 0] = 0
    phi = np.fft.ifftn(modes).real
    out = np.zeros((n, 3))
    for axis in range(3):
        step = lambda s: np.roll(phi, -s, axis)
        slope = (8 * (step(1) - step(-1)) - (step(2) - step(-2))) / (12 * h)
        for index, weight in corners(x):
            out[:, axis] += weight * slope[index]
    return out


edges = np.linspace(a_start, a_end, steps + 1)
for a0, a1 in zip(edges[:-1], edges[1:]):
    middle = (a0 + a1) / 2
    p -= integral(2, a0, middle) * gradient(x)
    x = (x + integral(3, a0, a1) * p) % box
    p -= integral(2, middle, a1) * gradient(x)
sys.stdout.buffer.write(x.tobytes() + p.tobytes())
