"""The W3C's checker finds what is wrong, and names the document and the line."""

from tests.html_checker import check_html

VALID = "<!DOCTYPE html>\n<html lang='en'>\n<head><title>Good</title></head>\n<body><p>Good</p></body>\n</html>\n"


def test_names_document_and_line():
    found = check_html({"good": VALID, "bad page": VALID.replace("<p>Good</p>", "<p><img src='a.png'></p>")})
    assert len(found) == 1
    assert found[0].startswith("bad page:4: An “img” element must have an “alt” attribute")
