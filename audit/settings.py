"""The working folder's ``findbar.toml``: who asks, where, how fast, and what may be used (docs/configuration.md)."""

from __future__ import annotations

import difflib
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

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


class MailSettings(_Table):
    """The mailbox that test enquiries are sent from; ``password_env`` names the environment variable of its password.

    ``security`` is "starttls" or "tls" (from the first byte); nothing is sent unencrypted. With ``plus`` each enquiry
    has a reply address of its own (name+token@...).
    """

    host: Annotated[str, Field(min_length=1)]
    user: str
    sender: Annotated[str, Field(pattern=r"^[A-Za-z0-9._+-]{1,40}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
    port: Annotated[int, Field(gt=0, lt=65_536)] = 587
    security: Literal["starttls", "tls"] = "starttls"
    password_env: str = "MAIL_PASSWORD"  # noqa: S105 - a name, not a password
    plus: bool = True


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


_TABLES: dict[str, type[_Table]] = {
    "datasets": DatasetSettings,
    "controls": ControlSettings,
    "retention": RetentionSettings,
    "report": ReportSettings,
    "matching": MatchingSettings,
    "mail": MailSettings,
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
    """File names of data sets, of the logo and of the weights count from the folder of the settings file."""
    datasets = table.get("datasets")
    for dataset in datasets.values() if isinstance(datasets, dict) else ():
        if isinstance(dataset, dict) and isinstance(dataset.get("file"), str):
            dataset["file"] = folder / dataset["file"]
    for name, key in (("report", "logo"), ("matching", "weights")):
        part = table.get(name)
        if isinstance(part, dict) and isinstance(part.get(key), str):
            part[key] = folder / part[key]
    return table


def _explain(path: Path, fault: Any) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] != "extra_forbidden":
        return f"{path}: {where}: {fault['msg']}."
    table = _TABLES.get(fault["loc"][0], Settings) if len(fault["loc"]) > 1 else Settings
    near = difflib.get_close_matches(str(fault["loc"][-1]), table.model_fields, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(table.model_fields)}."
    return f"{path}: {where}: unknown key.{hint}"
