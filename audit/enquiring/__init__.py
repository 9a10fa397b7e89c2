"""Test enquiries by mail to one's own organisation (``findbar enquiries send``): allowed, planned, worded, sent.

Everything here is pure but `mailing` (SMTP) and `sending`, which puts the steps together.
"""
