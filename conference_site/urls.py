"""Every address of the site. `/` leads to a language; all that is read lives under `/ar/`, `/en/`."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from conference_site import design, sitemaps, views
from conference_site.cards.views import card
from conference_site.media.views import media
from conference_site.publishing import previews

handler400 = "conference_site.views.bad_request"
handler403 = "conference_site.views.forbidden"
handler404 = "conference_site.views.not_found"
handler429 = "conference_site.views.too_many_requests"  # allauth's
handler500 = "conference_site.views.server_error"

urlpatterns = [
    path("", views.choose_language, name="choose_language"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-lists.xml", sitemaps.lists, name="sitemap_of_lists"),
    path("sitemap-<slug:kind>-<int:number>.xml", sitemaps.items, name="sitemap_of_items"),
    path("media/<path:name>", media, name="media"),
    path("cards/<str:signed>.png", card, name="card"),
]

urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.suggestions, name="suggestions"),
    path("admin/", include("conference_site.accounts.urls")),
    path("admin/design/", admin.site.admin_view(design.page), name="design"),
    path("admin/", admin.site.urls),
    path("", include("news.urls")),
    path("", include("partners.urls")),
    path("", include("pages.urls")),
    # After them, so that a page may be called so too, and read in parallel.
    path("preview/<slug:token>/", previews.linked, name="preview"),
)
