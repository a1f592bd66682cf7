"""Invoices as PDF: what stands in them, for whom, in which language, and the same each time."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from softfactory.kernel.money import Money
from softfactory.kernel.paper import Row, Sheet
from subscriptions.models import Invoice
from subscriptions.services.changing import change_plan
from subscriptions.services.crediting import credit_invoice
from subscriptions.services.renewing import renew_subscriptions
from tests.bookings.answers import problem
from tests.subscriptions.conftest import NOW, pay_all


def address(invoice):
    return f"/api/platform/invoices/{invoice.pk}.pdf"


def read(answer):
    assert answer.headers["Content-Type"] == "application/pdf"
    return PdfReader(BytesIO(answer.content))


def words(pdf):
    """The text in reading order, each line a string."""
    return "\n".join(page.extract_text() for page in pdf.pages).splitlines()


@pytest.fixture
def invoice(begin):
    return begin("Small").invoices.get()


def test_it_says_what_the_invoice_says(api, ana, invoice, settings):
    settings.SELLER = ["Kim's Kitchens", "12 Sejong-daero, Seoul", "123-45-67890"]

    text = words(read(api(ana).get(address(invoice))))

    for line in [
        "Invoice INV-000001",
        "Kim's Kitchens",
        "12 Sejong-daero, Seoul",
        "123-45-67890",
        ana.name,
        ana.email,
        "Jan. 31, 2027",
        "CooCook, Small, Jan. 31, 2027 to Feb. 28, 2027",
        "₩10,000",
        "VAT in it (10 %)",
        "₩909",
        "Paid by card",
        f"Dates are those in {ana.timezone}.",
    ]:
        assert line in text, (line, text)
    assert text[text.index("Left to be paid") + 1] == "₩0"


def test_days_are_those_of_the_customer(api, ana, begin):
    ana.timezone = "Asia/Seoul"
    ana.save()
    invoice = begin("Small", now=NOW.replace(hour=20)).invoices.get()

    assert "Feb. 1, 2027" in words(read(api(ana).get(address(invoice))))


def test_it_is_in_the_language_of_the_reader(api, ana, invoice):
    ana.language, ana.name = "ko", "김아나 뷁"
    ana.save()

    pdf = read(api(ana).get(address(invoice)))

    assert pdf.root_object["/Lang"] == "ko"
    assert "김아나 뷁" in words(pdf)
    assert any("2027년 1월 31일" in line for line in words(pdf))


def test_what_is_owed_stands_in_it(api, ana, begin, card):
    subscription = begin("Small")
    card("card_declined")
    renew_subscriptions(subscription.current_period_end)
    pay_all(now=subscription.current_period_end)
    invoice = subscription.invoices.owed().get()

    text = words(read(api(ana).get(address(invoice))))

    assert text[text.index("Left to be paid") + 1] == "₩10,000"
    assert text[text.index("Paid by card") + 1] == "₩0"


def test_a_credit_note_is_one(api, ana, begin, plan):
    subscription = begin("Large")
    change_plan(subscription=subscription, plan_id=plan("Small").pk, when="now", now=NOW)
    note = subscription.invoices.get(series=Invoice.CREDIT_NOTES)

    text = words(read(api(ana).get(address(note))))

    assert "Credit note CN-000001" in text
    assert "-₩20,000" in text
    assert "Paid by card" not in text


def test_an_invoice_and_its_credit_note_name_each_other(api, ana, invoice):
    note = credit_invoice(
        invoice=invoice, amount=Money(4_000), reason="The oven broke", credited=Money(0), now=NOW
    )

    assert "CN-000001: -₩4,000" in words(read(api(ana).get(address(invoice))))
    text = words(read(api(ana).get(address(note))))
    assert text[text.index("For invoice") + 1] == "INV-000001"
    assert "Credit for INV-000001: The oven broke" in text


def test_the_same_invoice_is_the_same_bytes(api, ana, invoice):
    first, second = (api(ana).get(address(invoice)) for _ in range(2))

    assert first.content == second.content
    tag = {"If-None-Match": first.headers["ETag"]}
    assert api(ana).get(address(invoice), headers=tag).status_code == 304
    assert first.headers["Cache-Control"] == "private, no-store"
    assert first.headers["Content-Disposition"] == 'attachment; filename="INV-000001.pdf"'


def test_nobody_else_finds_it(api, cho, dee, invoice):
    assert api().get(address(invoice)).status_code == 401
    for stranger in (cho, dee):
        assert problem(api(stranger).get(address(invoice))) == (404, "not_found")


def test_it_is_three_queries(api, ana, invoice, django_assert_num_queries):
    client = api(ana)
    with django_assert_num_queries(3):
        assert client.get(address(invoice)).status_code == 200


def test_it_can_be_heard(api, ana, invoice):
    """Title, language and structure, as a screen reader asks for them."""
    pdf = read(api(ana).get(address(invoice)))

    assert pdf.metadata.title == "Invoice INV-000001"
    assert pdf.root_object["/Lang"] == "en"
    assert pdf.root_object["/MarkInfo"]["/Marked"].value is True
    [document] = pdf.root_object["/StructTreeRoot"]["/K"]
    kinds = [kid.get_object()["/S"] for kid in document.get_object()["/K"]]
    assert kinds[0] == "/H1"
    assert kinds.count("/Table") == 3
    assert fonts(pdf) == {True}


def fonts(pdf):
    """Whether each font that pages name is embedded."""
    found = [
        font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()
    ]
    return {"/FontFile2" in font.get("/FontDescriptor", {}) for font in found}


def test_a_long_one_goes_on_on_the_next_page():
    sheet = Sheet(title="Long", language="en", author="Ana")
    sheet.table([Row(f"Line {number} " + "word " * 30, "₩1") for number in range(60)])
    sheet.paragraph("x" * 300)

    pdf = PdfReader(BytesIO(sheet.bytes))

    assert len(pdf.pages) > 2
    numbers = pdf.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    assert [page["/StructParents"] for page in pdf.pages] == list(numbers[:-2:2])
    text = "".join(words(pdf)).replace(" ", "")
    assert all(f"Line{number}word" in text for number in range(60))
    assert "x" * 300 in text.replace("\n", "")


def test_what_the_font_has_no_sign_for_is_a_box():
    sheet = Sheet(title="Signs", language="en", author="Ana")
    sheet.paragraph("tab\tnew\nline \x00 🙂 end")

    assert words(PdfReader(BytesIO(sheet.bytes))) == ["tab new line □ □ end"]
