"""What a run came to, counted over all its organisations, and its figures for Prometheus. Pure.

Names and types as Prometheus asks for: base units, ``_ratio`` from 0 to 1, ``_timestamp_seconds`` in Unix time, gauges
for what the last run came to (prometheus.io/docs/practices/naming and /instrumenting/exposition_formats, 2026-11-24).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from audit.model import Cell, Reason, Result, State, Tally

MOST = 200  # organisations with figures of their own: Prometheus keeps a series for each
_BY_DECISION = frozenset(
    {
        Reason.NEEDS_KEY, Reason.NEEDS_PERSON, Reason.NEEDS_DATASET, Reason.SWITCHED_OFF, Reason.ROBOTS_FORBIDDEN,
        Reason.TERMS_FORBID_BOTS, Reason.NO_BROWSER, Reason.PROFILE_UNKNOWN, Reason.UNCLEAR_MATCH, Reason.OUTSIDE_DATA,
    }
)  # fmt: skip  # not this night's fault


def tally(results: Iterable[Result]) -> Tally:
    """The sum of one run's results, of which there is at least one."""
    counted = Tallying()
    for result in results:
        counted.take(result)
    return counted.tally()


@dataclass
class Tallying:
    """Takes in the results of one run, one by one; none of them is kept."""

    _each: list[tuple[str, float, int]] = field(default_factory=list)
    _weights: list[float] = field(default_factory=list)
    _states: Counter[State] = field(default_factory=Counter)
    _names: dict[str, str] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)  # platforms of which something could be seen
    _dark: defaultdict[str, Counter[Reason]] = field(default_factory=lambda: defaultdict(Counter))
    _run: tuple[str, datetime, datetime] | None = None

    def take(self, result: Result) -> None:
        """One more organisation."""
        _, started, finished = self._run or ("", result.started, result.finished)
        self._run = result.run, min(started, result.started), max(finished, result.finished)
        applicable = [cell for cell in result.cells if cell.state is not State.NOT_APPLICABLE]
        self._weights.append(math.fsum(cell.weight for cell in applicable))
        self._each.append((result.organisation, result.score.coverage, len(result.gaps)))
        self._states.update(cell.state for cell in result.cells)
        self._names |= {column.id: column.name for column in result.columns}
        for cell in applicable:
            self._look(cell)

    def _look(self, cell: Cell) -> None:
        if cell.reason in _BY_DECISION:
            return
        if cell.state is State.UNKNOWN or cell.carried_from:
            self._dark[cell.platform][cell.reason or Reason.NOT_RUN] += 1
        else:
            self._seen.add(cell.platform)

    def tally(self) -> Tally:
        """What they came to. Raises ValueError where there was none."""
        if self._run is None:
            raise ValueError("no result was taken in")
        run, started, finished = self._run
        known = math.fsum(w * coverage for w, (_, coverage, _) in zip(self._weights, self._each, strict=True))
        dark = sorted(self._dark.keys() - self._seen)
        return Tally(
            run=run,
            started=started,
            finished=finished,
            cells=tuple((state, self._states[state]) for state in State),
            coverage=known / (math.fsum(self._weights) or 1.0),
            skipped=tuple((id_, self._names.get(id_, id_), self._dark[id_].most_common(1)[0][0]) for id_ in dark),
            each=tuple(self._each),
        )


def metrics(run: Tally, visits: Mapping[str, int], told: Mapping[str, int]) -> str:
    """The run in Prometheus' text format; ``visits`` by outcome, ``told`` digests by state."""
    some = run.each if len(run.each) <= MOST else ()
    families: Iterable[tuple[str, str, Sequence[tuple[Mapping[str, str], float]]]] = (
        ("last_success_timestamp_seconds", "When the last run was complete.", [({}, run.finished.timestamp())]),
        ("run_duration_seconds", "How long it took.", [({}, (run.finished - run.started).total_seconds())]),
        ("organisations", "Organisations in it.", [({}, len(run.each))]),
        ("coverage_ratio", "Share of the weight that was checked.", [({}, run.coverage)]),
        ("cells", "Services at places on platforms, by state.", [({"state": s.value}, n) for s, n in run.cells]),
        ("gaps", "Open gaps.", [({}, run.gaps)]),
        ("run_visits", "Visits made, by outcome.", [({"outcome": o}, n) for o, n in visits.items()]),
        ("platform_skipped", "Platforms of which nothing could be seen.",
         [({"platform": id_, "reason": reason.value}, 1) for id_, _, reason in run.skipped]),
        ("digests", "Digests of the run, by what came of them.", [({"state": s}, n) for s, n in told.items()]),
        ("organisation_coverage_ratio", "The same share for one.", [({"organisation": o}, k) for o, k, _ in some]),
        ("organisation_gaps", "Open gaps of one.", [({"organisation": o}, n) for o, _, n in some]),
    )  # fmt: skip
    return "".join(_family(f"findbar_{name}", text, samples) for name, text, samples in families if samples)


def _family(name: str, text: str, samples: Sequence[tuple[Mapping[str, str], float]]) -> str:
    lines = [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
    lines += [f"{name}{_labels(labels)} {float(value)!r}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    inner = ",".join(f'{key}="{_escaped(value)}"' for key, value in labels.items())
    return f"{{{inner}}}" if inner else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
