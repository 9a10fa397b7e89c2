"""Bodies are decoded within limits, before anything large exists."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.model import Reason
from audit.visiting.bodies import decode, read_body
from audit.visiting.getting import Limits, Unreachable
from tests.conftest import ROOT

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

pytestmark = pytest.mark.anyio

TEXT = ("Schuldnerberatung in Musterstadt. " * 3000).encode()
ENCODERS = {
    "identity": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
COMPRESSED = [name for name in ENCODERS if name != "identity"]


async def chunked(wire: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(wire), size):
        yield wire[start : start + size]


@pytest.mark.parametrize("name", ENCODERS)
async def test_every_encoding_that_is_asked_for_is_decoded(name: str) -> None:
    wire = ENCODERS[name](TEXT)
    assert await read_body(chunked(wire), name.upper(), str(len(wire)), Limits()) == TEXT


def test_bare_deflate_and_joined_members_are_decoded_too() -> None:
    squeezer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    assert decode(squeezer.compress(TEXT) + squeezer.flush(), "deflate", 10**6) == TEXT
    assert decode(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0", "gzip", 100) == b"one two"
    frames = ENCODERS["zstd"](b"one ") + ENCODERS["zstd"](b"two")
    assert decode(frames, "zstd", 100) == b"one two"


@pytest.mark.parametrize("name", ENCODERS)
def test_a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not(name: str) -> None:
    wire = ENCODERS[name](TEXT)
    assert decode(wire, name, len(TEXT)) == TEXT
    with pytest.raises(Unreachable) as end:
        decode(wire, name, len(TEXT) - 1)
    assert end.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize("name", COMPRESSED)
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_body_that_ends_early_is_truncated(name: str, kept: float) -> None:
    wire = ENCODERS[name](TEXT + bytes(range(256)) * 20)
    with pytest.raises(Unreachable) as end:
        decode(wire[: int(len(wire) * kept)], name, 10**6)
    assert end.value.reason is Reason.TRUNCATED


@pytest.mark.parametrize("encoding", ["gzip, br", "gzip,gzip", "compress", "x" * 500])
def test_layered_and_unknown_encodings_are_refused(encoding: str) -> None:
    with pytest.raises(Unreachable) as end:
        decode(gzip.compress(gzip.compress(TEXT)), encoding, 10**6)
    assert end.value.reason is Reason.SERVER_ERROR


def test_an_empty_body_is_empty_whatever_its_encoding_says() -> None:
    assert decode(b"", "br", 10) == b""


async def test_an_endless_body_stops_at_the_limit() -> None:
    given_out = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given_out
        while True:
            given_out += 1000
            yield b"x" * 1000

    with pytest.raises(Unreachable) as end:
        await read_body(endless(), "", "", Limits(wire_bytes=50_000))
    assert end.value.reason is Reason.TOO_LARGE
    assert given_out == 51_000


async def test_an_announced_size_beyond_the_limit_is_not_even_read() -> None:
    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("nothing should be read")
        yield b""

    with pytest.raises(Unreachable):
        await read_body(never(), "", "999999999999999999999999999", Limits())


BOMB = """
import gzip, resource, sys, zlib
import brotli
from audit.visiting.bodies import decode
from audit.visiting.getting import Unreachable
zeros = bytes(1024 * 1024)
def pressed(name):
    if name == "zstd":
        from audit.visiting.bodies import zstd
        c = zstd.ZstdCompressor(level=3)
        return b"".join(c.compress(zeros) for _ in range(120)) + c.flush()
    if name == "br":
        c = brotli.Compressor(quality=5)
        return b"".join(c.process(zeros) for _ in range(120)) + c.finish()
    c = zlib.compressobj(1, wbits=31 if name == "gzip" else 15)
    return b"".join(c.compress(zeros) for _ in range(120)) + c.flush()
try:
    decode(pressed(sys.argv[1]), sys.argv[1], 20 * 1024 * 1024)
except Unreachable as end:
    # VmHWM and not ru_maxrss, which starts with the memory of the process that started this one
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(end.reason.value, int(peak.split()[1]) // 1024)
"""


@pytest.mark.parametrize("name", COMPRESSED)
def test_a_bomb_of_120_megabytes_is_refused_within_120_megabytes_of_memory(name: str) -> None:
    if sys.platform != "linux":
        pytest.skip("the peak of memory is read from /proc")
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", BOMB, name], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    reason, peak = done.stdout.split()
    assert reason == "too-large"
    assert int(peak) < 120


@given(st.binary(max_size=300), st.sampled_from(COMPRESSED), st.integers(0, 50))
def test_any_bytes_are_decoded_or_have_a_reason(junk: bytes, name: str, kept: int) -> None:
    for wire in (junk, ENCODERS[name](TEXT)[:kept] + junk):
        reasons = set()
        try:
            assert len(decode(wire, name, 10_000)) <= 10_000
        except Unreachable as end:
            reasons.add(end.reason)
        assert reasons <= {Reason.TRUNCATED, Reason.TOO_LARGE}
