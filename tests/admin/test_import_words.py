"""What an import expected is said in the language of the page."""

import pytest
from django.utils.translation import override

from investments.admin.import_words import SENTENCES, expected
from investments.dataset.checks import _rules


def test_every_sentence_has_its_french() -> None:
    for sentence in SENTENCES:
        filled = sentence.replace("%(", "<").replace(")s", ">")
        assert expected(filled) == filled
        with override("fr"):
            assert expected(filled) != filled, sentence


def test_every_rule_of_the_loader_is_known() -> None:
    with override("fr"):
        assert all(expected(rule[3]) != rule[3] for rule in _rules(prune=False))


@pytest.mark.parametrize(
    ("told", "french"),
    [
        (
            "a plain decimal number above 0 to 1, such as 1500000.5",
            "un nombre décimal supérieur à 0 et d’au plus 1, comme 1500000.5",
        ),
        ("a row of its own: line 2 has the same key", "une ligne à elle : la ligne 2 a la même clé"),
        ("one of ai_lab, other", "l’un de ceux-ci : ai_lab, other"),
        ("something that nobody foresaw", "something that nobody foresaw"),
    ],
)
def test_figures_and_names_are_kept(told: str, french: str) -> None:
    with override("fr"):
        assert expected(told).replace("\u00a0", " ") == french
