"""`make bench`: what a page costs, here and elsewhere, on one machine and in one run.

First the processor's time for each request, of the web processes only, as multiples of the least that gunicorn can do: a function
that answers with the same bytes and headers. All are asked in turn, round after round, by `wrk` (Debian's package), so that
whatever slows the machine slows all of them; the median of the rounds counts. Then where the time of a page goes that is not
held, what each page costs in Python and PostgreSQL together with 100 news items and with 100,000, and how much memory a process
takes that holds as many pages as it may.

    BENCH=delivery, profile, growth or memory for one of them; ROUNDS=, SECONDS=, ITEMS=
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import psutil

from conference_site.operations.front import Front
from tests.delivery.running import GUNICORN, HOST, Client, Database, Host
from tests.operations.copies import BASE, free_port

ROUNDS, SECONDS = int(os.environ.get("ROUNDS") or 7), int(os.environ.get("SECONDS") or 2)
DIFFERENT = 5_000  # items of which the others are copies
ENOUGH = 4_000  # pages of news to fill a store
FEW, MANY = 100, int(os.environ.get("ITEMS") or 100_000)
ACCEPTED = "gzip"  # which each of them can
BARE, FILE = "bare function", "nginx, a compressed file"
PLOT = BASE / "var" / "bench.svg"

NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off; sendfile on; keepalive_requests 1000000; gzip_static always;
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3; uwsgi_temp_path {folder}/4;
    scgi_temp_path {folder}/5;
    server {{ listen 127.0.0.1:{port}; root {folder}/root; }}
}}
"""


def main() -> None:
    wanted = os.environ.get("BENCH", "delivery profile growth memory")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Database(folder) as database:
            tables = []
            if "delivery" in wanted:
                tables.append(("CPU per request, as a multiple of a bare function", delivery(folder)))
            if "profile" in wanted:
                profile()
            if "growth" in wanted:
                tables.append((f"cost with {MANY:,} news items, as a multiple of that with {FEW}", growth(database)))
            if "memory" in wanted:
                memory(folder)
    PLOT.parent.mkdir(exist_ok=True)
    PLOT.write_text(plot(tables))
    print(f"drawn in {PLOT.relative_to(BASE)}")


# What delivers a page


class Served(Host):
    """One worker process of gunicorn, as the site is served, with settings of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        super().__init__(folder, 1, **environment)

    def cpu(self) -> float:
        return of_children(self.process.pid)


class Other(Served):
    """The same with an application that is not the site's, and so without what the site does after a process has begun."""

    sign_of_life = "/robots.txt"

    def __init__(self, folder: Path, application: str, **environment: str) -> None:
        super().__init__(folder, PYTHONPATH=str(BASE), **environment)
        self.command = [*GUNICORN[:-1], "python:tests.delivery.gunicorn", application]


class Nginx:
    """One worker process that serves a file that was compressed before."""

    def __init__(self, folder: Path, body: bytes) -> None:
        self.folder, self.port = folder, free_port()
        (folder / "root").mkdir(parents=True)
        (folder / "root" / "index.html").write_text("It is the other one that is sent.")
        (folder / "root" / "index.html.gz").write_bytes(body)
        for path in (folder, folder / "root"):
            path.chmod(0o755)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=self.port))

    def start(self) -> None:
        import signal

        from conference_site.operations.processes import start

        self.process = start(["nginx", "-c", self.folder / "nginx.conf"], signal.SIGTERM)
        time.sleep(1)

    def cpu(self) -> float:
        return of_children(self.process.pid)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


class Deployed(Front):
    """nginx as it is deployed before ``site``; at `FILE` it sends the bytes and headers of a page as a file."""

    FILE = "/as-a-file.html"
    OF_FILES = {"content-type", "content-length", "content-encoding", "etag"}

    def __init__(self, folder: Path, site: Served, headers: list[tuple[str, str]], body: bytes) -> None:
        super().__init__(folder, free_port(), [f"127.0.0.1:{site.port}"], folder / "static", folder / "media")
        self.site, self.headers, self.body = site, headers, body

    def write(self) -> None:
        super().write()
        (self.folder / "site" / "as-a-file.html").write_text("It is the other one that is sent.")
        (self.folder / "site" / "as-a-file.html.gz").write_bytes(self.body)

    def _configuration(self) -> str:
        sent = "".join(f'add_header {name} "{value}";' for name, value in self.headers if name.lower() not in self.OF_FILES)
        location = f"location = {self.FILE} {{ gzip_static always; {sent} }}"
        # One process, as the other nginx has: how connections fall to several makes more of a difference than what is compared.
        text = super()._configuration().replace("worker_processes 2;", "worker_processes 1;")
        return text.replace("location / {", location + " location / {", 1)

    def cpu(self) -> float:
        return of_children(self.process.pid) + self.site.cpu()


