"""The starting content: both languages of everything, every fact, the official names, and the rules of Arabic style.

It reads the TOML files alone: no Django and no database.
"""
# ruff: noqa: E501 (the table of facts has one claim a line)

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from conference_site.proofreading.arabic import NBSP
from tests.arabic_style import advice, findings, headline_findings, numbers, plain

FOLDER = Path(__file__).resolve().parents[2] / "conference_site/operations/starting_content"
# The table of each file, and the fields of its items: plain text, rich text, and what is not translated.
SHAPE = {
    "conference": ("conference", {"title", "short_title", "theme", "purpose"}, {"introduction"}, set()),
    "goals": ("goal", {"title", "summary"}, {"body"}, {"key", "slug"}),
    "questions": ("question", {"title", "question"}, {"body"}, {"key", "slug", "page_links"}),
    "pages": ("page", {"title", "introduction"}, {"body"}, {"key", "slug"}),
    "organisations": ("organisation", {"name", "acronym", "role"}, {"description"}, {"key", "slug", "kind"}),
    "partnerships": (
        "partnership",
        {"title", "summary"},
        {"agreed", "results"},
        {"key", "slug", "parties", "milestones", "goal_links"},
    ),
    "cities": (
        "city",
        {"name", "country", "network", "summary"},
        {"body"},
        {"key", "slug", "partnership", "latitude", "longitude"},
    ),
    "topics": ("topic", {"name"}, set(), {"key", "slug"}),
    "news": (
        "news",
        {"title", "summary", "place"},
        {"body"},
        {"key", "slug", "event_on", "organisations", "topics", "goal_links"},
    ),
}
RICH = set().union(*(rich for _, _, rich, _ in SHAPE.values()))
OPTIONAL = {"acronym", "page_links"}
# Organisations that have an acronym in Latin letters only.
LATIN_ACRONYMS = {"unesco-iite", "unesco-ichei"}
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.,’'&-]*(?: [A-Za-z0-9][A-Za-z0-9.,’'&-]*)*")
LATIN_SPAN = re.compile(r'<span lang="en" dir="ltr">([^<]+)</span>')


class Field(NamedTuple):
    """One translated field: where it stands, its name, and its texts by language."""

    place: str
    name: str
    texts: dict[str, str]


@cache
def items(name: str) -> list[dict]:
    """The items of a file, in its order."""
    found = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))[SHAPE[name][0]]
    return found if isinstance(found, list) else [found]


def fields(item: dict, place: str) -> Iterator[Field]:
    """The translated fields of an item and of its parts."""
    for name, value in item.items():
        if isinstance(value, dict):
            yield Field(f"{place}/{name}", name, value)
        elif isinstance(value, list):
            for number, part in enumerate(value):
                if isinstance(part, dict):
                    yield from fields(part, f"{place}/{name}/{number}")


def fields_of(name: str) -> list[Field]:
    return [field for item in items(name) for field in fields(item, f"{name}/{item.get('key', name)}")]


ALL = [field for name in SHAPE for field in fields_of(name)]
ARABIC = [(field.place, field.texts["ar"]) for field in ALL if "ar" in field.texts]
HEADLINES = [field for field in ALL if field.name == "title" and not field.place.startswith("conference/")]
KEYS = {name: [item["key"] for item in items(name)] for name in SHAPE if name != "conference"}


def breaches(*rules: int) -> list[str]:
    """What breaks one of the rules in any Arabic text of the starting content."""
    return [f"{place}: {found}" for place, text in ARABIC for found in findings(text) if numbers([found]) & set(rules)]


def rich_arabic() -> list[tuple[str, str]]:
    """The Arabic rich text of each item, in the order in which its page shows it."""
    return [
        (f"{name}/{item.get('key', name)}", "\n".join(value["ar"] for field, value in item.items() if field in RICH))
        for name, (_, _, rich, _) in SHAPE.items()
        if rich
        for item in items(name)
    ]


def text_of(place: str, language: str) -> str:
    """The plain text at “file/key/field”."""
    (field,) = [field for field in ALL if field.place == place]
    return plain(field.texts[language]).replace(NBSP, " ")


# --- Shape -------------------------------------------------------------------------------------------------------


def test_there_is_one_file_of_each_kind():
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == sorted([*SHAPE, "names", "official_names", "menus"])


@pytest.mark.parametrize("name", SHAPE)
def test_items_have_the_fields_of_their_kind(name):
    table, plain_fields, rich_fields, others = SHAPE[name]
    assert set(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))) == {table}
    for item in items(name):
        assert set(item) | OPTIONAL == plain_fields | rich_fields | others | OPTIONAL, item.get("key")


def test_keys_are_unique_and_slugs_are_ascii():
    for name, keys in KEYS.items():
        slugs = [item["slug"] for item in items(name)]
        assert len(set(keys)) == len(keys)
        assert len(set(slugs)) == len(slugs)
        assert [slug for slug in slugs if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)] == []


def test_links_name_keys_that_exist():
    links = [("pages", link["page"]) for item in items("questions") for link in item.get("page_links", [])]
    for name in ("partnerships", "news"):
        links += [("goals", link["goal"]) for item in items(name) for link in item["goal_links"]]
    links += [("organisations", key) for item in items("partnerships") for key in item["parties"]]
    links += [("organisations", key) for item in items("news") for key in item["organisations"]]
    links += [("topics", key) for item in items("news") for key in item["topics"]]
    links += [("partnerships", item["partnership"]) for item in items("cities")]
    assert [(name, key) for name, key in links if key not in KEYS[name]] == []


def test_every_topic_is_used():
    assert {key for item in items("news") for key in item["topics"]} == set(KEYS["topics"])


def test_every_field_stands_in_both_languages():
    alone = {
        field.place for field in ALL if set(field.texts) != {"ar", "en"} or not all(text.strip() for text in field.texts.values())
    }
    assert alone == {f"organisations/{key}/acronym" for key in LATIN_ACRONYMS}


