"""News as feeds: Atom and RSS, in each language, of everything and of one topic.

An entry is in a feed only where its text is public in the feed's own language; its text is there in full.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from conference_site.languages.content import current, localized, own_text, text_of
from conference_site.media.models import Image
from conference_site.media.prose import images_in, with_pictures
from conference_site.richtext.reading import with_addresses_of
from conference_site.richtext.tree import Element, Node
from news.models import NewsItem, Topic
from pages.models import Conference

LENGTH = 30  # entries
UNKNOWN_LENGTH = "0"  # of a picture that may not have been drawn yet; RSS wants a number


class AtomFeed(Atom1Feed):
    """Atom (RFC 4287) with full text and the conference as the author."""

    def add_item_elements(self, handler, item: dict) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["full_text"], {"type": "html"})


class RssFeed(Rss201rev2Feed):
    """RSS 2.0, with full text by the module for content (https://web.resource.org/rss/1.0/modules/content/)."""

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler, item: dict) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["full_text"])


class NewsFeed(Feed):
    """The newest news, of one topic where the address names it."""

    feed_type = AtomFeed
    page_name = "news_atom"

    def get_object(self, request: HttpRequest, slug: str | None = None) -> Topic | None:
        if slug is None:
            return None
        if topic := Topic.objects.in_use().filter(slug=slug).first():
            return topic
        raise Http404

    def get_feed(self, obj: Topic | None, request: HttpRequest) -> AtomFeed:
        self.conference = Conference.objects.current()
        return super().get_feed(obj, request)

    def items(self, topic: Topic | None) -> Iterable[NewsItem]:
        found = NewsItem.objects.public(current()).select_related("image").prefetch_related("topics")
        items = list((found.filter(topics=topic) if topic else found)[:LENGTH])
        self.images = images_in(own_text(item, "body").text for item in items)
        return items

    def title(self, topic: Topic | None) -> str:
        parts = [text_of(topic, "name").text if topic else _("News"), self.conference_name()]
        return " · ".join(filter(None, parts))

    def conference_name(self) -> str:
        if not self.conference:
            return ""
        return " ".join((text_of(self.conference, "short_title") or text_of(self.conference, "title")).text.split())

    def description(self, topic: Topic | None) -> str:
        return _("What is new about the conference and its field.")

    def link(self, topic: Topic | None) -> str:
        """The page that the feed is of. All addresses are whole: Django would make them by the host that was asked."""
        return settings.SITE_URL + (topic.get_absolute_url() if topic else reverse("news"))

    def feed_url(self, topic: Topic | None) -> str:
        """Where the feed itself stands, in the language that is active."""
        path = reverse(f"{self.page_name}_of_topic", args=[topic.slug]) if topic else reverse(self.page_name)
        return settings.SITE_URL + path

    feed_guid = feed_url

    def item_link(self, item: NewsItem) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def author_name(self, topic: Topic | None) -> str:
        """Atom wants an author for every entry; the conference is that of all."""
        return self.conference_name() or settings.SITE_HOST

    def item_title(self, item: NewsItem) -> str:
        return own_text(item, "title").plain

    def item_description(self, item: NewsItem) -> str:
        return own_text(item, "summary").plain

    def item_guid(self, item: NewsItem) -> str:
        """A name that stays when the address changes (RFC 4151)."""
        return f"tag:{settings.SITE_HOST},{item.created_on.year}:news/{item.pk}/{current()}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: NewsItem) -> datetime:
        return getattr(item, localized("publish_at", current()))

    def item_updateddate(self, item: NewsItem) -> datetime:
        return max(item.modified_at, self.item_pubdate(item))

    def item_categories(self, item: NewsItem) -> list[str]:
        return [text_of(topic, "name").text for topic in item.topics.all()]

    def item_enclosures(self, item: NewsItem) -> list[Enclosure]:
        """The item's picture."""
        if not (item.image and item.image.is_shown):
            return []
        kind = "image/svg+xml" if item.image.is_drawing else "image/jpeg"
        return [Enclosure(settings.SITE_URL + item.image.whole_url, UNKNOWN_LENGTH, kind)]

    def item_extra_kwargs(self, item: NewsItem) -> dict[str, str]:
        body = with_pictures(own_text(item, "body").text, self.images, _plain_picture)
        return {"full_text": with_addresses_of(settings.SITE_URL, body) if body else own_text(item, "summary").text}


class NewsRssFeed(NewsFeed):
    feed_type = RssFeed
    page_name = "news_rss"


def _plain_picture(image: Image, alternative: str) -> list[Node]:
    """As every reader's program can show it."""
    size = {"width": str(image.width), "height": str(image.height)}
    return [Element("img", {"src": image.whole_url, "alt": alternative} | size)]


def view(feed: type[NewsFeed]):
    """A view that answers 304 where the reader has the feed already. What was withdrawn makes no feed newer: no Last-Modified."""

    @require_safe
    @conditional_page
    def answer(request: HttpRequest, **parameters: str) -> HttpResponse:
        response = feed()(request, **parameters)
        del response.headers["Last-Modified"]
        return response

    return answer
