"""What all tests share: where the real recordings and data are, and what CI insists on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from reports.texts.catalogue import LOCALE

ROOT = Path(__file__).parent.parent

# A busy machine is no fault of what is tested: examples have no time limit of their own. Whoever waits for the tests
# gets few of them; CI looks longer, with --hypothesis-profile=thorough.
settings.register_profile("calm", deadline=None, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=150)
settings.load_profile("calm")


def pytest_configure(config: pytest.Config) -> None:
    """Compiles the texts once, before any worker starts."""
    if not hasattr(config, "workerinput"):
        from reports.texts.compiling import compile_all  # noqa: PLC0415 (Babel is not loaded by every worker)

        compile_all(LOCALE)


def shared_folder() -> Path | None:
    """The folder of real recordings and data, from FINDBAR_SHARED or beside the project."""
    folder = Path(os.environ.get("FINDBAR_SHARED", ROOT.parent / "shared"))
    return folder if (folder / "recordings").is_dir() else None


def required() -> set[str]:
    """What must not be skipped in this environment (FINDBAR_REQUIRE=browser,shared)."""
    return set(filter(None, os.environ.get("FINDBAR_REQUIRE", "").split(",")))


def skip_or_fail(what: str, why: str) -> None:
    """Skip with the reason, or fail where the environment says that ``what`` must be there."""
    if what in required():
        pytest.fail(f"{what} is required here, but {why}")
    pytest.skip(why)


@pytest.fixture
def shared() -> Path:
    """The shared folder; the test is skipped where it is absent."""
    folder = shared_folder()
    if folder is None:
        skip_or_fail("shared", "no folder of real recordings (set FINDBAR_SHARED)")
    assert folder is not None
    return folder


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the product does."""
    return "asyncio"
