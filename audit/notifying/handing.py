"""``findbar gaps export``: gaps as tasks of another system, one each, made once, changed and closed with the gap.

A task is known by its number in the ledger and by the last line of its text (``findbar: GAP``): where the ledger was
lost, or a process was killed between making and noting, the task is found again before another is made.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from audit.auditing import Workshop
from audit.looking import known_organisation, reading
from audit.model import Export, Result, Task
from audit.notifying.trackers import Text, Tracker, fence_of, headers_of, tracker_of
from audit.notifying.wire import Wire, WireProblemError
from audit.settings import TasksSettings
from audit.store import Store, handed
from audit.store import figures as figuring
from audit.store.handed import Handed
from audit.store.problems import explained
from audit.working import UnknownNameError, WorkingFolder

Wording = Callable[[Result, str], Sequence[Task]]  # a result and a unit (empty: all); the most valuable first
_MARK = re.compile(r"^findbar: (\S+)\s*$", re.MULTILINE)


class HandOverProblemError(RuntimeError):
    """No task can be handed over; the message says why and what to do."""


def hand_over(
    folder: WorkingFolder, workshop: Workshop, kind: str, word: Wording, comments: Mapping[str, str],
    organisation: str = "", unit: str = "", *, most: int = 100, dry: bool = False,
) -> Export:  # fmt: skip
    """Make, change and close tasks until they say what the latest audit found; at most ``most`` new ones.

    ``comments`` say why a task is closed or opened again, by closed, disputed and open. Raises `HandOverProblemError`,
    `UnknownNameError` and `StoreProblemError`; where the system refuses, what was done until then is in the answer.
    """
    settings = tasks_settings(folder, kind)
    token = workshop.environment.get(settings.token_env, "").strip()
    if not (token or dry):
        raise HandOverProblemError(
            f"The environment variable {settings.token_env} is empty. Put the key for {kind} there."
        )
    store = reading(folder.database) if dry else Store(folder.database)
    try:
        with explained(folder.database), Wire(settings.url.rstrip("/"), headers_of(kind, token)) as wire:
            chosen = [known_organisation(store, organisation)] if organisation else figuring.audited(store.tables)
            office = Office(kind, settings, store, workshop, tracker_of(kind, settings, wire), comments, most, dry)
            return office.all(chosen, partial(_worded, word, unit))
    finally:
        store.close()


def tasks_settings(folder: WorkingFolder, kind: str) -> TasksSettings:
    """The project that tasks go to. Raises `HandOverProblemError` where none is named."""
    for name, settings in folder.settings.tasks.items():
        if name == kind:
            return settings
    raise HandOverProblemError(f"findbar.toml has no [tasks.{kind}]: url, project and token_env are needed.")


def _worded(word: Wording, unit: str, result: Result) -> Sequence[Task]:
    known = {id_ for id_, _ in result.units}
    if unit and unit not in known:
        raise UnknownNameError("unit", unit, known)
    return word(result, unit)


def body_of(task: Task, fence: tuple[str, str]) -> str:
    """A task's text: facts, those of others and those to be pasted between ``fence``, and the mark it is known by."""
    begin, end = fence
    parts = [f"{label}: {value}" if not quoted else f"{label}:\n\n{begin}\n{_kept(value, begin)}\n{end}"
             for label, value, quoted in task.facts]  # fmt: skip
    return "\n\n".join([*parts, f"{begin}\nfindbar: {task.gap}\n{end}"]) + "\n"


def _kept(value: str, begin: str) -> str:
    """Text that cannot end the block it stands in."""
    return value.replace("`", "'") if begin.startswith("`") else value.replace("&", "&amp;").replace("<", "&lt;")


