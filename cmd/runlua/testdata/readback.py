"""Reads the files of a design back by gemmi and Biopython, and compares with the
coordinates that the run directory recorded: readback.py RUNDIR"""
import io
import json
import sqlite3
import sys
import warnings
from pathlib import Path

import gemmi
import numpy
from Bio.PDB.MMCIFParser import MMCIFParser

run = Path(sys.argv[1])
db = sqlite3.connect(run / "run.db")
rows = db.execute("""SELECT params, npy, path FROM tasks JOIN arrays USING (task) JOIN artifacts USING (task)
                     WHERE tasks.name = 'sample' AND arrays.name = 'coordinates'""").fetchall()
for params, npy, path in rows:
    index = json.loads(params)["index"]
    assert path.endswith("_sample_%d.cif" % index), (path, index)
    recorded = numpy.load(io.BytesIO(npy))
    file = str(run / path)

    (model,) = gemmi.read_structure(file)
    by_gemmi = numpy.array([a.pos.tolist() for chain in model for residue in chain for a in residue])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (model,) = MMCIFParser().get_structure("s", file)
    by_biopython = numpy.array([a.coord for a in model.get_atoms()], dtype=float)

    # Three decimals are written; Biopython keeps single precision.
    for name, got, limit in ("gemmi", by_gemmi, 0.00051), ("Biopython", by_biopython, 0.00052):
        assert got.shape == recorded.shape, (path, name, got.shape, recorded.shape)
        worst = numpy.abs(got - recorded).max()
        assert worst < limit, (path, name, worst)
print(len(rows), "files")
