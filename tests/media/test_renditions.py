"""Pictures on pages: in sizes and formats for browsers to choose from, drawn when first asked for, withdrawn at one press."""

import re
from datetime import timedelta
from io import BytesIO
from threading import BoundedSemaphore
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image as Pillow

from conference_site.media import renditions, storage
from conference_site.media.models import Image
from conference_site.media.renditions import AVIF, JPEG, WEBP, Rendition
from conference_site.media.usage import uses, uses_of
from conference_site.publishing import aggregate, replacements, working_copies
from conference_site.search import indexing
from news.models import NewsItem, NewsPicture
from pages.models import Goal
from partners.models import Organisation
from tests.builders import make, make_user
from tests.media.test_pictures import picture, upload

pytestmark = pytest.mark.django_db

TYPES = {AVIF: "image/avif", WEBP: "image/webp", JPEG: "image/jpeg"}


@pytest.fixture
def desk(db) -> Client:
    client = Client()
    client.force_login(make_user("administrator"))
    return client


def make_image(size=(800, 400), turned=False, **fields) -> Image:
    """A picture whose left half is red, the other blue; if it is turned, the upper half, and it is upright."""
    picture = Pillow.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    picture = picture.transpose(Pillow.Transpose.TRANSPOSE) if turned else picture
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    image = Image(
        file=ContentFile(buffer.getvalue(), "x.png"), **{"alternative_text_ar": "قاعة", "alternative_text_en": "A hall"} | fields
    )
    image.save()
    return image


def drawn(client, url: str) -> Pillow.Image:
    answer = client.get(url)
    assert answer.status_code == 200
    return Pillow.open(BytesIO(b"".join(answer.streaming_content)))


@pytest.mark.parametrize("encoding", [AVIF, WEBP, JPEG])
def test_a_rendition_is_drawn_when_its_address_is_asked_for(client, encoding):
    rendition = make_image().rendition(320, encoding)
    assert not default_storage.exists(rendition.name)
    answer = client.get(rendition.url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, TYPES[encoding])
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, s-maxage=3600, immutable"
    assert (drawn(client, rendition.url).format.lower().replace("jpeg", "jpg"), drawn(client, rendition.url).size) == (
        encoding,
        (320, 160),
    )
    assert default_storage.exists(rendition.name)


def test_no_page_draws_one(client):
    image = make_image()
    make(NewsItem, slug="one", image=image)
    client.get("/en/news/one/")
    assert default_storage.exists(f"renditions/{image.file.name}") is False


def test_only_an_address_of_the_sites_own_is_drawn(client):
    rendition = make_image().rendition(320, WEBP)
    forged = [
        rendition.url.replace("/320x160-", "/321x160-"),
        rendition.url.replace("-50-50-", "-50-51-"),
        rendition.url.replace(".webp", ".avif").replace(".avif/", ".webp/"),
        re.sub(r"-[0-9a-f]{20}\.", f"-{'0' * 20}.", rendition.url),
        rendition.url.replace("/media/renditions/", "/media/renditions/../renditions/"),
    ]
    assert [client.get(url).status_code for url in forged] == [404] * 5
    assert not default_storage.exists(f"renditions/{rendition.picture}")  # nor is anything drawn for it
    assert Rendition.read(rendition.name) == rendition


def test_a_cut_keeps_the_focal_point_in_sight(client):
    def colour(turned: bool = False, **focus: int) -> str:
        image = make_image(turned=turned, **focus)
        picture = drawn(client, image.rendition(100, WEBP, ratio=4 if turned else 0.25).url).convert("RGB")
        red, _green, blue = picture.getpixel((20, 20))
        assert picture.size == ((100, 25) if turned else (100, 400))
        return "red" if red > blue else "blue"

    assert [colour(focus_x=0), colour(focus_x=100)] == ["red", "blue"]
    assert [colour(turned=True, focus_y=0), colour(turned=True, focus_y=100)] == ["red", "blue"]