@dataclass
class Office:
    """Everything that handing over needs."""

    kind: str
    settings: TasksSettings
    store: Store
    workshop: Workshop
    tracker: Tracker
    comments: Mapping[str, str]
    most: int
    dry: bool
    _done: list[tuple[str, str, str, str]] = field(default_factory=list, init=False)
    _unchanged: int = field(default=0, init=False)
    _waiting: int = field(default=0, init=False)
    _found: dict[str, tuple[str, bool]] | None = field(default=None, init=False)

    @property
    def system(self) -> str:
        """What the ledger calls this project."""
        return f"{self.kind} {self.settings.url.rstrip('/')} {self.settings.project}"

    def all(self, organisations: Sequence[str], word: Callable[[Result], Sequence[Task]]) -> Export:
        """The tasks of every organisation."""
        problem = ""
        try:
            for organisation in organisations:
                run = figuring.run_before(self.store.tables, organisation)
                if run and (result := self.store.result(organisation, run[0])):
                    self._organisation(organisation, word(result))
        except WireProblemError as stopped:
            problem = str(stopped)
        return Export(
            system=self.kind, dry=self.dry, done=tuple(self._done), unchanged=self._unchanged, waiting=self._waiting,
            problem=problem,
        )  # fmt: skip

    def _organisation(self, organisation: str, tasks: Sequence[Task]) -> None:
        known = handed.handed(self.store.tables, self.system, organisation)
        for task in tasks:
            verb = self._verb(task, known.get(task.gap))
            if verb == "create" and sum(done[0] in ("create", "adopt") for done in self._done) >= self.most:
                self._waiting += 1
            elif verb:
                self._do(verb, task, known.get(task.gap), organisation)
            else:
                self._unchanged += 1
        for row, state in self._over(known, organisation):
            self._close(row, state, organisation)

    def _text(self, task: Task) -> Text:
        return Text(task.title, body_of(task, fence_of(self.kind)), task.due)

    def _verb(self, task: Task, row: Handed | None) -> str:
        """What is to be done about a gap that is open; nothing where its task says what it should."""
        if row is None or row.state == "making":
            return "create"
        if row.state == "closed":
            return "reopen"
        return "" if row.fingerprint == _fingerprint(self._text(task)) else "update"

    def _do(self, verb: str, task: Task, row: Handed | None, organisation: str) -> None:
        number = row.task if row else ""
        if not self.dry:
            verb, number = self._carry_out(verb, number, task, organisation)
            self._note(task.gap, number, _fingerprint(self._text(task)), "open", organisation)
        self._done.append((verb, task.gap, task.title, number))

    def _carry_out(self, verb: str, number: str, task: Task, organisation: str) -> tuple[str, str]:
        """Done; what it came to, and the task's number."""
        text = self._text(task)
        if verb == "create":
            if found := self._search().get(task.gap):
                verb, number = ("reopen" if found[1] else "adopt"), found[0]
            else:
                self._note(task.gap, "", "", "making", organisation)
                return verb, self.tracker.create(text)
        return self._there(task.gap, number, verb, lambda id_: self._change(verb, id_, text))

    def _change(self, verb: str, number: str, text: Text) -> None:
        self.tracker.update(number, text)
        if verb == "reopen":
            self.tracker.reopen(number, self.comments["open"])

    def _there(self, gap: str, number: str, verb: str, act: Callable[[str], None]) -> tuple[str, str]:
        """Act on a task; one that somebody deleted is let go, once the project proves to be still open to us."""
        try:
            act(number)
        except WireProblemError as problem:
            if problem.status not in (404, 410):
                raise
            if gap not in self._search():
                return "gone", number
            number = self._search()[gap][0]
            act(number)
        return verb, number

    def _search(self) -> dict[str, tuple[str, bool]]:
        """By gap, the tasks that are there already, with whether they are closed; the oldest of each counts."""
        if self._found is None:
            there = ((_MARK.findall(body), id_, shut) for id_, body, shut in self.tracker.existing())
            every = [(marks[-1], (id_, shut)) for marks, id_, shut in there if marks]  # the last one is ours
            self._found = dict(sorted(every, key=lambda pair: -int(pair[1][0])))
        return self._found

    def _over(self, known: Mapping[str, Handed], organisation: str) -> Iterator[tuple[Handed, str]]:
        """Open tasks whose gap is closed or disputed; one that was merely not looked at stays open."""
        lost = {g: Handed(g, id_, "", "open") for g, (id_, shut) in (self._found or {}).items() if not shut}
        rows = [row for row in {**lost, **known}.values() if row.state == "open"]
        states = handed.states_of(self.store.tables, organisation, (row.gap for row in rows))
        return ((row, states[row.gap]) for row in rows if states.get(row.gap, "open") != "open")

    def _close(self, row: Handed, state: str, organisation: str) -> None:
        verb, number = "close", row.task
        if not self.dry:
            verb, number = self._there(row.gap, number, verb, lambda id_: self.tracker.close(id_, self.comments[state]))
            self._note(row.gap, number, row.fingerprint, "closed", organisation)
        self._done.append((verb, row.gap, "", number))

    def _note(self, gap: str, number: str, fingerprint: str, state: str, organisation: str) -> None:
        row = Handed(gap, number, fingerprint, state)
        handed.keep(self.store.tables, self.system, organisation, row, self.workshop.clock.now())


def _fingerprint(text: Text) -> str:
    return hashlib.sha256(repr((text.title, text.body, text.due)).encode()).hexdigest()[:32]
