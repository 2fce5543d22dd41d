"""Files in a bucket: the site does with them what it does with those in a folder. The bucket is asked over HTTP."""

import logging
import re
import socket
from contextlib import contextmanager
from copy import deepcopy
from io import BytesIO

import pytest
from botocore.endpoint import Endpoint
from botocore.exceptions import ClientError, EndpointConnectionError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from moto.server import ThreadedMotoServer
from PIL import Image as Pillow

from conference_site.cards.card import Card, file_name
from conference_site.delivery import signs
from conference_site.environment import Environment
from conference_site.languages.content import Text
from conference_site.media import buckets, storage
from conference_site.media.models import Image
from conference_site.media.renditions import WEBP
from pages.documents import Document
from tests.builders import make, make_user

pytestmark = pytest.mark.django_db

NONCE = re.compile(r"'nonce-[^']+'")
OWN = {"Last-Modified", "X-Request-ID"}
FOLDER = "conference_site.media.storage.AtomicFileSystemStorage"
PDF = b"%PDF-1.7\n" + bytes(200_000) + b"%%EOF"


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # which would write a line for each request
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@pytest.fixture
def keep_in(settings, monkeypatch, tmp_path):
    """Keeps files where a ``MEDIA_STORAGE_URL`` says; without one, in a folder."""

    def keep(url: str = "") -> None:
        monkeypatch.setenv("MEDIA_STORAGE_URL", url)
        chosen = Environment(tmp_path / "none").files("MEDIA_STORAGE_URL", FOLDER)
        settings.MEDIA_ROOT = tmp_path
        settings.STORAGES = deepcopy(settings.STORAGES) | {"default": chosen}

    return keep


@pytest.fixture
def bucket(server, keep_in):
    """The default storage: a bucket of the test's own, which is empty."""
    keep_in(f"s3+http://key:se%2Fcret@127.0.0.1:{server}/media")
    kept = storages["default"]
    kept.bucket.create()
    yield kept
    kept.bucket.objects.delete()
    kept.bucket.delete()


def make_image() -> Image:
    buffer = BytesIO()
    Pillow.new("RGB", (800, 400), "blue").save(buffer, "PNG")
    image = Image(file=ContentFile(buffer.getvalue(), "x.png"), alternative_text_en="A hall")
    image.save()
    return image


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def everything(client) -> list[tuple]:
    """What is sent of one file, in every way; without what is another each time."""
    default_storage.save("images/a.webp", ContentFile(bytes(range(256)) * 1000))
    default_storage.save("images/a.svg", ContentFile(b"<svg/>"))
    default_storage.save("images/empty.webp", ContentFile(b""))
    default_storage.save("withdrawn/images/a.webp", ContentFile(b"hidden"))
    changed = client.get("/media/images/a.webp").headers["Last-Modified"]
    asked = [
        ("get", "images/a.webp", {}),
        ("get", "images/a.svg", {"accept-encoding": "gzip"}),
        ("head", "images/a.webp", {}),
        ("get", "images/a.webp", {"if-modified-since": changed}),
        ("get", "images/a.webp", {"if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"}),
        ("get", "images/a.webp", {"range": "bytes=10-19"}),
        ("get", "images/a.webp", {"range": "bytes=-300"}),
        ("get", "images/a.webp", {"range": "bytes=100000-", "if-range": changed}),
        ("get", "images/a.webp", {"range": "bytes=10-19", "if-range": "yesterday"}),
        ("get", "images/a.webp", {"range": "bytes=256000-"}),
        ("get", "images/empty.webp", {}),
        ("get", "images", {}),
        ("get", "images/", {}),
        ("get", "images/b.webp", {}),
        ("get", f"images/{'b' * 1100}.webp", {}),
        ("get", "renditions/images/a.webp/1x1-50-50-00000000000000000000.webp", {}),
        ("get", "withdrawn/images/a.webp", {}),
        ("get", "withdrawn%5Cimages/a.webp", {}),
        ("get", "images%5C..%5Cwithdrawn/images/a.webp", {}),
    ]
    answers = [getattr(client, method)(f"/media/{path}", headers=headers) for method, path, headers in asked]
    dateless = [{name: NONCE.sub("", value) for name, value in answer.headers.items() if name not in OWN} for answer in answers]
    bodies = [body(answer) if answer.status_code != 404 else "" for answer in answers]
    said = [(path, answer.status_code) for (_method, path, _headers), answer in zip(asked, answers, strict=True)]
    return list(zip(said, dateless, bodies, strict=True))


def test_what_is_sent_is_what_is_sent_from_a_folder(client, bucket, keep_in):
    from_bucket = everything(client)
    keep_in()
    from_folder = everything(client)
    assert from_bucket == from_folder
    assert [status for (_path, status), _headers, _body in from_bucket] == [
        200,
        200,
        200,
        304,
        200,
        *[206] * 3,
        200,
        416,
        200,
    ] + [404] * 8


def test_a_part_of_a_file_costs_that_part(bucket, monkeypatch):
    assert [bucket.save("a.pdf", ContentFile(content)) for content in (b"replaced", PDF)] == ["a.pdf", "a.pdf"]
    asked = []
    ask = buckets.BucketStorage.body
    monkeypatch.setattr(buckets.BucketStorage, "body", lambda self, *args: asked.append(args) or ask(self, *args))
    with bucket.open("a.pdf") as file:
        assert (file.size, file.seek(150_000), len(file.read(10)), file.tell()) == (len(PDF), 150_000, 10, 150_010)
        file.seek(0)
        assert file.read() == PDF
    assert asked == [("a.pdf",), ("a.pdf", 150_000), ("a.pdf", 0)]


