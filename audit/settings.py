"""The working folder's ``findbar.toml``: who asks, where, how fast, and what may be used (docs/configuration.md)."""

from __future__ import annotations

import difflib
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from audit.nesting import has_endless_key

NAME = "findbar.toml"
_MAX_BYTES = 1_000_000


class SettingsProblemError(ValueError):
    """The file cannot be used; the message says what is wrong, where, and what to do."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DatasetSettings(_Table):
    """A local data set: file, box (south, west, north, east in degrees), day and licence."""

    file: Path
    area: tuple[float, float, float, float] | None = None
    as_of: date | None = None
    max_age_days: Annotated[int, Field(gt=0)] = 120
    licence: str = ""


class ControlSettings(_Table):
    """The known entry of a way, where a base URL was replaced by a server with other data."""

    name: str
    words: tuple[str, ...] = ()
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    profile: str = ""
    website: str = ""


_Days = Annotated[int, Field(ge=0, le=36_500)]


class RetentionSettings(_Table):
    """How many days stored data are kept until ``findbar data prune`` deletes them."""

    evidence_days: _Days = 90
    visits_days: _Days = 400
    personal_days: _Days = 180
    abandoned_days: _Days = 7


class ReportSettings(_Table):
    """The report's own look: name, logo (PNG or JPEG), introduction, a colour for light and one for dark."""

    name: Annotated[str, Field(max_length=200)] = ""
    logo: Path | None = None
    introduction: Annotated[str, Field(max_length=2000)] = ""
    colour: str = ""
    colour_dark: str = ""


class MatchingSettings(_Table):
    """How entries are matched: ``weights`` is a table as ``findbar data calibrate --fit`` writes it."""

    weights: Path | None = None


