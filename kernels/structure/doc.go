// Package structure reads and writes the coordinates of molecules, mmCIF and PDB,
// selects among their atoms, and superposes and measures ensembles of them.
//
// # Superposition
//
// The rotation R and the translation t that take the points x to the points y
// with the least
//
//	E = Σ_i w_i |R x_i + t − y_i|²                                     (1)
//
// come from the covariance of the centred points (Kabsch 1976, Acta Cryst. A32,
// 922; 1978, A34, 827; Umeyama 1991, IEEE PAMI 13, 376, eqs. 34–42)
//
//	C = Σ_i w_i (y_i − ȳ)(x_i − x̄)ᵀ = U S Vᵀ                           (2)
//	R = U diag(1, 1, det U det V) Vᵀ,   t = ȳ − R x̄                    (3)
//
// R is computed without the decomposition, as the rotation of the unit quaternion
// that is the eigenvector of the largest eigenvalue (Horn 1987, J. Opt. Soc. Am. A4,
// 629, eq. 45) of the symmetric matrix
//
//	    | Cxx+Cyy+Czz   Czy−Cyz       Cxz−Czx       Cyx−Cxy     |
//	N = |      .        Cxx−Cyy−Czz   Cxy+Cyx       Cxz+Czx     |      (8)
//	    |      .             .        Cyy−Cxx−Czz   Cyz+Czy     |
//	    |      .             .             .        Czz−Cxx−Cyy |
//
// R is always a proper rotation, det R = 1: a mirror image is not brought to lie
// on its original. Points on a line, or in one place, leave rotations free; one of
// the best is returned.
//
//	RMSD = √(E / Σ_i w_i)                                              (4)
//
// # Ensembles
//
// With models m = 1 … M of the same atoms i, superposed on their common mean,
// which is found by turns of superposition and averaging,
//
//	RMSF_i = √(1/M Σ_m |x_mi − ⟨x_i⟩|²)                                (5)
//	B_i    = 8π²/3 RMSF_i²                                             (6)
//	R_g    = √(Σ_i m_i |x_i − x̄|² / Σ_i m_i),  x̄ weighted by m_i         (7)
//
// (5) is the spread of the models themselves, divided by M.
//
// # What is read
//
// mmCIF: the whole syntax of CIF 1.1 (Hall, Allen & Brown 1991, Acta Cryst. A47,
// 655; International Tables G, 2.2) but for save frames, which only dictionaries
// have. PDB: the columns of format 3.3, MODEL and ENDMDL, hybrid-36 residue
// numbers. Lengths are Å, B-factors Å².
//
// Alternate locations: of each atom the one of highest occupancy is taken, of
// equals the first. Where a position has several residues, the one with the atom
// of highest occupancy is taken whole. Warnings say how many were dropped.
//
// Every model must have the atoms of the first, in its order. What is wrong in a
// file is an error that names line, rule and value.
//
// # What is written
//
// mmCIF for the dictionary mmcif_pdbx, with 3 decimals. Names, numbers and
// insertion codes by the author (auth_*) are those of the atoms; the label_* items,
// entities and sequences are made from the residues that are written, so that
// they agree with one another whatever was selected. That dictionary knows no
// categories of others, and validators refuse them: seed, sample and settings stand
// in _audit.creation_method, one to a line, the program in _software.
package structure

// Version is raised whenever the numbers read or computed or the bytes written
// change.
const Version = 2
