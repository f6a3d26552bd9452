"""French is whole: every string translated, none fuzzy, the compiled catalogue that of the text."""

from pathlib import Path

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


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    with (FOLDER / "django.po").open("rb") as text, (FOLDER / "django.mo").open("rb") as compiled:
        written = {(m.context, m.id): m.string for m in read_po(text, locale="fr") if m.id}
        read = {(m.context, m.id): m.string for m in read_mo(compiled) if m.id}
    assert read == written
