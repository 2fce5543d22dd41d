"""Parts of files, where the site sends them itself."""

import pytest
from django.core.files.storage import FileSystemStorage

from conference_site.media import views

PATH = "/media/pictures/a.webp"
BODY = bytes(range(100))


@pytest.fixture(autouse=True)
def file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "pictures").mkdir()
    for name, body in {"a.webp": BODY, "empty.webp": b"", "a.svg": b"<svg/>" * 100}.items():
        (tmp_path / "pictures" / name).write_bytes(body)


def get(client, path=PATH, **headers):
    response = client.get(path, headers=headers)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response, body


@pytest.mark.parametrize(
    ("asked", "status", "part", "says"),
    [
        ("bytes=0-9", 206, BODY[:10], "bytes 0-9/100"),
        ("bytes=0-0", 206, BODY[:1], "bytes 0-0/100"),
        ("bytes=99-", 206, BODY[99:], "bytes 99-99/100"),
        ("bytes=90-1000", 206, BODY[90:], "bytes 90-99/100"),
        ("bytes=-10", 206, BODY[90:], "bytes 90-99/100"),
        ("bytes=-1000", 206, BODY, "bytes 0-99/100"),
        ("Bytes= 5-6 ", 206, BODY[5:7], "bytes 5-6/100"),
        ("bytes=100-", 416, b"", "bytes */100"),
        ("bytes=-0", 416, b"", "bytes */100"),
        ("bytes=5-4", 200, BODY, None),
        ("bytes=-", 200, BODY, None),
        ("bytes=0-1,4-5", 200, BODY, None),
        ("bytes=٣-٤", 200, BODY, None),
        ("bytes=a-b", 200, BODY, None),
        ("bytes=0-1-2", 200, BODY, None),
        ("lines=0-9", 200, BODY, None),
        (f"bytes=0-{'9' * 5000}", 200, BODY, None),
    ],
)
def test_a_part_is_sent_of_a_file(client, asked, status, part, says):
    response, body = get(client, range=asked)
    assert (response.status_code, body, response.headers.get("Content-Range")) == (status, part, says)
    assert response.headers.get("Content-Length", "0") == str(len(part))


def test_a_part_has_the_headers_of_the_whole_and_a_refusal_is_not_kept(client):
    whole, part = get(client)[0].headers, get(client, range="bytes=0-9")[0].headers
    assert part == {**whole, "Content-Range": "bytes 0-9/100", "Content-Length": "10"}
    assert (whole["Accept-Ranges"], whole["Content-Length"]) == ("bytes", "100")
    assert get(client, range="bytes=100-")[0].headers["Cache-Control"] == "no-store"
    assert get(client, "/media/pictures/empty.webp", range="bytes=0-")[0].status_code == 416


def test_whoever_has_parts_of_another_file_gets_the_whole(client):
    changed = get(client)[0].headers["Last-Modified"]
    statuses = {
        known: get(client, range="bytes=0-9", if_range=known)[0].status_code for known in (changed, '"tag"', "yesterday", "")
    }
    assert statuses == {changed: 206, '"tag"': 200, "yesterday": 200, "": 200}
    assert get(client, range="bytes=0-9", if_modified_since=changed)[0].status_code == 304


def test_only_reading_has_parts(client):
    head = client.head(PATH, headers={"range": "bytes=0-9"})
    assert (head.status_code, head.headers["Content-Length"], "Content-Range" in head.headers) == (200, "100", False)


def test_what_has_parts_is_not_compressed(client):
    path, accepts = "/media/pictures/a.svg", {"accept_encoding": "gzip"}
    whole, part = get(client, path, **accepts), get(client, path, range="bytes=0-5", **accepts)
    assert [(response.headers.get("Content-Encoding"), len(body)) for response, body in (whole, part)] == [(None, 600), (None, 6)]


def test_a_document_has_parts_by_its_tag(rf, tmp_path):
    (tmp_path / "a.pdf").write_bytes(BODY)
    file = type("File", (), {"name": "a.pdf", "storage": FileSystemStorage(tmp_path)})

    def answer(**headers):
        return views.answer(rf.get("/en/documents/a.pdf", headers=headers), file, "a.pdf")

    whole = answer()
    tag, ask = whole.headers["ETag"], {"range": "bytes=10-19"}
    part, other, same = answer(**ask, if_range=tag), answer(**ask, if_range='"x"'), answer(**ask, if_none_match=tag)
    assert [response.status_code for response in (whole, part, other, same)] == [200, 206, 200, 304]
    assert b"".join(part.streaming_content) == BODY[10:20]
    assert part.headers["Content-Disposition"] == whole.headers["Content-Disposition"]