def test_plain_fields_hold_no_markup_and_one_line():
    for field in ALL:
        for text in field.texts.values():
            if field.name not in RICH:
                assert not re.search(r"[<>]|&\w+;", text), field.place
                assert "\n" not in text or field.place == "conference/conference/title"
                assert text == text.strip()


def test_rich_text_uses_only_the_tags_that_are_allowed():
    allowed = r'<(?:/?(?:p|h2|h3|ul|ol|li|blockquote|strong|em)|/span|/a|a href="[^"<>]+"|span lang="en" dir="ltr")>'
    for field in ALL:
        for text in field.texts.values():
            if field.name in RICH:
                assert not re.search(r"[<>]|&", re.sub(allowed, "", text)), field.place
                tags = re.findall(r"<(/?)(\w+)", text)
                opened: list[str] = []
                for closing, tag in tags:
                    if closing:
                        assert opened.pop() == tag, field.place
                    else:
                        opened.append(tag)
                assert opened == [], field.place


def test_both_languages_have_the_same_structure():
    for field in ALL:
        if field.name in RICH:
            blocks = {language: re.findall(r"<(p|h2|h3|ul|ol|li|blockquote)>", text) for language, text in field.texts.items()}
            assert blocks["ar"] == blocks["en"], field.place


def test_notes_and_fragments_fit_their_columns():
    limits = {"name": 200, "role": 300, "note": 300, "text": 300, "place": 120, "country": 120, "short_title": 120, "acronym": 40}
    assert [
        (field.place, len(text)) for field in ALL for text in field.texts.values() if len(text) > limits.get(field.name, 100_000)
    ] == []


# --- Arabic style, by the numbers of the guide --------------------------------------------------------------------


def test_13_15_17_19_24_typography_and_digits():
    assert breaches(13, 15, 17, 19, 24) == []


def test_30_hamza():
    assert breaches(30) == []


def test_31_tanwin_stands_before_the_alef():
    assert breaches(31) == []


def test_32_tashkeel_is_sparing():
    assert breaches(32) == []


def test_33_punctuation_and_its_spaces():
    assert breaches(33) == []


def test_34_numbers_in_prose():
    assert breaches(34) == []


def test_35_dates_and_unbroken_spaces():
    assert breaches(35) == []


# A foreign name in Arabic, and what stands in brackets after its first mention in a text.
FOREIGN_NAMES = {
    "المنظمة العربية للتربية والثقافة والعلوم": "(الألكسو، ALECSO)",
    "منظمة الأمم المتحدة للتربية والعلم والثقافة": "(اليونسكو، UNESCO)",
    "معهد اليونسكو لتكنولوجيا المعلومات في التعليم": "(IITE)",
    "المركز الدولي للابتكار في التعليم العالي تحت رعاية اليونسكو": "(UNESCO-ICHEI)",
    "معهد التعلم الذكي بجامعة بكين للمعلمين": "(Smart Learning Institute of Beijing Normal University)",
    "مركز علوم الأطفال والشباب التابع للجمعية الصينية للعلوم والتكنولوجيا": (
        "(Children and Youth Science Center of the China Association for Science and Technology)"
    ),
    "معهد اليونسكو للجودة والتميز في التعليم": "(UNESCO Institute for Quality and Excellence in Education)",
    "المؤتمر العالمي للتعليم الذكي": "(Global Smart Education Conference)",
    "قمة تحويل التعليم": "(Transforming Education Summit)",
    "شبكة اليونسكو العالمية لمدن التعلّم": "(UNESCO Global Network of Learning Cities)",
    "مبادئ النفاذ إلى محتوى الويب": "(WCAG 2.2)",
}
# A Latin run that is no name, and needs no brackets.
BARE_LATIN = {"AA"}


@pytest.mark.parametrize(("place", "text"), rich_arabic())
def test_36_a_foreign_name_has_its_latin_once_in_brackets_at_its_first_mention(place, text):
    shown = plain(text)
    for name, latin in FOREIGN_NAMES.items():
        if name in shown:
            assert shown[shown.index(name) + len(name) :].startswith(f" {latin}"), f"{place}: {name}"
            assert shown.count(latin) == 1, f"{place}: {latin}"
    for run in LATIN_SPAN.findall(text):
        assert text.count(f">{run}</span>") == 1, f"{place}: {run}"
        assert run in BARE_LATIN or re.search(rf"\([^()]*{re.escape(run)}\)", shown), f"{place}: {run}"


def test_36_a_latin_run_stands_in_a_span_of_its_own_language_and_never_in_plain_fields():
    for field in ALL:
        if "ar" not in field.texts:
            continue
        outside = LATIN_SPAN.sub("", field.texts["ar"])
        assert not LATIN.search(plain(outside)), field.place
        assert not re.search(r"<span[^>]*>[^<]*[()]", field.texts["ar"]), f"{field.place}: the brackets stand outside the span"


# Persons: the family name, and the title, name and post that the first mention gives.
PERSONS = {
    "الجمني": "الدكتور محمد الجمني، مدير إدارة تكنولوجيا المعلومات والاتصال",
    "ولد أعمر": "الدكتور محمد ولد أعمر، المدير العام للألكسو",
}


@pytest.mark.parametrize(("place", "text"), rich_arabic())
def test_37_a_person_has_title_name_and_post_once_and_then_the_family_name(place, text):
    shown = plain(text)
    for family_name, introduction in PERSONS.items():
        if family_name in shown:
            assert introduction in shown[: shown.index(family_name) + len(introduction)], place
            assert shown.count(introduction.split("،")[0]) == 1, place
            assert not re.search(rf"(?:الدكتور|د\.)\s(?:محمد )?{family_name}", shown.replace(introduction, "")), place
    assert breaches(37) == []