def of_children(pid: int) -> float:
    """Seconds that the processes which ``pid`` has started have had of the processor."""
    return sum(sum(child.cpu_times()[:2]) for child in psutil.Process(pid).children())


def delivery(folder: Path) -> dict[str, float]:
    """What is asked → its cost as a multiple of the bare function's."""
    site, cold = Served(folder / "site"), Served(folder / "cold", PAGE_STORE_MB="0")
    site.start()
    headers, body = page_of(site, "/ar/")
    (folder / "page.json").write_text(json.dumps({"headers": headers, "body": base64.b64encode(body).decode()}))
    bare = Other(folder / "bare", "tests.delivery.bare:application", BARE_PAGE=str(folder / "page.json"))
    by_django = "tests.delivery.cached_by_django"
    cached = Other(folder / "cached", "django.core.wsgi:get_wsgi_application()", DJANGO_SETTINGS_MODULE=by_django)
    servers: list = [cold, bare, cached]
    targets: dict[str, tuple] = {
        BARE: (bare, "/", {}),
        "this site, held": (site, "/ar/", {}),
        "this site, unchanged (304)": (site, "/ar/", {"If-None-Match": dict(headers)["ETag"]}),
        "this site, home, cold": (cold, "/ar/", {}),
        "this site, news, cold": (cold, "/ar/news/", {}),
        "this site, an item, cold": (cold, an_item(site), {}),
        "Django's cache of the site": (cached, "/ar/", {}),
    }
    if shutil.which("nginx"):
        nginx, deployed = Nginx(folder / "nginx", body), Deployed(folder / "deployed", site, headers, body)
        servers += [nginx, deployed]
        targets |= {
            FILE: (nginx, "/", {}),
            "the deployed one, the same": (deployed, Deployed.FILE, {}),
            "this site behind it, held": (deployed, "/ar/", {}),
        }
    else:
        print("nginx is not installed: what it costs is left out")
    with ExitStack() as started:
        started.callback(site.stop)
        for server in servers:
            server.start()
            started.callback(server.stop)
        return measure(targets)


def page_of(host: Host, path: str) -> tuple[list, bytes]:
    """Headers and body of a page that is held, as they leave the store: without those that gunicorn adds."""
    import http.client

    for _each in range(2):
        connection = http.client.HTTPConnection("127.0.0.1", host.port)
        connection.request("GET", path, headers={"Host": HOST, "Accept-Encoding": ACCEPTED})
        response = connection.getresponse()
        body = response.read()
    own = {"server", "date", "connection", "transfer-encoding"}
    return [(name, value) for name, value in response.getheaders() if name.lower() not in own], body


def an_item(host: Host) -> str:
    found = re.search(r'href="(/ar/news/[a-z0-9-]+/)"', Client(host.port).ask("/ar/news/").body.decode())
    return found[1]


def measure(targets: dict[str, tuple]) -> dict[str, float]:
    costs: dict[str, list[float]] = {name: [] for name in targets}
    rates: dict[str, list[float]] = {name: [] for name in targets}
    for round_ in range(ROUNDS + 1):
        for name, (server, path, headers) in targets.items():
            before = server.cpu()
            number, rate = wrk(server.port, path, headers)
            if round_:  # the first time nothing is warm
                costs[name].append((server.cpu() - before) / number)
                rates[name].append(rate)
    least = median(costs[BARE])
    files = median(costs.get(FILE, [float("nan")]))
    print(f"{'':30} {'CPU µs':>9} {'req/s':>8} {'× bare function':>16} {'× nginx file':>13}")
    for name in targets:
        cost = median(costs[name])
        print(f"{name:30} {cost * 1e6:9.0f} {median(rates[name]):8.0f} {cost / least:16.2f} {cost / files:13.2f}")
    return {name: median(costs[name]) / least for name in targets}


