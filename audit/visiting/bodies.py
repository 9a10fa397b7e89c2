"""Decodes bodies within limits: what a server sends is untrusted until its size is known.

Encodings: RFC 9110 section 8.4.1, zstd in HTTP with a window of 8 MiB at most (RFC 9659, 2024-09).
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import AsyncIterator, Callable, Iterator

import brotli

from audit.model import Reason
from audit.visiting.getting import Limits, Unreachable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
_STEP = 64 * 1024
_ZSTD_WINDOW_LOG = 23  # 8 MiB


def too_large(limit: int, what: str) -> Unreachable:
    """The error for anything beyond its limit (bytes)."""
    return Unreachable(Reason.TOO_LARGE, f"{what} is larger than {limit:,} bytes")


def truncated(detail: str) -> Unreachable:
    """The error for a body that ends too early or is damaged."""
    return Unreachable(Reason.TRUNCATED, detail)


async def read_body(chunks: AsyncIterator[bytes], encoding: str, length: str, limits: Limits) -> bytes:
    """The decoded body of a raw stream.

    ``encoding`` and ``length`` are the Content-Encoding and Content-Length headers. Raises
    `Unreachable`: too-large before anything beyond a limit is kept, truncated for a damaged or
    short body, server-error for an encoding nobody asked for.
    """
    if length.isascii() and length.isdigit() and int(length[:20]) > limits.wire_bytes:
        raise too_large(limits.wire_bytes, "the body")
    wire = bytearray()
    async for chunk in chunks:
        if len(wire) + len(chunk) > limits.wire_bytes:
            raise too_large(limits.wire_bytes, "the body")
        wire += chunk
    return decode(bytes(wire), encoding, limits.decoded_bytes)


def decode(wire: bytes, encoding: str, limit: int) -> bytes:
    """``wire`` decoded in bounded steps to at most ``limit`` bytes. Raises as `read_body` does."""
    name = encoding.strip().lower()
    if name in {"", "identity"} or not wire:
        return _collect(iter([wire]), limit)
    if name not in _DECODERS:
        raise Unreachable(Reason.SERVER_ERROR, f"the body is encoded as {encoding[:40]!r}, which is not accepted")
    try:
        return _collect(_DECODERS[name](wire), limit)
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        raise truncated(f"the {name} body is damaged") from error


def _collect(pieces: Iterator[bytes], limit: int) -> bytes:
    body = bytearray()
    for piece in pieces:
        if len(body) + len(piece) > limit:
            raise too_large(limit, "the decoded body")
        body += piece
    return bytes(body)


def _inflated(wire: bytes, window: int) -> Iterator[bytes]:
    """All members of a gzip file, or one zlib stream; zero padding at the end is allowed."""
    while wire.strip(b"\0"):
        inflater = zlib.decompressobj(window)
        while not inflater.eof:
            piece = inflater.decompress(wire, _STEP)
            if not piece and not inflater.unconsumed_tail and not inflater.eof:
                raise truncated("the compressed body ends too early")
            wire = inflater.unconsumed_tail
            yield piece
        wire = inflater.unused_data if window > zlib.MAX_WBITS else b""


def _gunzipped(wire: bytes) -> Iterator[bytes]:
    return _inflated(wire, 16 + zlib.MAX_WBITS)


def _undeflated(wire: bytes) -> Iterator[bytes]:
    """Deflate as the standard says (zlib), or bare as some servers send it."""
    is_zlib = len(wire) > 1 and wire[0] & 0x0F == 8 and (wire[0] * 256 + wire[1]) % 31 == 0
    return _inflated(wire, zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)


def _unbrotlied(wire: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    yield decoder.process(wire, output_buffer_limit=_STEP)
    while not decoder.is_finished():
        piece = decoder.process(b"", output_buffer_limit=_STEP)
        if not piece:
            raise truncated("the br body ends too early")
        yield piece


def _unzstded(wire: bytes) -> Iterator[bytes]:
    while wire:
        frame = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})
        piece = frame.decompress(wire, _STEP)
        while not frame.eof:
            if not piece and frame.needs_input:
                raise truncated("the zstd body ends too early")
            yield piece
            piece = frame.decompress(b"", _STEP)
        yield piece
        wire = frame.unused_data


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _undeflated,
    "br": _unbrotlied,
    "zstd": _unzstded,
}