def test_38_no_translated_turns_of_phrase():
    assert breaches(38) == []
    assert [found for _, text in ARABIC for found in advice(text)] == []


def test_39_no_commands_to_the_reader():
    assert breaches(39) == []


def test_40_headlines():
    assert [found for field in HEADLINES for found in headline_findings(field.texts["ar"])] == []
    assert [field.texts["en"] for field in HEADLINES if len(field.texts["en"]) > 70 or field.texts["en"].endswith(".")] == []
    inner = [heading for _, text in ARABIC for heading in re.findall(r"<h[23]>(.*?)</h[23]>", text)]
    assert [heading for heading in inner if heading.endswith(".") or len(heading) > 70] == []


def test_41_one_word_for_one_idea_and_the_official_names():
    assert breaches(41) == []


# A specimen for each rule that a pattern judges: the pattern finds it, with its prefixes, and finds nothing in what is right.
WRONG = [
    (13, "التعلـــيم"),
    (15, "قال: \"نعم\""),
    (15, "التعليم, والابتكار"),
    (17, "عام ٢٠٢٤"),
    (19, "18\u00a0تشرين الأول 2024"),
    (24, "التعليم\u200f"),
    (30, "وبالإستخدام الأمثل"),
    (30, "للإبتكار"),
    (30, "من التعليم الى الابتكار"),
    (30, "والاهداف"),
    (31, "مؤقتاً"),
    (32, "التَّعَلُّم"),
    (32, "للتعلم مدى الحياة"),
    (33, "التعليم ، والابتكار"),
    (33, "التعليم،والابتكار"),
    (33, "ما هذا؟!"),
    (33, "قال.وذهب"),
    (33, "«قال: «نعم» وذهب»"),
    (33, "قال: “نعم”"),
    (34, "للمؤتمر 4 أهداف"),
    (34, "أكثر من 3000 مشارك"),
    (34, "أكثر من 3,000 مشارك"),
    (34, "عام 2,024"),
    (34, "44 %"),
    (34, "ل2024"),
    (35, "08\u00a0أغسطس 2024"),
    (35, "18 أغسطس 2024"),
    (35, "د. محمد"),
    (35, "عام 2024م"),
    (37, "معالي الوزير"),
    (37, "وسعادة المدير"),
    (38, "وتم افتتاح المؤتمر"),
    (38, "سيتم الافتتاح"),
    (38, "قامت بتنظيم المؤتمر"),
    (38, "حيث أن التعليم"),
    (38, "في نفس السياق"),
    (38, "تصميم نظام بيئي"),
    (38, "وردود فعل"),
    (38, "المدن التعليمية"),
    (39, "انقر هنا"),
    (39, "ثم أدخل كلمة المرور"),
    (39, "قم بتسجيل الدخول"),
    (41, "بالتقنيات الحديثة"),
    (41, "في العالم العربي"),
    (41, "مواضيع المؤتمر"),
    (41, "منظمة الأمم المتحدة للتربية والعلوم والثقافة"),
    (41, "وزارة التربية والتعليم"),
    (41, "رؤية المملكة 2030"),
]  # fmt: skip
RIGHT = (
    "افتُتح المؤتمر يوم 18\u00a0أغسطس 2024، بحضور أكثر من ثلاثة آلاف مشارك.",
    "رؤية السعودية 2030، ونسبة 44%، لعام 2024.",
    "17\u00a0سبتمبر 2026م (6\u00a0ربيع الآخر 1448هـ)",
    "تحويل التعليم في الوطن العربي\nمن التعليم إلى التعلم لغرض الابتكار",
    "معهد التعلم الذكي بجامعة بكين للمعلمين",
    "قال: «هذا “نص” آخر».",
    "قام بين الدول تعاون، وأتمّ المؤتمر أعماله.",
    "د.\u00a0محمد الجمني",
    "النتائج: %(count)s (%(page)s)",
    "تُرجى المحاولة بعد قليل؛ هذه الخدمة متوقفة مؤقتًا!",
)


@pytest.mark.parametrize(("rule", "text"), WRONG)
def test_the_patterns_find_what_breaks_a_rule(rule, text):
    assert rule in numbers(findings(text))


@pytest.mark.parametrize("text", RIGHT)
def test_the_patterns_leave_right_texts_alone(text):
    assert findings(text) == []


# --- Official names ------------------------------------------------------------------------------------------------