def wrk(port: int, path: str, headers: dict[str, str]) -> tuple[int, float]:
    """So many requests were answered, and so many a second."""
    options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", "-c4", f"-d{SECONDS}s", "-H", f"Host: {HOST}", "-H", f"Accept-Encoding: {ACCEPTED}", *options]
    said = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    if fault := re.search(r"Non-2xx or 3xx responses: .*|Socket errors: .*", said):
        raise AssertionError(f"{path}: {fault[0]}")
    return int(re.search(r"(\d+) requests in", said)[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


# Where the time of a page goes that is not held

ROOMS = {
    "asking and waiting for PostgreSQL": ("psycopg", "django/db/backends"),
    "composing queries and rows": ("django/db", "modeltranslation"),
    "templates": ("django/template", "templatetags", "django/utils/html", "django/utils/safestring"),
    "words and addresses": ("django/utils", "django/urls", "django/conf", "asgiref", "gettext"),
    "the site's own code": (str(BASE),),
}


def profile() -> None:
    """The share of each room, by a profiler, which makes what is called often look dearer than it is."""
    import cProfile
    import pstats

    from django.test import Client as Reader
    from django.urls import reverse
    from django.utils.translation import override

    from news.models import NewsItem

    reader, shares = Reader(SERVER_NAME="localhost"), {}
    with override("ar"):
        paths = {"home": reverse("home"), "list": reverse("news"), "item": NewsItem.objects.first().get_absolute_url()}
    for name, path in paths.items():
        reader.get(path)
        profiler = cProfile.Profile()
        with profiler:
            for _each in range(20):
                reader.get(path)
        shares[name] = _by_room(pstats.Stats(profiler).stats)
    print(f"{'where the time goes, in %':34}" + "".join(f"{name:>8}" for name in shares))
    for room in (*ROOMS, "all else"):
        print(f"{room:34}" + "".join(f"{share[room]:8.0f}" for share in shares.values()))


def _by_room(stats: dict) -> dict[str, float]:
    """Per cent of the time spent in functions of each room itself; what Python has built in counts as who calls it."""
    taken = dict.fromkeys((*ROOMS, "all else"), 0.0)
    for (file, _line, _name), (_calls, _all, own, _cumulative, callers) in stats.items():
        spent = {caller[0]: seconds for caller, (_c, _n, seconds, _t) in callers.items()} if file == "~" else {file: own}
        for place, seconds in spent.items():
            room = next((room for room, parts in ROOMS.items() if any(part in place for part in parts)), "all else")
            taken[room] += seconds
    return {room: 100 * seconds / sum(taken.values()) for room, seconds in taken.items()}


# What grows with the content


def growth(database: Database) -> dict[str, float]:
    """What is asked → its cost with many items, as a multiple of that with few."""
    from django.core.management import call_command
    from django.db import connection

    from news.models import NewsItem

    NewsItem._base_manager.all().delete()
    costs = {}
    for number in (FEW, MANY):
        NewsItem._base_manager.all().delete()
        call_command("make_news", min(number, DIFFERENT))
        multiply(number // DIFFERENT)
        relate()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SET max_parallel_workers_per_gather = 0")  # whose time nobody would see
        costs[number] = {name: timed(act) for name, act in acts().items()}
    print(f"{'':30} {FEW:>10,} {MANY:>10,}  ms   ×")
    ratios = {name: costs[MANY][name] / costs[FEW][name] for name in costs[FEW]}
    for name, ratio in ratios.items():
        print(f"{name:30} {costs[FEW][name] * 1000:10.1f} {costs[MANY][name] * 1000:10.1f} {ratio:8.2f}")
    return ratios


def multiply(times: int) -> None:
    """So many of each item in place of one, with what the search holds of it: to read texts anew would take an hour."""
    from django.db import connection

    from conference_site.search.models import SearchEntry
    from news.models import NewsItem

    if times < 2:
        return
    item, entry = ([field.column for field in model._meta.concrete_fields[1:]] for model in (NewsItem, SearchEntry))
    changed = {"slug": "original.slug || '-' || number", "object_id": "copy.id"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO news_newsitem ({', '.join(item)}) "
            f"SELECT {', '.join(changed.get(name, f'original.{name}') for name in item)} "
            "FROM news_newsitem original, generate_series(2, %s) number",
            [times],
        )
        cursor.execute(
            f"INSERT INTO search_searchentry ({', '.join(entry)}) "
            f"SELECT {', '.join(changed.get(name, f'entry.{name}') for name in entry)} "
            "FROM generate_series(2, %s) number, search_searchentry entry "
            "JOIN news_newsitem original ON entry.kind = 'newsitem' AND original.id = entry.object_id, news_newsitem copy "
            "WHERE copy.slug = original.slug || '-' || number",
            [times],
        )


def relate() -> None:
    """Give each item a topic and a goal, which more items share the more there are, and some an organisation that is rare."""
    from news.models import NewsGoalLink, NewsItem, Topic
    from pages.models import Goal
    from partners.models import Organisation

    topics, goals, organisations = (list(model.objects.values_list("pk", flat=True)) for model in (Topic, Goal, Organisation))
    of_topic, of_organisation = NewsItem.topics.through, NewsItem.organisations.through
    keys = list(NewsItem.objects.values_list("pk", flat=True))
    of_topic.objects.bulk_create(of_topic(newsitem_id=key, topic_id=topics[key % len(topics)]) for key in keys)
    NewsGoalLink.objects.bulk_create(NewsGoalLink(item_id=key, goal_id=goals[key % len(goals)]) for key in keys)
    of_organisation.objects.bulk_create(
        of_organisation(newsitem_id=key, organisation_id=organisations[key % len(organisations)]) for key in keys[::500]
    )


def memory(folder: Path) -> None:
    """Of one process that was asked for more pages than it can keep, each in two codings."""
    from django.core.management import call_command

    from news.models import NewsItem

    if NewsItem.objects.count() < ENOUGH:
        NewsItem._base_manager.all().delete()
        call_command("make_news", ENOUGH)
    paths = [item.get_absolute_url() for item in NewsItem.objects.only("slug")[:ENOUGH]]
    site = Served(folder / "full")
    site.start()
    try:
        [process] = site.children()
        empty, client = process.memory_info().rss, Client(site.port)
        for path in paths:
            for coding in ("br", "gzip"):
                assert client.ask(path, coding).status == 200, path
        said = client.ask("/metrics").body.decode()
        held = float(re.search(r"^site_store_bytes\S* (\S+)", said, re.MULTILINE)[1])
        full = process.memory_info().rss
        print(f"a process: {empty / 1e6:.0f} MB, and {full / 1e6:.0f} MB when it holds {held / 1e6:.0f} MB of pages")
    finally:
        site.stop()


def acts() -> dict[str, Callable]:
    from django.test import Client as Reader
    from django.urls import reverse
    from django.utils.translation import override

    from conference_site.delivery.version import Reader as VersionReader
    from conference_site.publishing import working_copies
    from conference_site.sitemaps import RANGE
    from news.models import NewsItem

    reader, item = Reader(SERVER_NAME="localhost"), NewsItem.objects.order_by("pk")[50]
    deep = NewsItem.objects.visible().order_by("listed_on", "pk")[30]
    working_copies.record(item, "saved")

    def opens(path: str) -> Callable:
        def open_() -> None:
            response = reader.get(path)
            assert response.status_code == 200, (path, response.status_code)
            response.getvalue() if response.streaming else response.content

        return open_

    def publish() -> None:
        data = working_copies.working_copy(item)
        working_copies.save(item, data | {"fields": data["fields"] | {"title_en": f"At {time.monotonic()}"}})
        working_copies.publish(item, ["ar", "en"])

    def read_version() -> None:
        version_reader = VersionReader()
        version_reader._read()
        version_reader._close()

    with override("ar"):
        return {
            "home": opens(reverse("home")),
            "list": opens(reverse("news")),
            "deep page": opens(reverse("news") + f"?before={deep.listed_on}.{deep.pk}"),
            "item": opens(item.get_absolute_url()),
            "feed": opens(reverse("news_atom")),
            "search for a rare word": opens(reverse("search") + "?q=زيتون"),
            "sitemap, index": opens(reverse("sitemap")),
            "sitemap, a range": opens(reverse("sitemap_of_items", args=[item.page_name, (item.pk - 1) // RANGE + 1])),
            "save and publish": publish,
            "read the version": read_version,
        }


def timed(act: Callable) -> float:
    """Seconds of the processor, of this process and of PostgreSQL's: the median of a few."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def used() -> float:
        return time.process_time() + int(backend.read_text().split()[0]) / 1e9

    taken = []
    for _each in range(ROUNDS + 2):
        before = used()
        act()
        taken.append(used() - before)
    return median(taken[2:])


# The plot


def plot(tables: list[tuple[str, dict[str, float]]]) -> str:
    """Bars on a logarithmic scale, one below the other."""
    from html import escape
    from math import log10

    rows, y = [], 10
    for title, bars in tables:
        widest = max(*(log10(max(value, 1.0)) for value in bars.values()), 1.0)
        rows.append(f'<text x="10" y="{y + 14}" font-weight="bold">{escape(title)}</text>')
        for number, (name, value) in enumerate(bars.items(), start=1):
            top, width = y + 24 * number, 2 + 380 * log10(max(value, 1.0)) / widest
            rows.append(f'<text x="230" y="{top + 14}" text-anchor="end">{escape(name)}</text>')
            rows.append(f'<rect x="240" y="{top + 2}" width="{width:.1f}" height="16" fill="#0b5d5a"/>')
            rows.append(f'<text x="{246 + width:.1f}" y="{top + 14}">{value:.2f}</text>')
        y += 24 * (len(bars) + 2)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{y}" font-family="sans-serif" font-size="13">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(rows)}</svg>\n'
    )


if __name__ == "__main__":
    if not shutil.which("wrk"):
        sys.exit("`wrk` is needed to ask for pages as fast as they come: install Debian's package of this name.")
    main()
