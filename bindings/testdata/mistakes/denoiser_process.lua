denoiser.process {} --> denoiser\.process: command is required
---
denoiser.process { command = "python3 model.py" } --> denoiser\.process: command must be a list of words, the program first, got "python3 model\.py"
---
denoiser.process { command = {} } --> command must be a list of words, the program first, got an empty one
---
denoiser.process { command = { "python3", 3 } } --> command must be a list of words, the program first, got 3 at \[2\]
---
denoiser.process { command = { "python3" }, timout = 3 } --> there is no argument "timout"\n  hint: did you mean "timeout"\?
---
denoiser.process { command = { "python3" }, timeout = 0 } --> timeout must be a number from 0\.001 to 1e\+06, got 0
---
denoiser.process { command = { "python3" }, atoms = 2, dim = 5 } --> dim must be 3 for each of the 2 atoms, got 5\n  hint: atoms alone says it
---
denoiser.process { command = { "python3" }, rows = 0 } --> rows must be a whole number from 1 to 1048576, got 0
---
denoiser.process { command = { "python3", "model.py" } } --> denoiser\.process: the program must be one that the command line grants, got "python3"\n  hint: --allow-exec python3
