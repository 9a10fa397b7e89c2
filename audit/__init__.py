"""findbar's engine, and the SDK that checker authors import: what is named here, and `audit.readers`."""

from audit.checker import Checker, Control, DataChecker, Key, Known, Platform, Secret, Terms
from audit.model import (
    About,
    Access,
    Action,
    Address,
    Ask,
    EditedBy,
    Exchange,
    Item,
    Kind,
    Link,
    Listing,
    More,
    Nothing,
    Query,
    Reason,
    Retention,
    Slot,
    Standing,
    Via,
    Visit,
)
from audit.page import Node, NotUnderstood, Page, squash

__all__ = [
    "About", "Access", "Action", "Address", "Ask", "Checker", "Control", "DataChecker", "EditedBy",
    "Exchange", "Item", "Key", "Kind", "Known", "Link", "Listing", "More", "Node", "NotUnderstood", "Nothing",
    "Page", "Platform", "Query", "Reason", "Retention", "Secret", "Slot", "Standing", "Terms", "Via",
    "Visit", "squash",
]  # fmt: skip
