"""One platform per file; platforms that a person looks at are rows of ``assisted*.toml``."""
