"""French is whole: every string translated, none fuzzy, the compiled catalogue that of the text."""

from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[1] / "locale" / "fr" / "LC_MESSAGES"


def test_every_string_is_translated_and_none_is_fuzzy() -> None:
    with (FOLDER / "django.po").open("rb") as file:
        messages = [message for message in read_po(file, locale="fr") if message.id]
    assert len(messages) > 400
    assert [message.id for message in messages if message.fuzzy] == []
    strings = [
        (message.id, message.string if isinstance(message.string, tuple) else (message.string,)) for message in messages
    ]
    assert [key for key, texts in strings if not all(texts)] == []


def texts(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return context, singular and plural of each message with its translations."""

    def several(value: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
        return (value,) if isinstance(value, str) else tuple(value)

    def context(message: Message) -> str:
        # Babel reads contexts of compiled catalogues as bytes.
        found: str | bytes = message.context or ""
        return found.decode() if isinstance(found, bytes) else found

    return {(context(m), *several(m.id)): several(m.string or "") for m in catalogue if m.id}


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    with (FOLDER / "django.po").open("rb") as text, (FOLDER / "django.mo").open("rb") as compiled:
        written, read = texts(read_po(text, locale="fr")), texts(read_mo(compiled))
    assert read == written
