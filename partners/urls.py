from django.urls import path

from partners import views

urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
    path("partnerships/", views.partnerships, name="partnerships"),
    path("partnerships/<slug:slug>/", views.partnership, name="partnership"),
    path("learning-cities/", views.cities, name="cities"),
    path("learning-cities/<slug:slug>/", views.city, name="city"),
]
