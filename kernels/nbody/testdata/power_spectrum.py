"""The power spectrum of particles in a periodic box, in plain numpy.

Reads positions (float64, n x 3) from standard input: cloud-in-cell, its window
divided out, the mean over shells one fundamental wave number wide up to the Nyquist
wave number. Writes lines "k,P,modes", k the mean over the shell in h/Mpc, P in
(Mpc/h)^3 and k and -k one mode.

usage: power_spectrum.py BOX MESH
"""
import sys

import numpy as np

box, mesh = float(sys.argv[1]), int(sys.argv[2])
x = np.frombuffer(sys.stdin.buffer.read(), dtype="<f8").reshape(-1, 3) * mesh / box
cell = np.floor(x).astype(int)
frac = x - cell
delta = np.zeros((mesh,) * 3)
for corner in np.ndindex(2, 2, 2):
    weight = np.prod(np.where(corner, frac, 1 - frac), axis=1)
    np.add.at(delta, tuple(((cell + corner) % mesh).T), weight)
delta = delta * mesh**3 / len(x) - 1

m = np.fft.fftfreq(mesh, 1 / mesh)
mx, my, mz = np.meshgrid(m, m, m, indexing="ij")
window = (np.sinc(mx / mesh) * np.sinc(my / mesh) * np.sinc(mz / mesh)) ** 2
power = np.abs(np.fft.fftn(delta) / window) ** 2 * box**3 / mesh**6
size = np.sqrt(mx**2 + my**2 + mz**2)
for shell in range(1, mesh // 2):
    inside = (size >= shell) & (size < shell + 1)
    k = size[inside].mean() * 2 * np.pi / box
    print(f"{k!s},{power[inside].mean()!s},{inside.sum() // 2}")
