"""The shared readers: what a checker may use to read a page. Pure, and safe on hostile input."""

from audit.readers.addresses import absolute, base, same_site, split, untracked
from audit.readers.contact import (
    access_in,
    addresses_in,
    emails,
    emails_in,
    fees_in,
    lines,
    phones,
    phones_in,
    split_street,
    unique_phones,
)
from audit.readers.feeds import Entry, Feed, feed
from audit.readers.hours import from_german, from_periods, from_schema, from_specification, repaired
from audit.readers.hours_text import hours_in
from audit.readers.links import links, profile, tool
from audit.readers.listings import listings
from audit.readers.objects import Object, part, rows, string
from audit.readers.osm import listing as osm_listing
from audit.readers.pages import (
    best,
    breaks_off,
    is_shell,
    listing_of,
    name_of,
    note_of,
    understood,
    value_of,
    words_of,
    worth_visiting,
)
from audit.readers.parts import parts_of
from audit.readers.profiles import account, addresses, bearers, is_own, name_in, namesakes, other_account, parameter
from audit.readers.questions import (
    Said,
    commented,
    day,
    earliest,
    exchange,
    exchanges,
    hashed,
    is_question,
    kind_of,
    latest,
    moment,
)
from audit.readers.sitemaps import Sitemap, sitemap, sitemaps_of_robots
from audit.readers.slots import BERLIN, of_minutes, slot_start, slot_times, slots_of
from audit.readers.structured import Entity, entities
from audit.readers.words import fold, named

__all__ = [
    "BERLIN", "Entity", "Entry", "Feed", "Object", "Said", "Sitemap", "absolute", "access_in", "account",
    "addresses", "addresses_in", "base", "bearers", "best", "breaks_off", "commented", "day", "earliest",
    "emails", "emails_in", "entities", "exchange", "exchanges", "feed", "fees_in", "fold", "from_german",
    "from_periods", "from_schema", "from_specification", "hashed", "hours_in", "is_own", "is_question",
    "is_shell", "kind_of", "latest", "lines", "links", "listing_of", "listings", "moment", "name_in", "name_of",
    "named", "namesakes", "note_of", "of_minutes", "osm_listing", "other_account", "parameter", "part",
    "parts_of", "phones", "phones_in", "profile", "repaired", "rows", "same_site", "sitemap",
    "sitemaps_of_robots", "slot_start", "slot_times", "slots_of", "split", "split_street", "string", "tool",
    "understood", "unique_phones", "untracked", "value_of", "words_of", "worth_visiting",
]  # fmt: skip
