from django.urls import path, register_converter

from conference_site.publishing.parallel import parallel_page
from news import feeds, views
from news.models import NewsItem


class YearConverter:
    """Four digits."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


register_converter(YearConverter, "year")

urlpatterns = [
    path("news/", views.news, name="news"),
    path("news.atom", feeds.view(feeds.NewsFeed), name="news_atom"),
    path("news.rss", feeds.view(feeds.NewsRssFeed), name="news_rss"),
    path("news/topics/<slug:slug>.atom", feeds.view(feeds.NewsFeed), name="news_atom_of_topic"),
    path("news/topics/<slug:slug>.rss", feeds.view(feeds.NewsRssFeed), name="news_rss_of_topic"),
    path("news/archive/<year:year>/", views.year, name="news_year"),
    # Before topics, for an item may be called so.
    path("news/<slug:slug>/parallel/", parallel_page(NewsItem), name="news_item_parallel"),
    path("news/topics/<slug:slug>/", views.topic, name="news_topic"),
    path("news/<slug:slug>/", views.news_item, name="news_item"),
]
