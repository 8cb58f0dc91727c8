std = "lua51"
read_globals = { "options", "linspace", "values" }
max_line_length = 140
