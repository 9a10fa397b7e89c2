"""What a run came to, counted over all its organisations, and its figures for Prometheus. Pure.

Names and types as Prometheus asks for: base units, ``_ratio`` from 0 to 1, ``_timestamp_seconds`` in Unix time, gauges
for what the last run came to (prometheus.io/docs/practices/naming and /instrumenting/exposition_formats, 2026-11-24).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from audit.model import Cell, Reason, Result, State, Tally

MOST = 200  # organisations with figures of their own: Prometheus keeps a series for each
_BY_DECISION = frozenset(
    {
        Reason.NEEDS_KEY, Reason.NEEDS_PERSON, Reason.NEEDS_DATASET, Reason.SWITCHED_OFF, Reason.ROBOTS_FORBIDDEN,
        Reason.TERMS_FORBID_BOTS, Reason.NO_BROWSER, Reason.PROFILE_UNKNOWN, Reason.UNCLEAR_MATCH, Reason.OUTSIDE_DATA,
    }
)  # fmt: skip  # not this night's fault


def tally(results: Sequence[Result]) -> Tally:
    """The sum of one run's results, of which there is at least one."""
    cells = Counter(cell.state for result in results for cell in result.cells)
    weights = [math.fsum(c.weight for c in r.cells if c.state is not State.NOT_APPLICABLE) for r in results]
    known = math.fsum(w * r.score.coverage for w, r in zip(weights, results, strict=True))
    return Tally(
        run=results[0].run,
        started=min(result.started for result in results),
        finished=max(result.finished for result in results),
        cells=tuple((state, cells[state]) for state in State),
        coverage=known / (math.fsum(weights) or 1.0),
        skipped=_skipped(results),
        each=tuple((result.organisation, result.score.coverage, len(result.gaps)) for result in results),
    )


def _skipped(results: Iterable[Result]) -> tuple[tuple[str, str, Reason], ...]:
    """Platforms of which nothing could be seen in this run, for a reason of this run."""
    cells: dict[str, list[Cell]] = {}
    names: dict[str, str] = {}
    for result in results:
        names |= {column.id: column.name for column in result.columns}
        for cell in result.cells:
            if cell.state is not State.NOT_APPLICABLE and cell.reason not in _BY_DECISION:
                cells.setdefault(cell.platform, []).append(cell)
    dark = {id_: some for id_, some in cells.items() if all(c.state is State.UNKNOWN or c.carried_from for c in some)}
    return tuple((id_, names.get(id_, id_), _usual(some)) for id_, some in sorted(dark.items()))


def _usual(cells: Iterable[Cell]) -> Reason:
    return Counter(cell.reason or Reason.NOT_RUN for cell in cells).most_common(1)[0][0]


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
