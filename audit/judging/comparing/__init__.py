"""Comparing one field of what is stated with what is shown: one file per field, all pure."""

from audit.judging.comparing.comparison import Comparison
from audit.judging.comparing.folding import fold, tokens

__all__ = ["Comparison", "fold", "tokens"]
