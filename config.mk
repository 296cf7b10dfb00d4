# What the Makefile's run, start and list use. Change it here, or for once on
# the command line: make run PORT=8080

# ADDR and PORT are what the receiver listens on.
ADDR  ?= 127.0.0.1
PORT  ?= 9888

# STORE is the file of the event store; empty: the program's own default.
STORE ?=

# ARGS are further arguments, such as: --public-url https://hooks.example.com
# Secrets don't belong here, where other users of the machine can see them: put
# them into UP42_WEBHOOK_SECRET, or into a file and name that with --secret-file.
ARGS  ?=
