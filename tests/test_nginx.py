"""deploy/nginx.conf, as it stands: what it lets through, to which process, and how small."""

import asyncio
import re
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
import requests

from tests.behind_nginx import Site, behind_nginx, find_nginx
from tests.bench.visit import Visit, open_visit
from tests.browser.server import huiyin

pytestmark = pytest.mark.slow

Answer = TypeVar("Answer")

BROWSERS = 24
"""By chance all of them reach the same process once in some million runs."""

TIMES = 3
NOBODY = "-"
"""What the log says where nginx answered by itself."""
SECONDS_TO_LOG = 10.0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    program = find_nginx()
    if program is None:
        pytest.skip("no nginx: install it (Debian: apt-get install nginx)")
    folder = tmp_path_factory.mktemp("nginx")
    huiyin("sample", "--company", "small", "--seed", "1", folder=folder)
    with behind_nginx(program, folder) as found:
        yield found


@pytest.fixture
def browser(site: Site) -> requests.Session:
    """A browser that has the page open."""
    session = site.session()
    session.get(site.address).raise_for_status()
    return session


def processes(site: Site, request: str) -> list[str]:
    """The processes that answered such requests, in their order; nginx writes its log after it answered."""
    deadline, found = time.monotonic() + SECONDS_TO_LOG, list[str]()
    while len(found) < TIMES and time.monotonic() < deadline:
        lines = site.log.read_text(encoding="utf-8").splitlines()
        found = [line.split()[0] for line in lines if f" {request}" in line]
    return found


async def opened(site: Site, session: requests.Session) -> Visit:
    visit, _ = await open_visit(site.address, site.headers(session), site.encryption())
    return visit


def test_nobody_enters_without_a_password(site: Site) -> None:
    session = site.session()
    session.auth = None
    assert session.get(site.address).status_code == 401
    assert session.get(f"{site.address}/_stcore/health").status_code == 401


def test_a_session_goes_through_and_a_choice_comes_back(site: Site, browser: requests.Session) -> None:
    async def visited() -> tuple[int, str, int]:
        visit = await opened(site, browser)
        async with visit.connection:
            first = visit.elements
            await visit.choose("filter_track", visit.choices["filter_track"].options[1])
        return first, visit.query, visit.errors

    first, query, errors = awaited(visited())
    assert first > 10
    assert "track=" in query
    assert "track=all" not in query
    assert errors == 0


def test_scripts_are_compressed_and_kept_for_good(site: Site, browser: requests.Session) -> None:
    scripts = set(re.findall(r"static/js/[^\"']+\.js", browser.get(site.address).text))
    answers = {script: browser.get(f"{site.address}/{script}", stream=True) for script in scripts}
    moved = {script: len(answer.raw.read(decode_content=False)) for script, answer in answers.items()}
    whole = {script: len(requests.get(f"{site.servers[0]}/{script}", timeout=30).content) for script in scripts}
    assert {answer.headers["Cache-Control"] for answer in answers.values()} == {"public, max-age=31536000, immutable"}
    assert {answers[script].headers.get("Content-Encoding") for script in scripts if whole[script] > 1000} == {"gzip"}
    assert sum(whole.values()) > 1_000_000
    assert sum(moved.values()) < 0.35 * sum(whole.values())


def test_a_script_is_fetched_from_a_process_once_for_all_browsers(site: Site) -> None:
    for number in range(TIMES):
        script = "static/js/" + re.search(r"static/js/(index[^\"']+\.js)", site.session().get(site.address).text)[1]
        answer = site.session().get(f"{site.address}/{script}?browsers=some")
        assert answer.ok, number
    first, *others = processes(site, f"GET /{script}?browsers=some ")
    assert first != NOBODY
    assert others == [NOBODY] * (TIMES - 1)


def test_a_browser_stays_with_its_process_and_browsers_share_both(site: Site) -> None:
    for number in range(BROWSERS):
        session = site.session()
        for _ in range(TIMES):
            session.get(f"{site.address}/?browser={number}").raise_for_status()
    met = [processes(site, f"GET /?browser={number} ") for number in range(BROWSERS)]
    assert all(len(found) == TIMES and len(set(found)) == 1 for found in met)
    assert len({found[0] for found in met}) == 2


def test_an_upload_reaches_the_process_that_holds_the_session(site: Site, browser: requests.Session) -> None:
    browser.get(f"{site.address}/_stcore/health").raise_for_status()
    megabytes = 20

    async def uploaded() -> tuple[int, list[int]]:
        visit = await opened(site, browser)
        async with visit.connection:
            address = f"{site.address}/_stcore/upload_file/{visit.session}/one"
            right = await asyncio.to_thread(upload, browser, address, megabytes)
            strangers = [await asyncio.to_thread(upload, stranger(site), address, 1) for _ in range(BROWSERS)]
            return right, strangers

    right, strangers = awaited(uploaded())
    assert right == 204
    assert set(strangers) == {204, 400}, "only one of the two processes knows the session"


def awaited(coroutine: Coroutine[Any, Any, Answer]) -> Answer:
    """What the coroutine returns, run in a thread of its own: the browser's driver keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def stranger(site: Site) -> requests.Session:
    session = site.session()
    for path in ("", "/_stcore/health"):
        session.get(f"{site.address}{path}").raise_for_status()
    return session


def upload(session: requests.Session, address: str, megabytes: int) -> int:
    files = {"file": ("cases.csv", b"x" * megabytes * 1_000_000)}
    token = session.cookies.get("_streamlit_xsrf") or ""
    headers = {"X-Xsrftoken": token, "Referer": address}
    return session.put(address, files=files, headers=headers).status_code


def test_the_largest_upload_is_the_servers(site: Site) -> None:
    options = (Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    largest = int(re.search(r"maxUploadSize = (\d+)", options)[1])
    allowed = int(re.search(r"client_max_body_size (\d+)m", (site.log.parent / "huiyin.conf").read_text())[1])
    assert allowed == largest + 1