def test_what_was_drawn_while_one_waited_is_not_drawn_again(monkeypatch):
    rendition, drawings = make_image().rendition(320, WEBP), []
    monkeypatch.setattr(Rendition, "_draw", lambda self: drawings.append(self) or b"x")
    for _request in range(2):
        rendition._draw_and_save()  # what each does whose turn has come
    assert drawings == [rendition]


def test_none_is_wider_than_the_picture():
    image = make_image((700, 350))
    assert [(one.width, one.height) for one in image.renditions(AVIF)] == [(320, 160), (640, 320), (700, 350)]
    assert [(one.width, one.height) for one in image.renditions(AVIF, 1)] == [(320, 320), (350, 350)]
    upright = make_image((700, 350), turned=True)
    assert [(one.width, one.height) for one in upright.renditions(AVIF, 2)] == [(320, 160), (350, 175)]


def test_what_is_transparent_is_white_in_jpeg(client):
    buffer = BytesIO()
    Pillow.new("RGBA", (64, 64), (0, 0, 0, 0)).save(buffer, "PNG")
    image = Image(file=ContentFile(buffer.getvalue(), "x.png"), alternative_text_en="Nothing")
    image.save()
    assert drawn(client, image.rendition(64, JPEG).url).getpixel((32, 32)) == (255, 255, 255)
    assert drawn(client, image.rendition(64, WEBP).url).mode == "RGBA"


def test_a_page_offers_formats_and_sizes_and_says_how_large_it_will_be(client):
    make(NewsItem, slug="one", image=make_image((1300, 650), alternative_text_en=""))
    html = client.get("/en/news/one/").content.decode()
    figure = html[html.index('<figure class="picture">') : html.index("</figure>")]
    assert re.findall(r'type="(image/\w+)"', figure) == ["image/avif", "image/webp"]
    assert re.findall(r"\s(\d+w)", figure) == ["320w", "640w", "960w", "1300w"] * 2
    assert 'width="960" height="480" alt="\u2067قاعة\u2069" lang="ar" fetchpriority="high"' in figure
    assert "loading" not in figure


@pytest.fixture
def pictured():
    """An item that shows a picture in every way there is."""
    image = make_image(credit_en="Somebody")
    body = f'<p>Before</p><figure><img src="{image.file.url}" alt="In the text"><figcaption>Its caption</figcaption></figure>'
    item = make(NewsItem, slug="one", image=image, video_poster=image, video_url="https://www.video.example/1", body_en=body)
    NewsPicture.objects.create(item=item, image=image, caption_en="In the gallery")
    make(Organisation, slug="one", logo=image)
    return item, image


def test_a_picture_in_a_text_is_offered_like_any_other(client, pictured):
    html = client.get("/en/news/one/").content.decode()
    figure = html[html.index("<figure><picture>") :].partition("Its caption")[0]
    assert re.findall(r"type=\"(image/\w+)\"", figure) == ["image/avif", "image/webp"]
    assert 'width="800" height="400" alt="In the text" loading="lazy" decoding="async"' in figure


def test_one_press_withdraws_a_picture_everywhere_and_another_brings_it_back(
    client, pictured, django_capture_on_commit_callbacks
):
    _item, image = pictured
    pages = ("/en/news/one/", "/en/news/", "/en/organisations/one/", "/en/organisations/", "/en/news.atom", "/en/news.rss")
    stem = image.file.name.removesuffix(".webp")
    addresses = (image.file.url, image.rendition(320, WEBP).url)

    def shown() -> list[str]:
        return [page for page in pages if stem in client.get(page).content.decode()]

    def answers() -> list[int]:
        return [client.get(url).status_code for url in addresses]

    assert (shown(), answers()) == (list(pages), [200, 200])
    desk = client
    desk.force_login(make_user("editor"))
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(f"/en/admin/media/image/{image.pk}/withdraw/").status_code == 302
    assert (shown(), answers()) == ([], [404, 404])
    assert client.get(f"/media/withdrawn/{image.file.name}").status_code == 404
    html = client.get("/en/news/one/").content.decode()
    assert ("Before" in html, "Its caption" in html, "Somebody" in html, "In the gallery" in html) == (True, False, False, False)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/en/admin/media/image/{image.pk}/withdraw/")
    assert (shown(), answers()) == (list(pages), [200, 200])


