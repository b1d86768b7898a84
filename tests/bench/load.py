"""Load on one address of this machine: the same request over and over on kept connections; prints answers a second.

Usage: python -m tests.bench.load PORT CONNECTIONS SECONDS < request
"""

import asyncio
import re
import sys
import time

import uvloop

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Client(asyncio.Protocol):
    """One connection: asks, counts the answer when all of it is there, asks again."""

    def __init__(self, port: int, request: bytes, counts: list[int]) -> None:
        self.port, self.request, self.counts = port, request, counts
        self.buffer = b""

    def connection_lost(self, error: Exception | None) -> None:
        # Some servers answer once a connection.
        asyncio.ensure_future(asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self.port))  # noqa: RUF006

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        length = LENGTH.search(self.buffer, 0, head + 2)
        if length is None or not self.buffer.startswith(b"HTTP/1.1 200"):
            sys.exit(f"not an answer to count: {self.buffer[:300]!r}")
        if len(self.buffer) >= head + 4 + int(length[1]):
            answer, self.buffer = self.buffer, b""
            self.counts[0] += 1
            if b"\r\nconnection: close" not in answer[:head].lower():
                self.transport.write(self.request)


async def main(port: int, connections: int, seconds: float) -> None:
    request, counts = sys.stdin.buffer.read(), [0]
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: Client(port, request, counts), "127.0.0.1", port)
    await asyncio.sleep(seconds / 4)  # caches, prepared statements
    counts[0], began = 0, time.perf_counter()
    await asyncio.sleep(seconds)
    print(counts[0] / (time.perf_counter() - began))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