NAMES = {
    "alecso": ("المنظمة العربية للتربية والثقافة والعلوم", "Arab League Educational, Cultural and Scientific Organization"),
    "unesco": ("منظمة الأمم المتحدة للتربية والعلم والثقافة", "UNESCO"),
    "unesco-iite": (
        "معهد اليونسكو لتكنولوجيا المعلومات في التعليم",
        "UNESCO Institute for Information Technologies in Education",
    ),
    "unesco-ichei": (
        "المركز الدولي للابتكار في التعليم العالي تحت رعاية اليونسكو",
        "International Centre for Higher Education Innovation under the auspices of UNESCO",
    ),
    "smart-learning-institute": (
        "معهد التعلم الذكي بجامعة بكين للمعلمين",
        "Smart Learning Institute of Beijing Normal University",
    ),
    "children-and-youth-science-center": (
        "مركز علوم الأطفال والشباب التابع للجمعية الصينية للعلوم والتكنولوجيا",
        "Children and Youth Science Center of the China Association for Science and Technology",
    ),
    "saudi-ministry-of-education": ("وزارة التعليم في المملكة العربية السعودية", "Ministry of Education (Saudi Arabia)"),
    "agency-for-educational-programs": ("وكالة البرامج التعليمية", "Agency for Educational Programs"),
    "unesco-institute-for-quality-and-excellence": (
        "معهد اليونسكو للجودة والتميز في التعليم",
        "UNESCO Institute for Quality and Excellence in Education",
    ),
    "jubail-industrial-city": ("مدينة الجبيل الصناعية", "Jubail Industrial City"),
    "yanbu-industrial-city": ("مدينة ينبع الصناعية", "Yanbu Industrial City"),
}
# A beginning by which a name can be known, and all that may follow it.
BEGINNINGS = {
    "المنظمة العربية": ["المنظمة العربية للتربية والثقافة والعلوم"],
    "الأمم المتحدة": ["الأمم المتحدة للتربية والعلم والثقافة"],
    "معهد اليونسكو": [NAMES["unesco-iite"][0], NAMES["unesco-institute-for-quality-and-excellence"][0]],
    "المركز الدولي": [NAMES["unesco-ichei"][0]],
    "مركز علوم": [NAMES["children-and-youth-science-center"][0]],
    "وزارة": [NAMES["saudi-ministry-of-education"][0]],
    "وكالة": ["وكالة البرامج التعليمية"],
    "شبكة اليونسكو": ["شبكة اليونسكو العالمية لمدن التعلّم"],
    "قمة": ["قمة تحويل التعليم"],
    "مبادرة": ["مبادرة التضامن الرقمي الدولية"],
    "برنامج": ["برنامج تنمية القدرات البشرية"],
    "رؤية": ["رؤية السعودية 2030"],
    "مدينة الجبيل": ["مدينة الجبيل الصناعية"],
    "مدينة ينبع": ["مدينة ينبع الصناعية"],
    "المؤتمر العالمي": ["المؤتمر العالمي للتعليم الذكي"],
}  # fmt: skip


def test_organisations_and_cities_bear_their_official_names():
    named = {
        item["key"]: (item["name"]["ar"], item["name"]["en"]) for name in ("organisations", "cities") for item in items(name)
    }
    assert named == NAMES
    assert {(item["network"]["ar"], item["network"]["en"]) for item in items("cities")} == {
        ("شبكة اليونسكو العالمية لمدن التعلّم", "UNESCO Global Network of Learning Cities")
    }


def test_names_stand_only_in_their_official_form():
    for place, text in ARABIC:
        shown = plain(text)
        for beginning, forms in BEGINNINGS.items():
            for found in re.finditer(rf"(?<![ء-ي]){beginning}(?![ء-ي])", shown):
                assert shown.startswith(tuple(forms), found.start()), f"{place}: {shown[found.start() :][:60]}"


def test_no_organisation_is_called_a_partner_of_the_conference():
    assert [item["key"] for item in items("organisations") if "is_partner" in item] == []
    assert [place for place, text in ARABIC if "شركاء المؤتمر" in text] == []


# --- Facts ---------------------------------------------------------------------------------------------------------

PLATFORM, ZONES = "goals/platform-for-dialogue/body", "goals/innovation-zones/body"
CREATORS, PLAN = "goals/communities-of-creators/body", "goals/practical-plan/body"
PRACTICE, PARENTS = "questions/changing-practice/body", "questions/teachers-and-parents/body"
OUTCOMES, RATIONALE = "questions/innovation-and-outcomes/body", "pages/rationale/body"
BEIJING, AGREED = "news/global-smart-education-conference-2024/body", "partnerships/saudi-learning-cities/agreed"
RESULTS, JUBAIL = "partnerships/saudi-learning-cities/results", "cities/jubail-industrial-city/body"
YANBU = "cities/yanbu-industrial-city/body"