def test_the_words_of_a_withdrawn_picture_are_found_no_more(client):
    image = make_image(alternative_text_en="Lanterns")
    item = make(NewsItem, ["en"], slug="one", image=image)
    indexing.refresh(item)

    def is_found() -> bool:
        return "/en/news/one/" in client.get("/en/search/", {"q": "lanterns"}).content.decode()

    found = [is_found()]
    for act in (image.withdraw, image.show_again, image.delete):
        act()
        found.append(is_found())
        assert list(indexing.stale()) == []
    assert found == [True, False, True, False]


def test_a_picture_that_is_deleted_leaves_no_file(client, django_capture_on_commit_callbacks):
    for is_withdrawn in (False, True):
        image = make_image()
        name, rendition = image.file.name, image.rendition(320, WEBP)
        rendition.keep()
        if is_withdrawn:
            image.withdraw()
        with django_capture_on_commit_callbacks(execute=True):
            image.delete()
        assert [default_storage.exists(place) for place in (name, f"withdrawn/{name}", rendition.name)] == [False] * 3


def test_the_desk_lists_what_is_withdrawn_without_a_preview(client):
    shown, withdrawn = make_image(), make_image()
    withdrawn.withdraw()
    client.force_login(make_user("editor"))
    for value, image in (("1", shown), ("0", withdrawn)):
        answer = client.get("/en/admin/media/image/", {"withdrawn_at__isempty": value})
        assert list(answer.context["cl"].queryset) == [image]
        html = answer.content.decode()
        assert ('class="preview"' in html) is image.is_shown
        chosen, _alternative_text = re.findall(r'<li class="selected">\s*<a href="\?[^>]*>\s*(\w+)', html)
        assert chosen == ("Shown" if image.is_shown else "Withdrawn")
        form = client.get(f"/en/admin/media/image/{image.pk}/change/").content.decode()
        assert ("focus-picture" in form, "This picture is withdrawn" in form) == (image.is_shown, not image.is_shown)


def test_no_page_of_the_desk_withdraws_by_being_looked_at(client):
    image = make_image()
    address = f"/en/admin/media/image/{image.pk}/withdraw/"
    assert client.post(address).status_code == 302  # to sign in
    client.force_login(make_user("editor"))
    assert client.get(address).status_code == 405
    assert Image.objects.get().is_shown


def test_no_other_way_of_writing_an_address_leads_to_what_was_withdrawn(client):
    image = make_image()
    image.withdraw()
    assert default_storage.exists(f"withdrawn/{image.file.name}")
    hidden = f"withdrawn/{image.file.name}"
    ways = [f"/{hidden}", f"//{hidden}", f"./{hidden}", f"x/../{hidden}", f"images/.././{hidden}", hidden, f"{hidden}/"]
    answers = [client.get("/media/" + quote(way, safe=safe)) for way in ways for safe in ("/", "")]
    assert [answer.status_code for answer in answers] == [404] * len(answers)


def test_what_is_drawn_while_its_picture_is_withdrawn_does_not_stay(client, monkeypatch):
    image = make_image()
    rendition = image.rendition(320, WEBP)
    draw = Rendition._draw

    def slowly(self) -> bytes:
        drawn = draw(self)
        image.withdraw()
        return drawn

    monkeypatch.setattr(Rendition, "_draw", slowly)
    assert client.get(rendition.url).status_code == 404
    assert not default_storage.exists(rendition.name)


