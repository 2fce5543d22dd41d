from django.urls import path

from conference_site.publishing.parallel import parallel_page
from pages import views
from pages.documents import Document
from pages.models import Goal, Page, ResearchQuestion

urlpatterns = [
    path("conference/", views.conference, name="conference"),
    path("conference/parallel/", views.conference_parallel, name="conference_parallel"),
    path("conference.ics", views.conference_calendar, name="calendar"),
    path("goals/", views.goals, name="goals"),
    path("goals/<slug:slug>/", views.goal, name="goal"),
    path("goals/<slug:slug>/parallel/", parallel_page(Goal), name="goal_parallel"),
    path("questions/", views.questions, name="questions"),
    path("questions/<slug:slug>/", views.question, name="question"),
    path("questions/<slug:slug>/parallel/", parallel_page(ResearchQuestion), name="question_parallel"),
    path("documents/", views.documents, name="documents"),
    path("documents/<slug:slug>/", views.document, name="document"),
    path("documents/<slug:slug>/parallel/", parallel_page(Document), name="document_parallel"),
    path("documents/<slug:slug>/file/", views.document_file, name="document_file"),
    # Last, for they take any one word.
    path("<slug:slug>/", views.page, name="page"),
    path("<slug:slug>/parallel/", parallel_page(Page), name="page_parallel"),
]