class PostSettings(_Table):
    """A mailbox that is sent from; ``password_env`` names the environment variable of its password.

    ``security`` is "starttls" or "tls" (from the first byte); nothing is sent unencrypted.
    """

    host: Annotated[str, Field(min_length=1)]
    user: str
    sender: Annotated[str, Field(pattern=r"^[A-Za-z0-9._+-]{1,40}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
    port: Annotated[int, Field(gt=0, lt=65_536)] = 587
    security: Literal["starttls", "tls"] = "starttls"
    password_env: str = "MAIL_PASSWORD"  # noqa: S105 - a name, not a password


class MailSettings(PostSettings):
    """The mailbox that test enquiries are sent from; ``plus``: each has a reply address of its own (name+token@...)."""

    plus: bool = True


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise ValueError("no time zone is called so; write it like Europe/Berlin") from None
    return name


_Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class ChannelSettings(_Table):
    """A way to tell people by Apprise; ``url_env`` names the environment variable that holds its address, a secret.

    Without ``units`` it gets one digest for the whole organisation, without ``organisations`` those of all.
    """

    url_env: _Variable
    units: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


class NotifySettings(_Table):
    """Who is told of confirmed changes: units by ``mail``, and ``channels``.

    ``quiet`` is a span of local time in which nothing is sent ("20:00-07:00"), ``quiet_days`` keeps weekends and the
    public holidays of the organisation's state quiet as well, ``next`` is how many things to do a digest names.
    """

    lang: Literal["de", "en"] = "de"
    quiet: Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$")] = ""
    quiet_days: bool = False
    zone: Annotated[str, AfterValidator(_zone)] = "Europe/Berlin"
    next: Annotated[int, Field(ge=0, le=20)] = 3
    mail: PostSettings | None = None
    channels: dict[str, ChannelSettings] = {}


class TasksSettings(_Table):
    """A system that keeps tasks; ``token_env`` names the environment variable of its key.

    ``project`` is group/project, owner/repository or a project's identifier, ``type`` the number of a tracker
    (Redmine) or type (OpenProject), ``closed`` that of the status of finished tasks there (0: the first one that is).
    """

    url: Annotated[str, Field(pattern=r"^https?://[^\s?#@]+$")]
    project: Annotated[str, Field(min_length=1)]
    token_env: _Variable
    lang: Literal["de", "en"] = "de"
    label: Annotated[str, Field(pattern=r"^[\w .-]+$")] = "findbar"
    type: Annotated[int, Field(ge=0)] = 0
    closed: Annotated[int, Field(ge=0)] = 0


class RunSettings(_Table):
    """How a scheduled audit is watched: ``log`` (JSON Lines), ``metrics`` (Prometheus), a heartbeat's variable."""

    log: Path | None = None
    metrics: Path | None = None
    heartbeat_env: _Variable | None = None


class Settings(_Table):
    """Everything that is configured; secrets are not: they come from the environment by name.

    ``contact`` is a mail or web address put into the user agent. ``platforms`` switches platforms
    on or off, ``base_urls`` replaces hosts, ``allow`` names ``host:port`` on this machine or in the
    house that may be visited although private, ``pace`` sets more seconds between visits of a host.
    """

    contact: str = ""
    chromium: str = ""
    organisations: str = "organisations"
    output: str = "out"
    run_minutes: Annotated[float, Field(gt=0)] = 600
    platform_minutes: Annotated[float, Field(gt=0)] | None = None
    visits_per_host: Annotated[int, Field(gt=0)] = 10_000
    platforms: dict[str, bool] = {}
    base_urls: dict[str, str] = {}
    allow: tuple[str, ...] = ()
    pace: dict[str, Annotated[float, Field(ge=0)]] = {}
    datasets: dict[str, DatasetSettings] = {}
    controls: dict[str, ControlSettings] = {}
    retention: RetentionSettings = RetentionSettings()
    report: ReportSettings = ReportSettings()
    matching: MatchingSettings = MatchingSettings()
    mail: MailSettings | None = None
    notify: NotifySettings | None = None
    tasks: dict[Literal["gitlab", "github", "openproject", "redmine"], TasksSettings] = {}
    run: RunSettings = RunSettings()


_TABLES: dict[str, type[_Table]] = {
    "datasets": DatasetSettings,
    "controls": ControlSettings,
    "retention": RetentionSettings,
    "report": ReportSettings,
    "matching": MatchingSettings,
    "mail": MailSettings,
    "notify": NotifySettings,
    "notify.mail": PostSettings,
    "notify.channels": ChannelSettings,
    "tasks": TasksSettings,
    "run": RunSettings,
}


def find_folder(start: Path) -> Path:
    """The working folder: the nearest one from ``start`` upwards that holds a findbar.toml, else ``start``."""
    return next((folder for folder in [start, *start.parents] if (folder / NAME).is_file()), start)


def load(path: Path) -> Settings:
    """The settings of a file; defaults where there is none. Raises `SettingsProblemError` with all faults at once."""
    if not path.exists():
        return Settings()
    try:
        raw = path.read_bytes()
        if len(raw) > _MAX_BYTES:
            raise SettingsProblemError(f"{path}: larger than 1 MB; this is not a findbar.toml.")
        text = raw.decode("utf-8")
        if has_endless_key(text):
            raise SettingsProblemError(f"{path}: nested too deeply; this is not a findbar.toml.")
        table = tomllib.loads(text)
    except OSError as error:
        raise SettingsProblemError(f"{path}: cannot be read ({error.strerror}).") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsProblemError(f"{path}: not valid TOML ({error}).") from error
    try:
        return Settings.model_validate(_located(table, path.parent))
    except ValidationError as error:
        raise SettingsProblemError("\n".join(_explain(path, fault) for fault in error.errors())) from error


def _located(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    """File names of data sets, the logo, the weights, the log and the figures count from the settings file's folder."""
    datasets = table.get("datasets")
    for dataset in datasets.values() if isinstance(datasets, dict) else ():
        if isinstance(dataset, dict) and isinstance(dataset.get("file"), str):
            dataset["file"] = folder / dataset["file"]
    for name, key in (("report", "logo"), ("matching", "weights"), ("run", "log"), ("run", "metrics")):
        part = table.get(name)
        if isinstance(part, dict) and isinstance(part.get(key), str):
            part[key] = folder / part[key]
    return table


def _explain(path: Path, fault: Any) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] != "extra_forbidden":
        return f"{path}: {where}: {fault['msg']}."
    above = [str(part) for part in fault["loc"][:-1]]
    table = _TABLES.get(".".join(above[:2])) or _TABLES.get(above[0] if above else "", Settings)
    near = difflib.get_close_matches(str(fault["loc"][-1]), table.model_fields, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(table.model_fields)}."
    return f"{path}: {where}: unknown key.{hint}"