def test_while_others_are_drawn_the_whole_picture_is_shown_and_nobody_waits(client, monkeypatch):
    image = make_image()
    there, asked = image.rendition(320, WEBP), image.rendition(320, AVIF)
    there.keep()
    monkeypatch.setattr(renditions, "_threads", BoundedSemaphore(1))
    with renditions._threads:
        answer = client.get(asked.url)
        assert (answer.headers["Cache-Control"], answer.headers["Content-Type"]) == ("no-store", "image/webp")
        assert client.get(asked.url, headers={"range": "bytes=0-9"}).status_code == 200  # they would be parts of another file
        assert drawn(client, asked.url).size == (800, 400)
        assert "immutable" in client.get(there.url).headers["Cache-Control"]
    assert drawn(client, asked.url).size == (320, 160)


def test_a_storage_that_fails_is_told_of_and_leaves_nothing_behind(client, monkeypatch, caplog):
    rendition = make_image().rendition(320, WEBP)

    def full(self, target):
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(storage.Path, "replace", full)
        assert client.get(rendition.url).status_code == 503
    assert "No space left on device" in caplog.text
    assert default_storage.listdir(rendition.name.rpartition("/")[0])[1] == []
    assert client.get(rendition.url).status_code == 200


def test_an_upload_for_which_there_is_no_room_is_refused_in_words_and_leaves_no_row(desk, monkeypatch):
    def full(self, target):
        raise OSError("No space left on device")

    monkeypatch.setattr(storage.Path, "replace", full)
    answer = upload(desk, picture(), language="ar")
    assert (answer.status_code, Image.objects.count()) == (503, 0)
    assert "ولم يضِع منها شيء" in answer.content.decode()


def test_a_picture_whose_file_cannot_be_moved_is_not_called_withdrawn(client, monkeypatch):
    image = make_image()
    client.force_login(make_user("editor"))

    def broken(name: str, to: str) -> None:
        raise OSError

    for is_shown in (True, False):
        with monkeypatch.context() as patch:
            patch.setattr(storage, "move", broken)
            answer = client.post(f"/en/admin/media/image/{image.pk}/withdraw/", follow=True)
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]
        assert Image.objects.get().is_shown is is_shown
        client.post(f"/en/admin/media/image/{image.pk}/withdraw/", follow=True)


def test_whoever_may_not_change_pictures_withdraws_none(client):
    image = make_image()
    client.force_login(make_user())
    assert client.post(f"/en/admin/media/image/{image.pk}/withdraw/").status_code == 403
    assert Image.objects.get().is_shown


def test_photographs_that_find_no_place_in_the_gallery_are_not_kept(client, monkeypatch):
    item = make(NewsItem)
    client.force_login(make_user("editor"))

    def broken(*args) -> None:
        raise RuntimeError

    monkeypatch.setattr(working_copies, "save", broken)
    files = [ContentFile(make_image().file.read(), "x")]
    Image.objects.all().delete()
    with pytest.raises(RuntimeError):
        client.post(f"/en/admin/news/newsitem/{item.pk}/photographs/", {"files": files, "alternative_text_en": "X"})
    assert Image.objects.count() == 0


def test_photographs_are_added_by_whoever_may_add_pictures_and_parts(client):
    item = make(NewsItem)
    user = make_user()
    client.force_login(user)
    needed = ["view_newsitem", "change_newsitem", "add_image", "add_newspicture"]
    permissions = list(Permission.objects.filter(codename__in=needed))
    for without in (None, *permissions):
        user.user_permissions.set([one for one in permissions if one != without])
        answer = client.get(f"/en/admin/news/newsitem/{item.pk}/photographs/")
        may = without is None or without.codename == "view_newsitem"
        assert (answer.status_code, without) == (200 if may else 403, without)


def test_a_missing_file_breaks_no_page(client, pictured):
    _item, image = pictured
    default_storage.delete(image.file.name)
    for page in ("/en/news/one/", "/ar/news/", "/en/organisations/one/", "/en/news.rss"):
        assert client.get(page).status_code == 200
    assert client.get(image.rendition(320, WEBP).url).status_code == 404
    client.force_login(make_user("administrator", is_superuser=True))
    for page in ("", f"{image.pk}/change/"):
        assert client.get(f"/ar/admin/media/image/{page}").status_code == 200


