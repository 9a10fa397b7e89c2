"""An hour of coverage-guided fuzzing: every reader of foreign bytes is fed what reaches new lines of its code.

``python benchmarks/fuzzing.py [SECONDS] [TARGET ...]`` shares so many seconds (3,600) out among the targets, each in a
process of its own, and ends with 1 where one raised anything but its named errors, hung for ten seconds or took a
gigabyte; the input that did it lies in the folder named then. Needs atheris (Linux, ``pip install atheris``), which
is no dependency of findbar. It begins with the recorded cases and the hostile texts of the tests.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import atheris
from measuring import ROOT, table

with atheris.instrument_imports(include=["audit", "platforms", "protego", "warcio"], enable_loader_override=False):
    import platforms
    from audit.checker import Checker
    from audit.model import Visit
    from audit.organisation.catalogue import load_catalogue
    from audit.organisation.file import parse
    from audit.page import NotUnderstood, Page
    from audit.readers import (
        access_in,
        addresses_in,
        emails_in,
        entities,
        fees_in,
        from_german,
        from_schema,
        hours_in,
        links,
        listings,
        phones_in,
        repaired,
        sitemap,
        split_street,
    )
    from audit.registry import find
    from audit.store.evidence import body_of
    from audit.testing.cases import Recorded, cases
    from audit.visiting.robots import rules_from
    from audit.visiting.understanding import read
    from tests.hostile import TEXTS

_AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
_AGENT = "findbar/0.1 (fuzz@example.org)"


def checkers(data: bytes) -> None:
    """Every checker's reader; the first byte chooses the recorded answer that the rest replaces."""
    if not data:
        return
    every = _answers()
    checker, answer = every[data[0] % len(every)]
    try:
        read(checker, replace(answer.page, body=data[1:]))
    except NotUnderstood:
        return


def pages(data: bytes) -> None:
    """The shared readers of web pages."""
    page = Page(visit=Visit("https://site.example/"), at=_AT, url="https://site.example/", body=data)
    for _ in (entities(page), listings(page), links(page)):
        pass


def texts(data: bytes) -> None:
    """Readers of text: hours, phones, addresses, mail, access and fees."""
    text = data.decode("utf-8", "replace")
    for reader in (hours_in, from_german, repaired, phones_in, addresses_in, emails_in, access_in, fees_in):
        reader(text)
    from_schema(text.split("\n"))
    split_street(text)


def robots(data: bytes) -> None:
    """robots.txt, asked about an address and a pace."""
    rules = rules_from(Page(visit=Visit("https://site.example/robots.txt"), at=_AT, body=data))
    rules.allows("https://site.example/a?b=c", _AGENT)
    rules.delay(_AGENT)


def sitemaps(data: bytes) -> None:
    """Sitemaps, plain or packed."""
    try:
        sitemap(data)
    except NotUnderstood:
        return


def organisation(data: bytes) -> None:
    """Organisation files: every mistake is a problem in words."""
    parse(data.decode("utf-8", "replace"), load_catalogue(), file="fuzz.toml", today=date(2026, 11, 24))


def warc(data: bytes) -> None:
    """Records of evidence, torn or overwritten."""
    body_of(data)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (checkers, pages, texts, robots, sitemaps, organisation, warc)
}


@cache
def _answers() -> tuple[tuple[Checker, Recorded], ...]:
    found = cases(ROOT / "tests" / "recordings", find(platforms).checkers)
    return tuple((case.checker, answer) for case in found for answer in case.answers if answer.page.body)


def _seeds(target: str) -> Iterator[bytes]:
    """What fuzzing begins with."""
    every = _answers()
    if target == "checkers":
        yield from (bytes([number % 256]) + answer.page.body for number, (_, answer) in enumerate(every))
    elif target == "organisation":
        yield from (path.read_bytes() for path in sorted((ROOT / "demo").rglob("*.toml")))
    else:
        yield from (answer.page.body for _, answer in every)
        yield from (text[:2000].encode("utf-8", "replace") for text in TEXTS)
        yield b"User-agent: *\nCrawl-delay: 5\nDisallow: /*?x$\nSitemap: https://site.example/s.xml\n"
        yield b"Mo-Do 9-12 Uhr und 14-16 Uhr, Fr nach Vereinbarung\nTel. 089 62 72 87 88-0"


def fuzz(target: str, folder: Path, seconds: int) -> None:
    """One target in this process, which libFuzzer ends."""
    seeds = folder / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    for seed in _seeds(target):
        (seeds / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    told = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=1500", "-max_len=65536", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *told, f"-artifact_prefix={folder}/", str(seeds)], TARGETS[target])
    atheris.Fuzz()


def main(seconds: int, wanted: list[str]) -> int:
    """Every target for its share of the time; 1 where one failed."""
    folder = Path(tempfile.mkdtemp(prefix="fuzzing-"))
    rows, failed = [], False
    for target in wanted:
        share = str(seconds // len(wanted))
        command = [sys.executable, __file__, "--one", target, str(folder / target), share]
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
        done = next((line.split()[-1] for line in run.stderr.splitlines() if "number_of_executed_units" in line), "?")
        broken = run.returncode != 0
        rows.append((target, f"{done} inputs, {'FAILED' if broken else 'nothing found'}"))
        if broken:
            failed = True
            (folder / f"{target}.log").write_text(run.stdout + run.stderr)
    table(f"fuzzing, {seconds} s" + (f"; what failed lies in {folder}" if failed else ""), rows)
    return int(failed)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        fuzz(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        sys.exit(main(int((sys.argv[1:] or ["3600"])[0]), sys.argv[2:] or list(TARGETS)))
