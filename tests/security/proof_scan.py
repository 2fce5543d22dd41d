"""`make proof-scan`: two public scanners before a running site, as a visitor meets it and at the desk: Wapiti and sqlmap.

    python -m tests.security.proof_scan [wapiti] [sqlmap]        SECONDS= that each scan may last (480)

Neither belongs to the project: they are taken from where the machine has them (WAPITI=, SQLMAP= where that isn't in PATH).
Whatever they find is named, but for what `EXPLAINED` gives a reason for; what the log calls a fault counts too.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.delivery.running import HOST, Database, Host, hosts
from tests.desk.forms import Browser
from tests.security.proof_fuzz import desk_pages, signed_in

SECONDS = int(os.environ.get("SECONDS") or 480)
GOT_BY = {
    "wapiti": "python3 -m venv wapiti && wapiti/bin/pip install wapiti3, then WAPITI=wapiti/bin/wapiti",
    "sqlmap": "apt-get install sqlmap",
}
MODULES = (
    "cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,ldap,log4shell,methods,permanentxss,redirect,shellshock,sql,ssrf,"
    "timesql,upload,xss,xxe"
)
EXPLAINED = {
    "LDAP Injection": "there is no LDAP; it judges by what the search finds for words with brackets and stars, and without them",
    "Secure Flag cookie": "the scan is over http; over https each cookie is Secure, for which `make proof-security` has a score",
}
"""What a scanner says that isn't so, or isn't wrong, and why."""
LEFT_ALONE = ["*/logout/*", "*/auth/user/*"]
"""Where the scan would sign itself out."""
ASKED = [
    "/ar/search/?q=x&kind=x&topic=1&language=ar&from=2020&to=2026",
    "/en/news/?before=2020-01-01.5",
    "/en/news/archive/2024/?before=2024-05-01.5",
]
ASKED_AT_THE_DESK = [
    "/en/admin/news/newsitem/?q=x&o=1&p=1",
    "/en/admin/media/image/?q=x&withdrawn_at__isnull=True",
    "/en/admin/find/?q=x",
    "/en/admin/board/?language=ar&stage=writing&q=x",
]


def main() -> None:
    programs = {name: program(name) for name in sys.argv[1:] or GOT_BY}
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Database(folder), hosts(folder, number=1) as [host]:
            site, cookie = f"http://localhost:{host.port}", cookies(host)
            if wapiti := programs.get("wapiti"):
                found += scanned(wapiti, folder / "public", site, [f"{site}/ar/", f"{site}/en/"])
                found += scanned(wapiti, folder / "desk", site, [site + path for path in desk_pages()], cookie)
            if sqlmap := programs.get("sqlmap"):
                found += injected(sqlmap, folder / "injected", [site + path for path in ASKED])
                found += injected(sqlmap, folder / "injected desk", [site + path for path in ASKED_AT_THE_DESK], cookie)
            found += faults(host)
    print("\n".join(found) or "nothing was found")
    sys.exit(bool(found))


def cookies(host: Host) -> str:
    """An administrator's session, and the cookie by which the desk takes the forms that it gave."""
    session = signed_in()
    browser = Browser(f"127.0.0.1:{host.port}", session.partition("=")[2], HOST)
    browser.ask("GET", "/en/admin/news/newsitem/add/")
    return f"{session}; csrf={browser.csrf}"


def program(name: str) -> str:
    found = os.environ.get(name.upper()) or shutil.which(name)
    if not found:
        raise SystemExit(f"There is no {name} here. To get it: {GOT_BY[name]}.")
    return found


def scanned(wapiti: str, folder: Path, site: str, starts: list[str], cookie: str = "") -> Iterator[str]:
    """What Wapiti finds. It crawls for a third of the time, and then attacks; of the desk, the pages to start from."""
    folder.mkdir()
    report = folder / "report.json"
    command = [wapiti, "--url", f"{site}/", "--scope", "domain", "--module", MODULES, "--flush-session", "--no-bugreport"]
    command += ["--store-session", folder, "--format", "json", "--output", report]
    command += [word for path in LEFT_ALONE for word in ("--exclude", f"{site}/{path}")]
    command += ["--max-scan-time", str(SECONDS // 3), "--max-attack-time", str(SECONDS // 3 // MODULES.count(","))]
    command += [word for start in starts for word in ("--start", start)] + (
        ["--cookie-value", cookie, "--depth", "1"] if cookie else []
    )
    run(command, folder)
    if not report.exists():
        yield f"Wapiti said nothing of {'the desk' if cookie else 'public pages'} within its time"
        return
    said = json.loads(report.read_text())
    print(
        f"Wapiti, {'the desk' if cookie else 'public pages'}: {said['infos'].get('crawled_pages_nbr')} pages crawled", flush=True
    )
    for kind in ("vulnerabilities", "anomalies"):
        for category, places in said[kind].items():
            if places and category in EXPLAINED:
                print(f"Wapiti: {category}, {len(places)} times: {EXPLAINED[category]}", flush=True)
                continue
            yield from (f"Wapiti: {category}: {place['method']} {place['path']}: {place['info']}" for place in places)


def injected(sqlmap: str, folder: Path, addresses: list[str], cookie: str = "") -> Iterator[str]:
    """The parameters into which sqlmap can write SQL, of these addresses and the forms on their pages."""
    folder.mkdir()
    (folder / "addresses").write_text("\n".join(addresses))
    command = [
        sqlmap,
        "-m",
        folder / "addresses",
        "--batch",
        "--level=2",
        "--dbms=PostgreSQL",
        "--technique=BEUST",
        "--threads=2",
    ]
    command += ["--output-dir", folder / "out", "--disable-coloring", "--ignore-code=*", "--drop-set-cookie"]
    command += [f"--cookie={cookie}", "--param-exclude=session|csrf"] if cookie else []  # a session that is changed has ended
    run(command, folder)
    log = (folder / "output").read_text()
    tested = len(re.findall(r"parameter '[^']*' does not seem to be injectable", log))
    print(f"sqlmap, {'the desk' if cookie else 'public pages'}: {tested} parameters found sound", flush=True)
    for report in folder.rglob("results-*.csv"):
        for row in csv.DictReader(report.open()):
            if row["Technique(s)"] and "false positive" not in row["Note(s)"]:  # which it finds out itself by asking again
                yield f"sqlmap: {row['Target URL']}: {row['Parameter']} {row['Technique(s)']}"


def run(command: list, folder: Path) -> None:
    with (folder / "output").open("w") as output:
        try:
            subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, timeout=SECONDS + 60, check=False)
        except subprocess.TimeoutExpired:
            print(f"{Path(command[0]).name} did not end within its time", flush=True)


def faults(host: Host) -> list[str]:
    """What the site itself says went wrong meanwhile; but for what Django has refused (400) and calls suspicious."""
    found = re.findall(r"(?m)^.*\bERROR\b.*$|^Traceback(?:\n .*)+\n.*$", host.log())
    return [f"in the log: {each}" for each in found if "ERROR django.security." not in each]


if __name__ == "__main__":
    main()