def test_where_it_is_used_counts_texts_galleries_and_drafts(pictured):
    item, image = pictured
    goal, other = make(Goal), make_image()
    data = aggregate.snapshot(goal)
    data["fields"]["body_en"] = f'<figure><img src="{image.file.url}" alt="x"></figure>'
    working_copies.save(goal, data)
    draft = make(NewsItem, [])
    with working_copies.applied(draft) as live:
        NewsPicture.objects.create(item=live, image=image)
        data = aggregate.snapshot(live)
    NewsItem.objects.filter(pk=draft.pk).update(publish_at_ar="2020-01-01T00:00Z")  # or its row would follow the draft
    working_copies.save(draft, data)
    assert {str(use) for use in uses(image)} == {str(item), str(Organisation.objects.get()), str(goal), str(draft)}
    assert (uses(other), uses(Image.objects.create(alternative_text_en="Without a file"))) == ([], [])
    # What isn't there any more, and what an editor has taken out since, is no use.
    working_copies.delete(goal)
    data["parts"]["pictures"] = []
    working_copies.save(draft, data)
    assert {str(use) for use in uses(image)} == {str(item), str(Organisation.objects.get())}


@pytest.mark.parametrize("is_draft", [False, True])
@pytest.mark.parametrize("way", ["column", "text", "gallery"])
def test_each_way_of_using_it_is_one(way, is_draft):
    image, item = make_image(), make(NewsItem)
    with working_copies.applied(item) as live:
        if way == "column":
            live.video_poster = image
        elif way == "text":
            live.video_transcript_ar = f'<figure><img src="{image.file.url}" alt="x"></figure>'
        else:
            NewsPicture.objects.create(item=live, image=image)
        live.save()
        data = aggregate.snapshot(live)
    working_copies.save(item, data)
    if not is_draft:
        working_copies.publish(item, ["ar"])
        working_copies.revisions_of(item).delete()
    assert uses(image) == [item]


def test_what_is_planned_to_replace_an_item_uses_its_picture(pictured):
    item, image = pictured
    Organisation.objects.all().delete()
    working_copies.record(item, "saved")
    replacements.plan(item, ["ar"], timezone.now() + timedelta(days=1))
    data = working_copies.working_copy(item)
    data["fields"] |= {"image_id": None}
    working_copies.save(item, data)
    NewsItem.objects.update(image=None)
    assert uses(image) == [item]


def test_a_picture_in_use_cannot_be_deleted_and_its_page_says_where_it_is(desk, pictured):
    item, image = pictured
    draft, free = make(NewsItem, []), make_image(alternative_text_en="Free")
    data = aggregate.snapshot(draft)
    data["fields"]["image_id"] = free.pk
    NewsItem.objects.filter(pk=draft.pk).update(publish_at_ar="2020-01-01T00:00Z")  # or its row would follow the draft
    working_copies.save(draft, data)
    for each, user in ((image, item), (free, draft)):
        answer = desk.post(f"/en/admin/media/image/{each.pk}/delete/", {"post": "yes"})
        assert (answer.status_code, f"/en/admin/news/newsitem/{user.pk}/change/" in answer.content.decode()) == (200, True)
        assert f'action="/en/admin/media/image/{each.pk}/withdraw/"' in answer.content.decode()
    unused = make_image()
    chosen = {"action": "delete_selected", "_selected_action": [image.pk, free.pk, unused.pk], "post": "yes"}
    answer = desk.post("/en/admin/media/image/", chosen)
    assert (answer.status_code, "Nothing is deleted" in answer.content.decode()) == (200, True)
    assert set(Image.objects.all()) == {image, free, unused}
    # What it offers in place of that.
    assert desk.post("/en/admin/media/image/", chosen | {"action": "withdraw"}).context["act"].key == "withdraw"


def test_a_picture_that_is_used_nowhere_is_deleted_and_the_question_promises_no_list(desk):
    address = f"/en/admin/media/image/{make_image().pk}/delete/"
    page = desk.get(address).content.decode()
    assert ("is used nowhere" in page, "related items" in page) == (True, False)
    assert (desk.post(address, {"post": "yes"}).status_code, Image.objects.count()) == (302, 0)


