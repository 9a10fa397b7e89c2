"""What all reports of a federation say alike: how members lie, who may mend, how questions are answered."""

from __future__ import annotations

from collections.abc import Mapping

from audit.model import Node, Rolled, RolledGap, RolledPromise, RolledReplies, RolledWait
from reports.replies import share_in_words
from reports.texts import Texts

HARDLY = 0.5  # of 100: no range worth a word


def spread_in_words(group: Rolled, texts: Texts) -> str:
    """How the members lie, or that there are too few to tell."""
    told = group.spread
    if told is None:
        return texts.say("federation_few")
    median, p10, p90 = (texts.number(value) for value in (told.median, told.p10, told.p90))
    low = texts.percent(told.below)
    return texts.say("federation_spread", members=texts.number(told.members), median=median, p10=p10, p90=p90, low=low)


def whole_in_words(group: Rolled, texts: Texts) -> str:
    """What a group is together, in one sentence."""
    findable = group.findability
    known = {"organisations": texts.count("organisation", group.organisations), "share": texts.percent(group.coverage)}
    if findable.value is None:
        return texts.say("federation_unknown", **known)
    if (findable.high or 0.0) - (findable.low or 0.0) < HARDLY:
        return texts.say("federation_sure", value=texts.number(findable.value), **known)
    return texts.say("federation_whole", value=texts.number(findable.value), range=span(group, texts), **known)


def span(group: Rolled, texts: Texts) -> str:
    """The range of findability, or a dash."""
    low, high = group.findability.low, group.findability.high
    if low is None or high is None:
        return "–"
    return texts.say("range_short", low=texts.number(low), high=texts.number(high))


def who_may_fix(gap: RolledGap, texts: Texts) -> str:
    """Who may close it: members are legally independent."""
    return texts.say("federation_one_mail" if gap.one_cure else f"federation_by_{gap.edited_by.value}")


def wait_in_words(wait: RolledWait, texts: Texts) -> str:
    """How many questions of a window were answered, and from how many members that is known."""
    score = "–" if wait.score is None else texts.number(wait.score)
    return texts.say(
        "federation_wait",
        window=texts.window(wait.window),
        source=texts.source(wait.source),
        answered=texts.number(wait.answered),
        enquiries=texts.count("enquiry", wait.count),
        score=score,
        organisations=texts.count("organisation", wait.organisations),
    )


def shown_in_words(node: Node, platforms: Mapping[str, str], texts: Texts) -> list[tuple[str, list[str]]]:
    """Replies to reviews and comments, then promised reply times, each with the key of its title. None: nothing."""
    replies = [_replies(row, texts) for row in node.replies]
    promises = [_promise(one, platforms, texts) for one in node.promises]
    return [(key, lines) for key, lines in (("replies", replies), ("promises", promises)) if lines]


def _replies(row: RolledReplies, texts: Texts) -> str:
    where = texts.say("replies_own" if row.source == "imported" else "replies_public")
    title = f"{texts.count(row.kind, row.count)}, {where}"
    return f"{title} ({texts.count('organisation', row.organisations)}): {share_in_words(row, texts)}"


def _promise(one: RolledPromise, platforms: Mapping[str, str], texts: Texts) -> str:
    where = texts.say("promise_own") if one.source == "promised" else platforms.get(one.source, one.source)
    what = texts.swiftness(one.swiftness) if one.swiftness else texts.say("promise_not_understood")
    services = texts.count("service", one.services)
    return f"{where} ({texts.count('organisation', one.organisations)}): {what}, {services}"
