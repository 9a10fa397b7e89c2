"""What is expected: the organisation file, the service catalogue, drafting and importing.

Nothing is imported here, so that reading a file does not load the importers.
"""
