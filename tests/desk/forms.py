"""The forms of the desk's pages, filled and sent as a browser does it."""

import http.client
from html.parser import HTMLParser
from typing import NamedTuple

from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart


class FormParser(HTMLParser):
    """Collects what a browser would send of one form: ``fields`` is a list of (name, value), buttons left out."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.fields: list[tuple[str, str]] = []
        self.select = self.textarea = None

    def handle_starttag(self, tag: str, attrs: list) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.inside = attributes.get("id") == self.form_id
        elif self.inside and "disabled" not in attributes:
            getattr(self, f"start_{tag}", lambda attributes: None)(attributes)

    def start_input(self, attributes: dict) -> None:
        kind = attributes.get("type", "text")
        unsent = kind in ("submit", "button", "file") or (kind in ("checkbox", "radio") and "checked" not in attributes)
        if attributes.get("name") and not unsent:
            self.fields.append((attributes["name"], attributes.get("value", "on" if kind == "checkbox" else "")))

    def start_select(self, attributes: dict) -> None:
        self.select = attributes

    def start_option(self, attributes: dict) -> None:
        if self.select and "selected" in attributes:
            self.fields.append((self.select["name"], attributes.get("value", "")))

    def start_textarea(self, attributes: dict) -> None:
        self.textarea = (attributes["name"], "")

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.textarea = (self.textarea[0], self.textarea[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea:
            self.fields.append((self.textarea[0], self.textarea[1].removeprefix("\n")))
            self.textarea = None
        elif tag == "select":
            self.select = None


def fields_on(page: str, form_id: str) -> dict[str, list[str]]:
    """What the form on the page would send: name → values."""
    parser = FormParser(form_id)
    parser.feed(page)
    fields: dict[str, list[str]] = {}
    for name, value in parser.fields:
        fields.setdefault(name, []).append(value)
    assert fields, f"no form {form_id} on this page"
    return fields


def fields_of(response: HttpResponse, form_id: str) -> dict[str, list[str]]:
    return fields_on(response.content.decode(), form_id)


def send(client: Client, address: str, button: str | None = "_continue", form_id: str | None = None, **changes) -> HttpResponse:
    """Open the page, change some fields of its form, and press a button. A change to None leaves the field out."""
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    form_id = form_id or f"{address.split('/')[4]}_form"
    fields = fields_of(page, form_id) | ({button: ["pressed"]} if button else {})
    for name, value in changes.items():
        fields[name] = value if isinstance(value, list) else [value]
    data = {name: values for name, values in fields.items() if values != [None]}
    return client.post(address, data)


def in_form(response: HttpResponse, form_id: str, name: str) -> list[str]:
    """What stands in a field of a form that came back."""
    return fields_of(response, form_id).get(name, [])


class Reply(NamedTuple):
    status: int
    page: str
    location: str


class Browser:
    """Somebody who is signed in, before a site that runs at ``place`` (host:port) under the name ``host``.

    Raises what http.client does.
    """

    def __init__(self, place: str, session: str, host: str = "", patience: float = 120) -> None:
        self.place, self.session, self.host, self.patience, self.csrf = place, session, host or place, patience, ""

    def ask(self, method: str, path: str, form: dict | None = None) -> Reply:
        """One request on a connection of its own; a form, which may have files in it, goes as `multipart/form-data`."""
        connection = http.client.HTTPConnection(self.place, timeout=self.patience)
        body = encode_multipart(BOUNDARY, form) if form else None
        headers = {"Host": self.host, "Cookie": f"session={self.session}; csrf={self.csrf}"}
        try:
            connection.request(method, path, body, headers | ({"Content-Type": MULTIPART_CONTENT} if form else {}))
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                if cookie.startswith("csrf="):
                    self.csrf = cookie.partition(";")[0].removeprefix("csrf=")
            return Reply(answer.status, answer.read().decode(), answer.headers.get("Location", ""))
        finally:
            connection.close()
