"""Elastic networks of the coordinates on standard input, by ProDy.

Prints one JSON object: for anm and gnm the eigenvalues, ascending, without
those that are zero, and the mean square fluctuations of the atoms.
"""
import json
import sys
import warnings

warnings.simplefilter("ignore")

import numpy  # noqa: E402
import prody  # noqa: E402

prody.confProDy(verbosity="none")
coords = numpy.loadtxt(sys.stdin, comments="#")
out = {}
for name, network, cutoff in (("anm", prody.ANM(), 15.0), ("gnm", prody.GNM(), 10.0)):
    if name == "anm":
        network.buildHessian(coords, cutoff=cutoff, gamma=1.0)
    else:
        network.buildKirchhoff(coords, cutoff=cutoff, gamma=1.0)
    network.calcModes(n_modes=None)
    out[name] = {
        "eigenvalues": network.getEigvals().tolist(),
        "fluctuations": prody.calcSqFlucts(network).tolist(),
    }
json.dump(out, sys.stdout)
