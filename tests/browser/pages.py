"""The kinds of public pages, by addresses into which a language is put."""

PAGES = {
    "home": "/{}/",
    "conference": "/{}/conference/",
    "goals": "/{}/goals/",
    "goal": "/{}/goals/innovation-zones/",
    "questions": "/{}/questions/",
    "question": "/{}/questions/innovation-and-outcomes/",
    "rationale": "/{}/rationale/",
    "organisations": "/{}/organisations/",
    "organisation": "/{}/organisations/alecso/",
    "partnerships": "/{}/partnerships/",
    "partnership": "/{}/partnerships/saudi-learning-cities/",
    "parallel": "/{}/partnerships/saudi-learning-cities/parallel/",
    "cities": "/{}/learning-cities/",
    "city": "/{}/learning-cities/jubail-industrial-city/",
    "news": "/{}/news/",
    "news item": "/{}/news/global-smart-education-conference-2024/",
    "documents": "/{}/documents/",
    "not found": "/{}/nothing/",
    "bad request": "/{}/news/?before=x",
    "search": "/{}/search/?q=UNESCO",
    "nothing found": "/{}/search/?q=nothingness+at+all",
}
"""Those of a site with the starting content."""

ALL = PAGES | {
    "goal of the other language": "/{}/goals/one-language/",
    "second page of news": "/{}/news/?before=2024-06-30.1",
    "forbidden": "/{}/403",
    "wrong method": "/{}/405",
    "server error": "/{}/500",
}
"""With those that tests make content for, or answer themselves."""
