"""How an address, a line of a list or a mark of emphasis is recognised: written once, for both sides.

The server uses these through :mod:`re`; the editor's widget hands the same sources to the browser, where what is
pasted has to be understood before the editor reads it. So they keep to the syntax that Python and JavaScript share.
"""

import re

# Links: the web, mail, telephone, a page of this site. Not ``//host`` or ``/\\host``, which are other sites, and not ``#place``:
# no element of a text may have an ``id``.
ADDRESS = r"^(?:https?://[^\s/\\]|mailto:[^\s@]+@|tel:\+?[0-9]|/(?![/\\]))"


def picture(media_url: str) -> str:
    """The address of a picture of this site: below ``media_url``, and not by way of ``..`` to somewhere else."""
    return rf"^{re.escape(media_url)}(?!.*(?:\.|%2[Ee])(?:\.|%2[Ee]))[^\s\\?#]+$"


# A line that is an item of a list: "- …", "• …", "1. …", "(٢) …". The group is the number of a numbered one.
ITEM = r"^\s*(?:[-*•▪◦●·–]|\(?([0-9٠-٩]{1,3})[.)-])\s+(?=\S)"

# What stands before an item of a list in Word, when the list is a numbered one: "1.", "ب-", "(iv)". After an Arabic
# letter Word puts a non-joiner.
NUMBER = r"^\(?(?:([0-9٠-٩]{1,3})|[A-Za-zء-ي]{1,5}\u200c?)[.)-]"

# Styles of word processors: the place of a paragraph in a list, the number or bullet before it, and emphasis; not
# "mso-bidi-font-weight", which says nothing of what is seen.
WORD_LEVEL = r"mso-list:\s*l[0-9]+\s+level([1-9])"
WORD_MARKER = r"mso-list:\s*[Ii]gnore"
BOLD = r"(?:^|;)\s*font-weight:\s*(?:bold|[6-9]00)"
NOT_BOLD = r"(?:^|;)\s*font-weight:\s*(?:normal|400)"
ITALIC = r"(?:^|;)\s*font-style:\s*italic"

# In a line of plain text: an address (1), an e-mail address (2), WhatsApp's *strong* (3) and _emphasis_ (4).
# Lengths are bounded where a search would otherwise begin anew at every letter of a long word.
_LETTER = "0-9A-Za-z_\\u00c0-\\u024f\\u0600-\\u06ff"
_LINK = '\\s<>"«»،؛؟'
INLINE = "|".join(
    [
        rf"((?:https?://|www\.)[^{_LINK}]*[^{_LINK}.,;:!?)\]}}'*_…])",
        r"([0-9A-Za-z.+_-]{1,64}@[0-9A-Za-z-]{1,63}(?:\.[0-9A-Za-z-]{1,63}){1,5})",
        rf"(?<![{_LETTER}*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![{_LETTER}*])",
        rf"(?<![{_LETTER}])_(?=[^\s_])([^_\n]*[^\s_])_(?![{_LETTER}])",
    ]
)
