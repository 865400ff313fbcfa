"""Many viewers at once: ``python -m tests.bench.viewers URL --viewers 100 --pid …``.

The viewers speak Streamlit's own protocol, so what is measured is the server and the pages' scripts, not a browser.
They run in a process of their own, on the same machine as the server.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from math import ceil
from pathlib import Path
from statistics import quantiles

from websockets.exceptions import WebSocketException

from tests.bench.imports import ROOT
from tests.bench.visit import Visit, open_visit

PAUSE_SECONDS = 10.0
PERIODS = slice(1, 5)
"""Viewers of a review stay among the last four finished quarters; the unfinished one is on offer before them."""

AT_ONCE = 4
STEPS = 12
"""So many choices of a track meet all of them."""

LONGEST_REHEARSAL_SECONDS = 900


@dataclass(frozen=True)
class ViewersMeasured:
    """Viewers at once, each acting every ``pause`` seconds (0: without waiting). Times in milliseconds.

    ``again`` says that somebody had looked at the same views before, so that none had to be counted.
    ``errors`` counts exceptions on pages and lost connections. Memory in megabytes: of all server processes
    together, and what one session added; None where no process was named.
    """

    viewers: int
    pause: float
    again: bool
    seconds: float
    first_p50: float
    first_p95: float
    reruns: int
    rerun_p50: float
    rerun_p95: float
    reruns_per_second: float
    errors: int
    server_megabytes: float | None
    session_megabytes: float | None


@dataclass
class Seen:
    """What one viewer waited for, in milliseconds."""

    first: float = 0.0
    reruns: list[float] = field(default_factory=list)
    errors: int = 0


@dataclass(frozen=True)
class Crowd:
    """So many viewers for so many seconds, taking so many different paths through the pages."""

    viewers: int
    seconds: float
    pause: float
    paths: int
    again: bool


def measure_viewers(
    address: str,
    viewers: int,
    seconds: float,
    *,
    pause: float = PAUSE_SECONDS,
    paths: int | None = None,
    again: bool = False,
    processes: Sequence[int] = (),
) -> ViewersMeasured:
    """So many viewers at an address for so long, run in a process of their own.

    They take so many different ``paths`` through the pages, by default each one's own; with ``again`` somebody
    walks all of them before.
    """
    command = [sys.executable, "-m", "tests.bench.viewers", address, "--json", f"--viewers={viewers}"]
    command += [f"--seconds={seconds}", f"--pause={pause}", f"--paths={paths or viewers}"]
    command += [f"--process={process}" for process in processes] + (["--again"] if again else [])
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=seconds + LONGEST_REHEARSAL_SECONDS
    )
    if done.returncode:
        raise RuntimeError(f"the viewers failed: {done.stderr[-2000:]}")
    return ViewersMeasured(**json.loads(done.stdout))


async def measure(address: str, crowd: Crowd, processes: Sequence[int]) -> ViewersMeasured:
    """The same, in this process."""
    if crowd.again:
        await rehearse(address, crowd)
    before = megabytes(processes)
    begun = time.monotonic()
    looks = (_look(address, crowd, number, begun + crowd.seconds) for number in range(crowd.viewers))
    seen = await asyncio.gather(*looks)
    after = megabytes(processes)
    return _summed(seen, crowd, time.monotonic() - begun, before, after)


async def _look(address: str, crowd: Crowd, number: int, until: float) -> Seen:
    """One viewer's time on the page."""
    seen, chance = Seen(), random.Random(number % crowd.paths)
    # They come one after another within one pause, as people do, so that nobody acts in step.
    await asyncio.sleep(crowd.pause * number / crowd.viewers)
    try:
        visit, seen.first = await open_visit(address)
        async with visit.connection:
            while time.monotonic() + crowd.pause < until:
                await asyncio.sleep(crowd.pause)
                seen.reruns.append(await (act(visit, chance) if crowd.pause else toggle(visit, chance)))
            seen.errors += visit.errors
    except (OSError, WebSocketException):
        seen.errors += 1
    return seen


async def rehearse(address: str, crowd: Crowd) -> None:
    """Nothing: every view on the crowd's paths was looked at."""
    room = asyncio.Semaphore(AT_ONCE)

    async def walk(path: int) -> None:
        async with room:
            visit, _ = await open_visit(address)
            chance = random.Random(path)
            async with visit.connection:
                for _ in range(ceil(crowd.seconds / crowd.pause) if crowd.pause else STEPS):
                    await (act(visit, chance) if crowd.pause else toggle(visit, chance))

    await asyncio.gather(*(walk(path) for path in range(crowd.paths)))


async def act(visit: Visit, chance: random.Random) -> float:
    """Milliseconds that a random click took: another unit, period or track, or back up."""
    crumbs = list(visit.crumbs())
    kind = chance.choice(("filter_unit", "filter_unit", "filter_period", "filter_track"))
    if kind == "filter_unit" and (crumbs or kind not in visit.choices):
        return await visit.press(crumbs[0]) if crumbs else await visit.run()
    options = list(visit.choices[kind].options)
    shown = {"filter_unit": options[1:], "filter_period": options[PERIODS], "filter_track": options}[kind]
    return await visit.choose(kind, chance.choice(shown))


async def toggle(visit: Visit, chance: random.Random) -> float:
    """Milliseconds that another track took; the few views are soon seen, so that the runs themselves are measured."""
    return await visit.choose("filter_track", chance.choice(list(visit.choices["filter_track"].options)))


def megabytes(processes: Sequence[int]) -> float | None:
    """The memory that the processes hold together; None for no process."""
    return sum(_resident(process) for process in processes) if processes else None


def _resident(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024


def _summed(
    seen: Sequence[Seen], crowd: Crowd, seconds: float, before: float | None, after: float | None
) -> ViewersMeasured:
    first = [one.first for one in seen if one.first]
    reruns = [milliseconds for one in seen for milliseconds in one.reruns]
    return ViewersMeasured(
        viewers=len(seen),
        pause=crowd.pause,
        again=crowd.again,
        seconds=seconds,
        first_p50=percentile(first, 50),
        first_p95=percentile(first, 95),
        reruns=len(reruns),
        rerun_p50=percentile(reruns, 50),
        rerun_p95=percentile(reruns, 95),
        reruns_per_second=len(reruns) / seconds,
        errors=sum(one.errors for one in seen),
        server_megabytes=after,
        session_megabytes=None if before is None or after is None else (after - before) / len(seen),
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """The percentile of the values, nan without any."""
    if len(values) < 2:
        return values[0] if values else float("nan")
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def main(arguments: Sequence[str] | None = None) -> None:
    """Nothing; the measurement is written to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--viewers", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=PAUSE_SECONDS, help="0: act without waiting")
    parser.add_argument("--paths", type=int, help="how many different paths the viewers take; each one's own")
    parser.add_argument("--process", type=int, action="append", default=[], help="a server process, for its memory")
    parser.add_argument("--again", action="store_true", help="somebody walks the same paths before")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    crowd = Crowd(given.viewers, given.seconds, given.pause, given.paths or given.viewers, given.again)
    found = asyncio.run(measure(given.address, crowd, given.process))
    sys.stdout.write(f"{json.dumps(asdict(found)) if given.json else found}\n")


if __name__ == "__main__":
    main()
