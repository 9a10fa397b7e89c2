"""The commands, a file for each part of the way: arguments and wiring; no logic.

Everything heavy is imported inside the commands: ``findbar --help`` answers at once.
"""