# Each separate claim of each fact of the brief, as the one phrase in each language that says it in that field.
FACTS: dict[str, list[tuple[str, str, str]]] = {
    "C1": [
        ("conference/conference/title", "تحويل التعليم في الوطن العربي\n", "Transforming Education in the Arab World:\n"),
        ("conference/conference/title", "من التعليم إلى التعلم لغرض الابتكار", "From Teaching to Learning for Innovation"),
    ],
    "C2": [
        (
            "conference/conference/purpose",
            "منصة لصنّاع القرار والخبراء والباحثين",
            "platform to decision-makers, experts and researchers",
        ),
        ("conference/conference/theme", "لصنّاع القرار والخبراء والباحثين", "for decision-makers, experts and researchers"),
    ],
    "G1": [
        (ZONES, "يشجّع المؤتمر على قيام مجتمعات «مناطق الابتكار»", "encourages communities known as “innovation zones”"),
        (ZONES, "في كل أرجاء الوطن العربي", "all over the Arab world"),
        (ZONES, "مواقع تعاونية للبحث والتطوير", "shared sites of research and development"),
        (ZONES, "مستقبل التعليم والتعلّم والقيادة", "the future of education, of learning and of leadership"),
        (ZONES, "تجمع هذه الملتقيات القادة المبتكرين", "These hubs bring innovative leaders"),
        (ZONES, "المبتكرين والممارسين وأفراد المجتمع", "with practitioners and members of the community"),
        (ZONES, "يقودون إعادة تصوّر التعليم", "lead the way in rethinking education"),
        (ZONES, "أن يبلغ كل متعلّم مكانته الشخصية كاملة", "every learner should attain full standing as a person"),
        (ZONES, "يسهم في المجتمع إسهامًا كاملًا", "contribute fully to society"),
    ],
    "G2": [
        (PLATFORM, "لصنّاع القرار والخبراء والباحثين منصة", "gives decision-makers, experts and researchers one platform"),
        (PLATFORM, "يناقشون عليها آليات الارتقاء بالتعليم في الدول العربية", "the mechanisms by which education in the Arab states"),
        (PLATFORM, "الانتقال من التعليم إلى التعلّم لغرض الابتكار", "from teaching to learning, and to learning whose purpose is innovation"),
    ],
    "G3": [
        (CREATORS, "يتبنى المؤتمر برامج تدعم مجتمعات المبدعين", "adopts programmes in support of communities of creators"),
        (CREATORS, "في الدول العربية", "in the Arab states"),
        (CREATORS, "على تصميم منظومة يدعمها المتعلّمون أنفسهم", "design an ecosystem that has the support of learners themselves"),
        (CREATORS, "وعلى عرض تلك المنظومة", "and to demonstrate it"),
        (CREATORS, "لكل طالب أن يحقق أهدافه الخاصة", "every student to achieve goals of their own"),
        (CREATORS, "الخير لمجتمعه ولوطنه", "good for their community and their country"),
    ],
    "G4": [
        (PLAN, "يتبادل المشاركون فيه الخبرات", "have its participants exchange expertise"),
        (PLAN, "تُعرض عليهم التجارب الدولية في التعليم", "present to them international experience, both of education"),
        (PLAN, "وفي التعلّم الإبداعي", "and of creative learning"),
        (PLAN, "العمل على صياغة خطة عملية", "work on the draft of a practical plan"),
        (PLAN, "تقديم نماذج للتعلّم لغرض الابتكار", "offering models of learning for innovation"),
    ],
    "Q1": [
        ("questions/changing-practice/question", "هل تتغير الممارسات", "Is practice inside classrooms and educational institutions changing"),
        ("questions/changing-practice/question", "وكيف تتغير، وكيف يستخدم الطلاب مصادر التعلّم", "in what ways, and how do students use learning resources"),
        (PRACTICE, "هل تتغير الممارسات داخل الصفوف الدراسية", "Are practices in classrooms"),
        (PRACTICE, "وفي المؤسسات التعليمية", "and in educational institutions changing"),
        (PRACTICE, "على أي صورة يحدث هذا التغيّر", "what form does the change take"),
        (PRACTICE, "استخدامهم مصادر التعلّم", "the way in which they use learning resources"),
    ],
    "Q2": [
        ("questions/teachers-and-parents/question", "ممارساتهم في التطوير المهني", "what they do in professional development"),
        ("questions/teachers-and-parents/question", "أساليب تواصلها مع أولياء الأمور", "their ways of communicating with parents"),
        (PARENTS, "كيف يغيّرون ممارساتهم في التطوير المهني", "how they change their practice in professional development"),
        (PARENTS, "كيف تغيّر الأساليب التي تتواصل بها مع أولياء الأمور", "how do they change the forms that communication with parents takes"),
    ],
    "Q3": [
        ("questions/innovation-and-outcomes/question", "يرتبط التغيير والابتكار بتحسّن مخرجات التعليم", "do better educational outcomes go together with change and innovation"),
        (OUTCOMES, "مدى ارتباط التغيير والابتكار بتحسّن مخرجات التعليم", "to what extent are change and innovation"),
        (OUTCOMES, "تعين صنّاع السياسات على إحكام توجيه الاستراتيجيات والموارد", "helps policy makers to aim their strategies and resources better"),
        (OUTCOMES, "تغذية راجعة سريعة", "rapid feedback"),
        (OUTCOMES, "هل تغيّر الإصلاحات الممارسات على النحو المتوقع", "whether reforms are changing practice in the way that was expected"),
    ],
    "R1": [(RATIONALE, "متداخلان تداخلًا عميقًا", "closely interwoven")],
    "R2": [
        (RATIONALE, "بيّنت دراسات كثيرة", "Many studies have demonstrated"),
        (RATIONALE, "ما للتعليم والتدريب من أهمية في القدرة الإبداعية", "the importance of education and training for creative capability"),
        (RATIONALE, "وفي أداء الشركات", "the performance of companies"),
        (RATIONALE, "الاقتصادات بأسرها", "entire economies"),
    ],
    "R3": [
        (RATIONALE, "دول تعوّل كثيرًا", "countries whose economy and society depend heavily"),
        (RATIONALE, "في اقتصادها وفي حياتها الاجتماعية", "economy and society"),
    ],
    "R4": [
        (RATIONALE, "مستوى تعليم القوى العاملة ومهاراتها", "How well the workforce is educated, and what skills it has"),
        (RATIONALE, "عامل مهم في تحديد مدى نجاح الشركات في الابتكار", "determinant of the extent to which companies succeed in innovating"),
        (RATIONALE, "مقياسًا لقدرة الاقتصادات الوطنية على المنافسة", "a measure of how competitive national economies can be"),
    ],
    "R5": [
        (RATIONALE, "أثر حاسم في التعليم والابتكار معًا", "acts decisively on education and on innovation alike"),
        (RATIONALE, "التحولات الكبيرة في بنية الفئات العمرية", "the structure of age groups shifts on a large scale"),
        (RATIONALE, "البنية التحتية لنظم التعليم أمام تحديات جديدة", "the infrastructure of education systems faces new challenges"),
        (RATIONALE, "أسواق العمل في المستقبل", "the labour markets of the future"),
    ],
    "R6": [
        (RATIONALE, "قياس الابتكار في التعليم", "measure innovation in education"),
        (RATIONALE, "فهم آليات عمله", "understand how it works"),
        (RATIONALE, "لا بد للارتقاء بجودة القطاع", "To raise the quality of the sector it is necessary"),
    ],
    "R7": [
        (RATIONALE, "رصد تطور الممارسات التعليمية رصدًا منتظمًا", "the development of educational practice were monitored regularly"),
        (RATIONALE, "يزيد المعرفة بالتعليم زيادة كبيرة", "knowledge about education would grow considerably"),
    ],
    "N1": [
        (BEIJING, "افتُتح المؤتمر العالمي للتعليم الذكي", "The Global Smart Education Conference opened"),
        (BEIJING, "في بكين بالصين يوم 18 أغسطس 2024", "in Beijing, China, on 18 August 2024"),
        (BEIJING, "أكثر من ثلاثة آلاف مشارك", "More than three thousand people took part"),
        (BEIJING, "من الوزراء وكبار المسؤولين", "ministers, senior officials"),
        (BEIJING, "وصنّاع السياسات التعليمية من دول مختلفة", "makers of education policy from various countries"),
    ],
    "N2": [
        (BEIJING, "وتعاون في تنظيمه معهد التعلم الذكي بجامعة بكين للمعلمين", "organised jointly by the Smart Learning Institute of Beijing Normal University"),
        (BEIJING, "معهد اليونسكو لتكنولوجيا المعلومات في التعليم (IITE) في موسكو", "UNESCO Institute for Information Technologies in Education (IITE) in Moscow"),
        (BEIJING, "عدد من الشركاء، منهم المنظمة العربية للتربية والثقافة والعلوم", "several partners, one of them the Arab League Educational, Cultural and Scientific Organization (ALECSO)"),
        (BEIJING, "منصة دولية للحوار والتعاون في التعليم الذكي", "international platform, the conference serves dialogue and cooperation in smart education"),
    ],
    "N3": [
        (BEIJING, "من الأحداث العالمية الكبرى في ميدان التعليم", "among the major world events in education"),
        (BEIJING, "يتدارس فيه صنّاع القرار والخبراء آخر التطورات والابتكارات", "experts and decision-makers discuss the latest developments and innovations"),
    ],
    "N4": [
        (BEIJING, "الدكتور محمد الجمني، مدير إدارة تكنولوجيا المعلومات والاتصال", "Dr. Mohamed Jemni, Director of the ICT Department"),
        (BEIJING, "عن الدكتور محمد ولد أعمر، المدير العام للألكسو", "Dr. Mohamed Ould Amar, Director-General of ALECSO"),
        (BEIJING, "فألقى كلمته في الجلسة الافتتاحية", "who gave the speech on his behalf"),
    ],
    "N5": [
        (BEIJING, "الكلمة التي قرأها الجمني بالتعريف بالألكسو", "The Director-General’s speech, as Dr. Jemni read it, began by introducing ALECSO"),
        (BEIJING, "تعزيز التعاون بين الدول العربية في التعليم والثقافة والعلوم", "the cooperation of Arab countries in education, culture and science"),
        (BEIJING, "المنظمة ملتزمة بدعم الجهود الرامية إلى تطوير التعليم في الوطن العربي", "committed to supporting efforts to develop education across the Arab world"),
        (BEIJING, "بأحدث ما في هذا الميدان من تكنولوجيا وممارسات", "the latest educational technologies and practices"),
    ],
    "N6": [
        (BEIJING, "أكد المدير العام ما بين الألكسو والصين من تعاون مثمر", "The Director-General stressed the fruitful cooperation between China and ALECSO"),
        (BEIJING, "الشراكات مع معهد التعلم الذكي بجامعة بكين للمعلمين حققت نتائج ملموسة", "Beijing Normal University, he said, have brought tangible results"),
        (BEIJING, "في تبادل الخبرات", "the sharing of expertise"),
        (BEIJING, "مشروعات تعليمية مشتركة غايتها رفع جودة التعليم في الوطن العربي", "joint educational projects that are meant to raise educational quality in the Arab region"),
    ],
    "N7": [
        (BEIJING, "العمل الوثيق مع المركز الدولي للابتكار في التعليم العالي تحت رعاية اليونسكو", "close work with the International Centre for Higher Education Innovation under the auspices of UNESCO"),
        (BEIJING, "دراسات مهمة عن التحول الرقمي في التعليم العالي العربي", "significant studies of digital transformation in Arab higher education"),
    ],
    "N8": [
        (BEIJING, "أشاد بالشراكة مع مركز علوم الأطفال والشباب", "commended ALECSO’s partnership with the Children and Youth Science Center"),
        (BEIJING, "أنشطة علمية للشباب العربي", "scientific activities to young Arabs"),
        (BEIJING, "ورش تدريبية في التكنولوجيا الحديثة", "training workshops in space sciences and modern technologies"),
        (BEIJING, "وفي علوم الفضاء", "space sciences"),
    ],
    "N9": [
        (BEIJING, "الألكسو ترى في التحول الرقمي محرّكًا رئيسًا للتنمية المستدامة في الوطن العربي", "digital transformation is a key driver of the Arab world’s sustainable development"),
        (BEIJING, "في البنية التحتية الرقمية", "digital infrastructure"),
        (BEIJING, "تحديث المناهج الدراسية", "the modernisation of curricula"),
        (BEIJING, "تدريب المعلمين على استخدام التكنولوجيا الحديثة", "the training of teachers in how to use modern technologies"),
    ],
    "N10": [
        (BEIJING, "مبادرة التضامن الرقمي الدولية", "International Digital Solidarity initiative"),
        (BEIJING, "أطلقتها الألكسو مع شركاء دوليين", "which ALECSO and international partners launched"),
        (BEIJING, "قمة تحويل التعليم (Transforming Education Summit) في نيويورك", "during the Transforming Education Summit in New York"),
        (BEIJING, "تعزيز التعاون العالمي في مجال التحول الرقمي", "strengthen cooperation in digital transformation throughout the world"),
    ],
    "N11": [
        (BEIJING, "مبادرات الألكسو في تكنولوجيا التعليم", "the initiatives of ALECSO in educational technology"),
        (BEIJING, "استخدام الذكاء الاصطناعي في التعليم", "applying artificial intelligence to education"),
        (BEIJING, "توثيق التعاون العربي الصيني في البحث العلمي وفي التبادل الثقافي", "closer Arab-Chinese cooperation in scientific research and in cultural exchange"),
        (BEIJING, "إحراز تقدم ملموس في التعليم والتكنولوجيا", "tangible progress in education and in technology"),
    ],
    "N12": [
        (BEIJING, "الشكر إلى معهد التعلم الذكي على تنظيم الحدث", "thanked the Smart Learning Institute, as organiser of the event"),
        (BEIJING, "وإلى المشاركين جميعًا", "and everyone who took part in it"),
        (BEIJING, "وتمنى للمؤتمر النجاح", "wished the conference success"),
    ],
    "N13": [(BEIJING, "18 أغسطس 2024", "18 August 2024")],
    "L1": [
        (AGREED, "أبرمت وزارة التعليم في المملكة العربية السعودية", "The Ministry of Education (Saudi Arabia)"),
        (AGREED, "ممثلةً بوكالة البرامج التعليمية", "the Agency for Educational Programs represented the Ministry"),
        (AGREED, "اتفاقية مع معهد اليونسكو للجودة والتميز في التعليم", "UNESCO Institute for Quality and Excellence in Education have concluded an agreement"),
        (AGREED, "إطلاق مدن التعلّم في المملكة واعتمادها", "the launch and accreditation of learning cities in the Kingdom"),
        (AGREED, "إمكان دراسة ترشيح مدن التعلّم", "the possibility of studying their nomination"),
        (AGREED, "في كل منطقة من مناطق المملكة مشروع لمدن التعلّم", "a learning-cities project in each of the Kingdom’s regions"),
    ],
    "L2": [
        (RESULTS, "من أولى نتائج الاتفاقية اعتماد مدينة الجبيل الصناعية ومدينة ينبع الصناعية", "One of the first results of the agreement"),
        (RESULTS, "مدينتَي تعلّم ضمن شبكة اليونسكو العالمية لمدن التعلّم", "in the UNESCO Global Network of Learning Cities: Jubail Industrial City and Yanbu Industrial City"),
        (YANBU, "مدينة تعلّم معتمدة ضمن شبكة اليونسكو العالمية لمدن التعلّم", "accredited as a learning city in the UNESCO Global Network of Learning Cities"),
        (YANBU, "من أولى نتائج اتفاقية مدن التعلّم", "among the first results of the learning-cities agreement"),
    ],
    "L3": [
        (RESULTS, "واستنادًا إلى الاتفاقية أعلنت", "On the basis of the same agreement, UNESCO announced"),
        (RESULTS, "مدينة الجبيل الصناعية أول مدينة تعلّم سعودية", "Jubail was the first learning city in Saudi Arabia"),
        (JUBAIL, "استنادًا إلى اتفاقية مدن التعلّم", "On the strength of the agreement"),
        (JUBAIL, "أول مدينة تعلّم سعودية", "the first learning city in Saudi Arabia"),
    ],
    "L4": [
        (JUBAIL, "تشجيع التعلّم الشامل للجميع من التعليم الأساسي إلى التعليم العالي", "learning that includes everyone, from basic education up to higher education"),
        (JUBAIL, "إحياء الرغبة في التعلّم لدى الأسر وفي المجتمعات", "reawaken the wish to learn in families and in communities"),
        (JUBAIL, "تيسير التعلّم في أماكن العمل", "make learning easier at people’s workplaces"),
        (JUBAIL, "التوسع في استخدام تكنولوجيا التعليم الحديثة", "widen the use of modern educational technology"),
        (JUBAIL, "تعزيز الجودة والتميز في التعليم", "Strengthening quality and excellence in education"),
        (JUBAIL, "وترسيخ ثقافة التعلّم مدى الحياة", "strengthening a culture of lifelong learning"),
    ],
    "L5": [
        (JUBAIL, "أن تسود المجتمعَ السعودي ثقافةُ التعلّم مدى الحياة", "lifelong learning should become part of the culture of Saudi society"),
    ],
    "L6": [
        (RESULTS, "ينسجم اعتماد مدن التعلّم مع برنامج تنمية القدرات البشرية", "accords with the Human Capability Development Program"),
        (RESULTS, "أحد برامج رؤية السعودية 2030", "a programme of Saudi Vision 2030"),
        (RESULTS, "تنمية قدرات الأفراد", "the development of people’s capabilities"),
        (RESULTS, "وتحسين نواتج التعلّم، وتمكين", "better learning outcomes"),
        (RESULTS, "تمكين أبناء الوطن وبناته", "the empowerment of the nation’s sons and daughters"),
        (RESULTS, "مواءمة مخرجات التعليم مع ما تتطلبه سوق العمل ووظائف المستقبل", "match the needs of the labour market and of the jobs of the future"),
    ],
    "L7": [
        (RESULTS, "مجتمع حيوي قادر على تحسين نواتج التعلّم", "a vibrant society that is able to improve learning outcomes"),
        (RESULTS, "تدريب أفراد المجتمع المحلي وتأهيلهم", "train and qualify members of the local community"),
        (RESULTS, "ممارسات مبتكرة للتعليم المستمر", "innovative practices into continuing education"),
        (RESULTS, "بيئات تعلّم جاذبة", "attractive environments for learning"),
        (RESULTS, "الناس من كل الأعمار ما يلزمهم من مهارات للمشاركة الفاعلة", "people of all ages the skills that active participation"),
        (RESULTS, "في التنمية الاجتماعية والاقتصادية", "in social and economic development"),
        (RESULTS, "مواجهة التحديات الوطنية والعالمية في سبيل تحقيق الرؤية", "national and global challenges on the way to achieving the Vision"),
    ],
    "L8": [
        (RESULTS, "الدور الحضاري للمملكة في العالم", "show the world the civilisational role of the Kingdom"),
        (RESULTS, "أهداف التنمية المستدامة", "serve the Sustainable Development Goals"),
        (RESULTS, "المواطنين لدخول سوق العمل", "citizens ready to enter the labour market"),
        (RESULTS, "تزيد الفرص برفع كفاءة الباحثين عن عمل", "increase opportunities by raising the efficiency of jobseekers"),
        (RESULTS, "وإعادة تدريبهم للعمل", "retraining them for work"),
        (RESULTS, "للمواطنين من جميع الفئات العمرية فرص تعلّم شاملة يسهل الوصول إليها", "opportunities to learn that are inclusive and within easy reach"),
    ],
    "L9": [
        (RESULTS, "إدراج الجبيل وينبع في الشبكة العالمية التابعة لليونسكو", "The listing of Jubail and Yanbu in UNESCO’s global network"),
        (RESULTS, "هدف من أهداف الوزارة في عملها المشترك مع سائر القطاعات", "the aims that the Ministry pursues together with all the other sectors"),
        (RESULTS, "رحلة تعليمية واحدة متكاملة", "a single, integrated educational journey"),
        (RESULTS, "تعزّز ثقافة التعليم المستمر والتعلّم مدى الحياة", "makes continuing education and lifelong learning stronger as a culture"),
        (RESULTS, "وتخدم التنمية الشاملة", "serves comprehensive development"),
        (RESULTS, "دور المملكة في إعداد مواطنين قادرين على المنافسة عالميًا", "the part that the Kingdom plays in preparing citizens able to compete worldwide"),
        (YANBU, "هدف من أهداف الوزارة في عملها المشترك مع سائر القطاعات", "an aim of the Ministry, in the work that it does jointly with all other sectors"),
        (YANBU, "رحلة تعليمية واحدة متكاملة", "one integrated journey of education"),
    ],
    "P": [
        ("organisations/alecso/role", "من الشركاء في تنظيم المؤتمر العالمي للتعليم الذكي", "partners in organising the Global Smart Education Conference"),
        ("organisations/unesco/role", "أعلنت أول مدينة تعلّم سعودية", "announced the first Saudi learning city"),
        ("organisations/unesco-iite/role", "في تنظيم المؤتمر العالمي للتعليم الذكي", "organisers of the Global Smart Education Conference"),
        ("organisations/unesco-ichei/role", "كما جاء في كلمة مديرها العام", "as its Director-General’s speech in Beijing said"),
        ("organisations/smart-learning-institute/role", "المنظمة للمؤتمر العالمي للتعليم الذكي", "Organiser, with others, of the Global Smart Education Conference"),
        ("organisations/children-and-youth-science-center/role", "شريك للألكسو في أنشطة علمية", "A partner of ALECSO in scientific activities"),
        ("organisations/saudi-ministry-of-education/role", "طرف في اتفاقية مدن التعلّم", "Party to the learning-cities agreement"),
        ("organisations/agency-for-educational-programs/role", "ممثلة وزارة التعليم", "Representative of the Ministry of Education"),
        ("organisations/unesco-institute-for-quality-and-excellence/role", "طرف في اتفاقية مدن التعلّم", "Party to the learning-cities agreement"),
    ],
}  # fmt: skip
# Facts that say what is not known.
UNKNOWN = {"C3", "L10"}