def test_as_many_queries_ask_where_many_pictures_are_used_as_where_one_is(desk, django_assert_num_queries):
    images = [make_image() for _number in range(3)]
    for image in images:
        make(NewsItem, image=image)
    uses(images[0])  # so that content types are known
    with CaptureQueriesContext(connection) as captured:
        assert uses(images[0])
    with django_assert_num_queries(len(captured)):
        assert all(uses_of(images).values())


def test_a_form_deletes_nothing_but_its_own_item(desk, pictured):
    item, _image = pictured
    page = desk.get(f"/en/admin/news/newsitem/{item.pk}/change/").content.decode()
    assert ("change_id_image" in page, "delete_id_" in page) == (True, False)


def test_thirty_photographs_come_in_one_upload(client):
    item = make(NewsItem, slug="one")
    client.force_login(make_user("editor"))

    def photograph() -> ContentFile:
        buffer = BytesIO()
        Pillow.new("RGB", (60, 40), "green").save(buffer, "JPEG")
        return ContentFile(buffer.getvalue(), "صورة.jpg")

    texts = {
        "alternative_text_ar": "حفل الافتتاح",
        "alternative_text_en": "The opening",
        "credit_ar": "",
        "credit_en": "The organisers",
    }
    answer = client.post(f"/en/admin/news/newsitem/{item.pk}/photographs/", texts | {"files": [photograph() for _ in range(30)]})
    assert answer.status_code == 302
    assert (Image.objects.count(), NewsPicture.objects.count()) == (30, 0)  # a draft, like any other change
    working_copies.publish(item, ["ar", "en"])
    html = client.get("/en/news/one/").content.decode()
    assert (html.count("<picture>"), html.count('loading="lazy"'), html.count("The organisers")) == (30, 30, 1)
    assert list(NewsPicture.objects.values_list("order", flat=True)) == [10 * n for n in range(1, 31)]
    client.post(f"/en/admin/news/newsitem/{item.pk}/photographs/", texts | {"files": [photograph()]})
    working_copies.publish(item, ["ar", "en"])
    assert NewsPicture.objects.last().order == 310


def test_an_upload_of_which_one_is_no_picture_adds_none_and_names_it(client):
    item = make(NewsItem)
    client.force_login(make_user("editor"))
    files = [make_image().file, ContentFile(b"text", "notes.txt")]
    Image.objects.all().delete()
    answer = client.post(f"/en/admin/news/newsitem/{item.pk}/photographs/", {"files": files, "alternative_text_en": "X"})
    assert answer.context["form"].errors == {
        "files": ["\u2068notes.txt\u2069: This file is no JPEG, PNG, WebP or SVG picture, or it is damaged."]
    }
    assert Image.objects.count() == 0
    answer = client.post(f"/en/admin/news/newsitem/{item.pk}/photographs/", {})
    assert set(answer.context["form"].errors) == {"files", "alternative_text_ar"}


def test_photographs_that_a_browser_does_not_keep_are_asked_for_again(client):
    item = make(NewsItem)
    client.force_login(make_user("editor"))
    address = f"/en/admin/news/newsitem/{item.pk}/photographs/"
    with make_image().file.open() as file:
        answer = client.post(address, {"files": [file], "credit_en": "The organisers"})
    assert answer.context["form"].errors["files"] == ["This has to be chosen again: browsers do not keep files."]
    assert answer.context["form"]["credit_en"].value() == "The organisers"


def test_the_library_says_in_words_what_is_shown_and_what_is_withdrawn(client):
    make_image((60, 40))
    make_image((60, 40)).withdraw()
    client.force_login(make_user("editor"))
    html = client.get("/en/admin/media/image/").content.decode()
    states = re.findall(r'class="field-state[^"]*">([^<]*)<', html)
    assert (sorted(states), html.count('alt="True"'), html.count("60\u00a0×\u00a040")) == (["Shown", "Withdrawn"], 0, 2)