def test_a_picture_is_drawn_withdrawn_shown_again_and_deleted(client, bucket, server, django_capture_on_commit_callbacks):
    image = make_image()
    name, rendition = image.file.name, image.rendition(320, WEBP)
    assert image.file.url == f"/media/{name}"
    folder = rendition.name.rpartition("/")[0]
    drawn = client.get(rendition.url)
    assert Pillow.open(BytesIO(body(drawn))).size == (320, 160)
    assert drawn.headers["Cache-Control"] == "public, max-age=31536000, s-maxage=3600, immutable"
    steps = []
    for act in (lambda: None, image.withdraw, image.show_again, image.withdraw, image.delete):
        with django_capture_on_commit_callbacks(execute=True):
            act()
        places = [bucket.exists(place) for place in (name, storage.WITHDRAWN + name)]
        statuses = [client.get(f"/media/{each}").status_code for each in (name, storage.WITHDRAWN + name)]
        steps.append((places, statuses, len(bucket.listdir(folder)[1])))
    shown, withdrawn, nowhere = [True, False], [False, True], [False, False]
    assert steps == [
        (shown, [200, 404], 1),
        (withdrawn, [404, 404], 0),
        (shown, [200, 404], 0),
        (withdrawn, [404, 404], 0),
        (nowhere, [404, 404], 0),
    ]


def test_nobody_but_the_site_reads_the_bucket(bucket):
    make_image()
    [kept] = bucket.bucket.objects.all()
    grants = kept.Acl().grants
    assert [grant["Permission"] for grant in grants if "URI" in grant["Grantee"]] == []


def test_a_document_is_sent_whole_and_in_parts(client, bucket):
    make(Document, slug="call", file_en=ContentFile(PDF, "x.pdf"))
    whole = client.get("/en/documents/call/file/")
    part = client.get("/en/documents/call/file/", headers={"range": "bytes=5-7", "if-range": whole.headers["ETag"]})
    same = client.get("/en/documents/call/file/", headers={"if-none-match": whole.headers["ETag"]})
    assert [(answer.status_code, body(answer)) for answer in (whole, part, same)] == [(200, PDF), (206, PDF[5:8]), (304, b"")]
    assert whole.headers["Content-Disposition"] == 'attachment; filename="call-en.pdf"'


def make_card() -> Card:
    return Card(Text("", "en"), Text("A title", "en"), Text("The site", "en"))


def test_a_card_is_drawn_once(client, bucket, monkeypatch):
    card = make_card()
    drawn = client.get(card.url).content
    monkeypatch.setattr("conference_site.cards.card.draw", lambda *texts: b"drawn again")
    assert (client.get(card.url).content, bucket.size(file_name(card.signed))) == (drawn, len(drawn))


@contextmanager
def silent_server():
    """A port at which connections are taken, and nothing is said."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_while_the_bucket_is_silent_it_is_asked_once_and_only_what_needs_it_is_concerned(
    client, bucket, keep_in, monkeypatch, caplog
):
    image = make_image()
    make(Document, slug="call", file_en=ContentFile(PDF, "x.pdf"))
    card = make_card()
    monkeypatch.setattr(buckets, "IMPATIENT", {"read_timeout": 0.2, "retries": {"total_max_attempts": 1}})
    asked, send = [], Endpoint._send
    monkeypatch.setattr(Endpoint, "_send", lambda self, request: asked.append(request) or send(self, request))
    with silent_server() as port:
        keep_in(f"s3+http://key:secret@127.0.0.1:{port}/media")
        assert signs.bucket_check() == (True, "elsewhere")
        needing = [image.file.url, image.rendition(320, WEBP).url, "/en/documents/call/file/"]
        answers = [client.get(url) for url in needing]
        assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(503, "30")] * 3
        assert "This page is not available just now" in answers[2].content.decode()
        assert [client.get(url).status_code for url in ("/en/", "/en/documents/call/", card.url)] == [200] * 3
        assert (len(asked), signs.bucket_check()) == (1, (True, "elsewhere, which gave no answer"))
        assert caplog.text.count("the files failed") == 1
        client.force_login(make_user("editor"))
        client.post(f"/en/admin/media/image/{image.pk}/withdraw/")
        assert Image.objects.get().is_shown


def test_when_the_bucket_answers_again_it_is_asked_again(client, bucket, monkeypatch):
    image = make_image()
    now = 1000.0
    monkeypatch.setattr(buckets.time, "monotonic", lambda: now)
    with pytest.raises(storage.AwayError), bucket.asked():
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1")
    assert client.get(image.file.url).status_code == 503
    now += buckets.PAUSE
    with bucket.asked():  # one finds out, and the others are told at once
        assert client.get(image.file.url).status_code == 503
    assert (client.get(image.file.url).status_code, bucket.is_away) == (200, False)


def test_only_what_is_missing_is_missing(bucket):
    def raised(code: str) -> type:
        with pytest.raises((FileNotFoundError, storage.AwayError)) as error, bucket.asked():
            raise ClientError({"Error": {"Code": code}}, "GetObject")
        return error.type

    missing = {code: raised(code) for code in ("NoSuchKey", "404", "KeyTooLongError")}
    away = {code: raised(code) for code in ("NoSuchBucket", "AccessDenied", "403", "SlowDown")}
    assert (missing, away) == (dict.fromkeys(missing, FileNotFoundError), dict.fromkeys(away, storage.AwayError))


def test_a_bucket_that_is_missing_or_refuses_is_no_missing_picture(client, bucket, keep_in, server):
    keep_in(f"s3+http://key:secret@127.0.0.1:{server}/another")
    assert client.get("/media/images/a.webp").status_code == 503
    assert not default_storage.is_away  # it has answered
