structure.read("words.txt") --> structure\.read: words\.txt: must be mmCIF or PDB, got neither a data_ block nor ATOM records$
---
structure.read("no.cif") --> structure\.read: there is no file no\.cif
---
structure.read("two.pdb", { atom = "CA" }) --> there is no argument "atom"\n  hint: did you mean "atoms"\?
---
structure.read("two.pdb", { chain = "B" }) --> structure\.read: two\.pdb: the selection must have atoms, got none; there are chains A, residues 1 to 2, atoms CA, models 1 to 2$
---
structure.read("two.pdb", { models = 3 }) --> two\.pdb: models must be from 1 to 2, got 3$
---
structure.read("two.pdb", { models = { 2, 1 } }) --> models must be ascending whole numbers from 1, got 1$
---
structure.read("two.pdb", { models = 1.5 }) --> models must be a whole number or a list of them, got 1\.5$
---
structure.read("two.pdb", { residues = "40-3" }) --> residues must be ranges such as "3-40" or "3-40,52", the lower number first, got "40-3"$
---
structure.read("two.pdb", { chain = { "A", 5 } }) --> chain must be a string or a list of strings, got 5 at \[2\]$
---
structure.read("cut.pdb") --> structure\.read: cut\.pdb: line 2: ATOM must have 54 columns or more, got 39: the file may be cut off$
---
structure.read("two.pdb"):select { atoms = "CB" } --> structure:select: the selection must have atoms, got none; there are chains A
---
local s = structure.read("two.pdb")
s.atoms({}) --> structure:atoms: call it with a colon
---
structure.radius_of_gyration({ 1, 2, 3 }) --> structure\.radius_of_gyration: x must be a structure or an array of \[models ×\] atoms × 3, got an array of 3 numbers$
---
structure.rmsf({ { 0, 0 / 0, 0 } }) --> structure\.rmsf: x must be
---
structure.rmsf(array.zeros(2, 2, 3):log()) --> structure\.rmsf: x must hold finite coordinates, got -Inf for x of atom 1$
---
structure.rmsd({ { 0, 0, 0 } }, { { 0, 0, 0 }, { 1, 1, 1 } }) --> structure\.rmsd: y must have the same atoms, got 2 and not 1$
---
structure.superpose({ { 0, 0, 0 } }) --> structure\.superpose: target is required where x is one model
---
structure.superpose(array.zeros(2, 2, 3), { target = array.zeros(2, 2, 3) }) --> structure\.superpose: target must be one model, got 2
---
structure.superpose(array.zeros(2, 2, 3), { weights = { 1, 2, 3 } }) --> structure\.superpose: weights must be one number for each of 2 atoms, got 3$
---
structure.radius_of_gyration(array.zeros(2, 3), { masses = { 0, -1 } }) --> masses: weights must be finite and not negative, got -1 for point 2$
---
local s = structure.read("two.pdb")
structure.write { file = "out.pdb", structure = s } --> structure\.write: file must be a file's name that ends in \.cif, got "out\.pdb"$
---
local s = structure.read("two.pdb")
structure.write { file = "out.cif", structure = s, coordinates = { { 0, 0, 0 } } } --> structure\.write: coordinates must have the atoms of the structure, got 1 and not 2$
---
local s = structure.read("two.pdb")
structure.write { file = "out.cif", structure = s, settings = { 1, 2 } } --> structure\.write: settings must be a table with names, got a list$
