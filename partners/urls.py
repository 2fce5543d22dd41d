from django.urls import path

from conference_site.publishing.parallel import parallel_page
from partners import views
from partners.models import LearningCity, Organisation, Partnership

urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
    path("organisations/<slug:slug>/parallel/", parallel_page(Organisation), name="organisation_parallel"),
    path("partnerships/", views.partnerships, name="partnerships"),
    path("partnerships/<slug:slug>/", views.partnership, name="partnership"),
    path("partnerships/<slug:slug>/parallel/", parallel_page(Partnership), name="partnership_parallel"),
    path("learning-cities/", views.cities, name="cities"),
    path("learning-cities/<slug:slug>/", views.city, name="city"),
    path("learning-cities/<slug:slug>/parallel/", parallel_page(LearningCity), name="city_parallel"),
]
