"""What office programs paste along: their data goes, their text stays."""

import pytest

from app.signatures.sanitise import clean_html

WORD = (
    "<xml><w:WordDocument><w:View>Normal</w:View><w:Zoom>0</w:Zoom></w:WordDocument></xml>",
    '<xml xmlns:o="urn:x"><o:OfficeDocumentSettings><o:AllowPNG>yes</o:AllowPNG></o:OfficeDocumentSettings></xml>',
    "<w:LatentStyles><w:LsdException>Normal</w:LsdException></w:LatentStyles>",
    "<o:DocumentProperties><o:Author>Somebody</o:Author></o:DocumentProperties>",
    "<x:ExcelWorkbook><x:Name>Sheet1</x:Name></x:ExcelWorkbook>",
    "<m:mathPr><m:mathFont>Cambria</m:mathFont></m:mathPr>",
    '<xml id="data" src="x.xml"/>',
    "<metadata><x>y</x></metadata>",
    "<datalist><option>One</option></datalist>",
    "<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->",
)


@pytest.mark.parametrize("data", WORD)
def test_data_of_office_programs_leaves_no_text_behind(data: str) -> None:
    clean = clean_html(f"{data}<p>Ada</p>{data}<p>Bob</p>")
    assert clean.html == "<p>Ada</p><p>Bob</p>"
    assert clean.removed
    assert clean_html(data.upper() + "<p>Ada</p>").html == "<p>Ada</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<p>Ada<o:p> Lovelace</o:p></p>",
        "<p>Ada <st1:PersonName>Lovelace</st1:PersonName></p>",
        "<p><w:sdt>Ada Lovelace</w:sdt></p>",
        "<p>Ada <o:p></o:p>Lovelace</p>",
    ],
)
def test_elements_of_word_around_text_go_and_the_text_stays(html: str) -> None:
    assert clean_html(html).html.replace("\xa0", " ") == "<p>Ada Lovelace</p>"
