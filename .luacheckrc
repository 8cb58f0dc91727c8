std = "lua51"
read_globals = { "options", "chunks", "warn", "linspace", "values" }
max_line_length = 140
