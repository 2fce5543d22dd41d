from conference_site.search.documents import vector


def test_words_have_their_lexemes_exact_forms_weights_and_positions():
    assert sorted(vector([("A", "ar", "المدارس"), ("D", "en", "the schools")]).split()) == [
        "'=schools':13D", "'=the':12D", "'=مدارس':1A", "'school':13D",
        "'schools':13D", "'المدارس':1A", "'مدارس':1A", "'مدرسه':1A",
    ]  # fmt: skip


def test_a_language_without_rules_is_only_folded():
    assert sorted(vector([("D", "fr", "Les écoles")]).split()) == ["'=ecoles':2D", "'=les':1D", "'ecoles':2D", "'les':1D"]


def test_limits_of_postgresql():
    literal = vector([("A", "ar", "كتاب " * 1_000), ("D", "en", "school " + "und " * 20_000 + "city")])
    places = {lexeme: at.split(",") for lexeme, at in (word.rsplit(":", 1) for word in literal.split())}
    assert len(places["'كتاب'"]) == 255
    assert places["'city'"] == ["16383D"]


def test_one_megabyte():
    text = " ".join(
        "".join(chr(0x4E00 + number // 5_000 + place) + chr(0x4E00 + number % 5_000) for place in range(20))
        for number in range(20_000)
    )
    assert sum(len(word.rsplit(":", 1)[0].encode()) for word in vector([("D", "zh", text)]).split()) < 1_000_000


def test_nothing_to_be_found():
    assert vector([("A", "ar", ""), ("D", "en", "\x00 \ud800 …'\\")]) == ""
