# Benchmarks. What `go test` covers needs no make.

.PHONY: bench bench-peers

# Every kernel, in the units of its field, and what the program around them costs.
bench:
	go test ./kernels/... -run '^$$' -bench . -benchtime 10x
	go test ./cmd/runlua -run '^$$' -bench Host -benchtime 1x
	go test ./cmd/runlua -run '^$$' -bench Snapshot -benchtime 50x

# Ratios to other programs and, for voids and spectra, to transforms, measured in
# turn in one run. Where a peer's library is not installed, its comparison is left
# out.
bench-peers:
	$(MAKE) -C bench/peers
	RUNLUA_PEERS=$(CURDIR)/bench/peers/bin go test ./kernels/fft -run '^$$' -bench FFTW -benchtime 1x -timeout 60m
	RUNLUA_PEERS=$(CURDIR)/bench/peers/bin go test ./kernels/direct -run '^$$' -bench Peer -benchtime 1x -timeout 60m
	RUNLUA_PEERS=$(CURDIR)/bench/peers/bin go test ./kernels/nbody -run '^$$' -bench PlainC -benchtime 1x -timeout 60m
	go test ./bench/transforms -run '^$$' -bench . -benchtime 1x -timeout 60m
