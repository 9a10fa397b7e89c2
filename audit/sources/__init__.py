"""Sources of exchanges that an organisation has itself: mailbox, help desk, call log, and the general file.

Reading is apart from meaning: `mailboxes`, `imap` and `files` open things, everything else is pure. No name,
address, subject or text leaves this package: what must be compared becomes a salted hash where it is read.
"""
