"""Figures that contradict each other: both are kept and shown, neither is chosen (DOMAIN.md, rule 9)."""

from collections import defaultdict
from collections.abc import Iterable

from investments.choices import AnnouncementEvent
from investments.models import Announcement

# Events whose amount is no total of the deal.
NO_TOTAL = {AnnouncementEvent.DISPUTED, AnnouncementEvent.DELIVERED}


def contradictions(rows: Iterable[Announcement]) -> list[tuple[Announcement, Announcement | None]]:
    """Return each disputed figure among statements on deals, with the total that it stands against.

    That is the last one stated up to then, else the first one after; None where the deal has no other figure.
    """
    of_deal: dict[int | None, list[Announcement]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.date, row.key)):
        of_deal[row.deal_id].append(row)
    found: list[tuple[Announcement, Announcement | None]] = []
    for said in of_deal.values():
        totals = [
            row for row in said
            if row.event not in NO_TOTAL and (row.amount_low is not None or row.amount_high is not None)
        ]  # fmt: skip
        for one in said:
            if one.event == AnnouncementEvent.DISPUTED:
                before = [row for row in totals if (row.date, row.key) <= (one.date, one.key)]
                found.append((one, before[-1] if before else next(iter(totals), None)))
    return found