def test_every_fact_of_the_brief_is_traced():
    counts = {"C": 3, "G": 4, "Q": 3, "R": 7, "N": 13, "L": 10}
    expected = {f"{letter}{number}" for letter, count in counts.items() for number in range(1, count + 1)} | {"P"}
    assert set(FACTS) | UNKNOWN == expected
    assert not set(FACTS) & UNKNOWN


@pytest.mark.parametrize("fact", FACTS)
def test_fact_stands_in_both_languages(fact):
    for place, arabic, english in FACTS[fact]:
        assert text_of(place, "ar").count(arabic) == 1, f"{place}: {arabic}"
        assert text_of(place, "en").count(english) == 1, f"{place}: {english}"


def test_what_is_not_known_is_left_out():
    """C3, N13 and L10. The shape of the items keeps out every other field."""
    (news,) = items("news")
    assert news["event_on"] == "2024-08-18"
    (partnership,) = items("partnerships")
    assert [set(milestone) for milestone in partnership["milestones"]] == [{"text"}, {"text"}, {"text"}]
    texts = [text for field in fields_of("partnerships") + fields_of("cities") for text in field.texts.values()]
    assert {year for text in texts for year in re.findall(r"\d{4}", text)} == {"2030"}


def test_the_words_of_the_speech_are_the_director_generals():
    """N5–N12: each paragraph after the one that introduces the speakers goes on with what the speech says."""
    (news,) = items("news")
    for language, attribution in {
        "ar": r"^(?:واستُهلت الكلمة|أكد المدير العام|وتطرّق|قال المدير العام|وأشار|وذكر|وفي الختام وجّه المدير العام)",
        "en": r"Director-General|^He |the speech went on",
    }.items():
        paragraphs = re.findall(r"<p>(.*?)</p>", news["body"][language])[3:]
        assert [paragraph for paragraph in paragraphs if not re.search(attribution, paragraph)] == []


def test_links_to_goals_are_worded_as_relations():
    notes = [link["note"] for name in ("partnerships", "news") for item in items(name) for link in item["goal_links"]]
    notes += [link["note"] for item in items("questions") for link in item.get("page_links", [])]
    assert [note["ar"] for note in notes if "يتصل ب" not in note["ar"]] == []
    assert [note["en"] for note in notes if not re.search(r"\brelates? to\b", note["en"])] == []
    assert {
        (item["key"], link["goal"]) for name in ("partnerships", "news") for item in items(name) for link in item["goal_links"]
    } == {
        ("global-smart-education-conference-2024", "platform-for-dialogue"),
        ("global-smart-education-conference-2024", "practical-plan"),
        ("saudi-learning-cities", "innovation-zones"),
        ("saudi-learning-cities", "communities-of-creators"),
    }
    assert [(item["key"], link["page"]) for item in items("questions") for link in item.get("page_links", [])] == [
        ("innovation-and-outcomes", "rationale")
    ]
