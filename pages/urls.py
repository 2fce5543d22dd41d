from django.urls import path

from pages import views

urlpatterns = [
    path("conference/", views.conference, name="conference"),
    path("conference.ics", views.conference_calendar, name="calendar"),
    path("goals/", views.goals, name="goals"),
    path("goals/<slug:slug>/", views.goal, name="goal"),
    path("questions/", views.questions, name="questions"),
    path("questions/<slug:slug>/", views.question, name="question"),
    path("documents/", views.documents, name="documents"),
    path("documents/<slug:slug>/", views.document, name="document"),
    path("documents/<slug:slug>/file/", views.document_file, name="document_file"),
    # Last, for it takes any one word.
    path("<slug:slug>/", views.page, name="page"),
]
