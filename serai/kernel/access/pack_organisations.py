"""tables/organisations.csv of a pack: who publishes it, and who else is named in it.

An organisation is who readers trust. So a pack changes only the organisations that it brought itself; what this house
changed stays as the house has it, and what another pack brought is refused to a third.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from serai.kernel.places.pack_table import PackTable, Texts, remembered, settle, spoken, unspoken
from serai.kernel.register.ports import PackExport, PackProblem, PackReport
from serai.lib.direction import problems_in_link, visible
from serai.lib.tables import Row

from .actions_organisations import put_organisation, remember_pack
from .models import Organisation

TABLE = PackTable("tables/organisations.csv", ("key", "kind", "url", "phone", "email"), ("name", "about"))
PHONE = re.compile(r"[+0-9][0-9 ()/.-]{2,38}")


class OrganisationsPart:
    """Understands tables/organisations.csv. Installed before everything that somebody publishes."""

    order = 20

    def owns(self, path: str) -> bool:
        """The table alone."""
        return path == TABLE.path

    def check(self, pack: dict[str, Any], files: dict[str, bytes]) -> list[PackProblem]:
        """All that is wrong; writes nothing."""
        rows, problems = TABLE.rows(files)
        problems += TABLE.check_cells(rows)
        for row in rows:
            problems += _check_row(row)
        return problems

    def install(self, pack: dict[str, Any], files: dict[str, bytes], *, by: Any) -> PackReport:
        """Writes the organisations."""
        rows, problems = TABLE.rows(files)
        created: list[str] = []
        updated: list[str] = []
        kept: list[str] = []
        unchanged = 0
        for row in rows:
            key, ref = row.text("key"), f"organisations/{row.text('key')}"
            new = _pieces_of(row, pack, files)
            organisation = Organisation.objects.filter(key=key).first()
            memory = organisation.from_pack if organisation else {}
            settled = settle(standing(organisation), new, memory, pack["pack"])
            problems += _disputes(row, settled.disputed)
            if settled.kept:
                kept.append(ref)
            after = remembered(memory, new, pack["pack"], made_now=organisation is None)
            if organisation is not None and settled.values == standing(organisation):
                remember_pack(organisation=organisation, memory=after)
                unchanged += 1
                continue
            put_organisation(by=by, key=key, values={**_fields(settled.values), "from_pack": after})
            (updated if organisation else created).append(ref)
        return PackReport(tuple(created), tuple(updated), (), unchanged, tuple(kept), tuple(problems))


def export_organisations(publisher: str, pack: dict[str, Any]) -> PackExport:
    """The publisher, and the organisations that came with this pack."""
    rows, texts = [], Texts()
    for organisation in Organisation.objects.order_by("key"):
        if organisation.key != publisher and pack["pack"] not in organisation.from_pack.get("packs", {}):
            continue
        pieces = standing(organisation)
        rows.append((organisation.key, *(pieces[column] for column in TABLE.columns[1:])))
        texts[f"{organisation.key}.name"] = organisation.names
        texts[f"{organisation.key}.about"] = organisation.abouts
    return PackExport(TABLE.export(rows, texts, pack["languages"]))


def standing(organisation: Organisation | None) -> dict[str, str]:
    """What stands in the house of an organisation, as pieces."""
    if organisation is None:
        return {}
    return {
        "kind": organisation.kind,
        "url": organisation.url,
        "phone": organisation.phone,
        "email": organisation.email,
        "fictional": "yes" if organisation.fictional else "",
        **spoken("name", organisation.names),
        **spoken("about", organisation.abouts),
    }


def _pieces_of(row: Row, pack: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, str]:
    plain = {column: row.text(column).strip() for column in TABLE.columns[1:]}
    plain["fictional"] = "yes" if pack.get("fictional") else ""
    for word in TABLE.words:
        plain |= spoken(word, TABLE.texts(files, row.text("key"), word))
    return plain


def _fields(values: Mapping[str, str]) -> dict[str, Any]:
    plain = {column: values.get(column, "") for column in TABLE.columns[1:]}
    return {
        **plain,
        "fictional": bool(values.get("fictional")),
        "names": unspoken("name", values),
        "abouts": unspoken("about", values),
    }


def _check_row(row: Row) -> Iterator[PackProblem]:
    if row.text("kind") not in Organisation.Kind.values:
        says = _("“%(found)s” is not a kind of organisation.") % {"found": visible(row.text("kind"))[:40]}
        cure = _("Write one of: %(kinds)s.") % {"kinds": ", ".join(Organisation.Kind.values)}
        yield TABLE.problem(row, "kind-unknown", says, cure)
    url = row.text("url")
    if url and (not re.match(r"https?://[^/\s]+\.[^/\s]+", url) or problems_in_link(url) or len(url) > 200):
        says = _("“%(found)s” is not an address of a website.") % {"found": visible(url)[:80]}
        yield TABLE.problem(row, "url", says, _("Write it whole, beginning with https://"))
    phone = row.text("phone")
    if phone and not PHONE.fullmatch(phone):
        says = _("“%(found)s” is not a telephone number.") % {"found": visible(phone)[:40]}
        yield TABLE.problem(row, "phone", says, _("Write digits with spaces, beginning with + and the country."))
    try:
        if row.text("email"):
            validate_email(row.text("email"))
    except ValidationError:
        says = _("“%(found)s” is not an e-mail address.") % {"found": visible(row.text("email"))[:80]}
        yield TABLE.problem(row, "email", says, _("Write it like desk@lindenbach.example."))


def _disputes(row: Row, pieces: Iterable[str]) -> list[PackProblem]:
    found = []
    for piece in pieces:
        says = _("The organisation “%(key)s” belongs to another pack, which says something else in “%(piece)s”.")
        cure = _("Take the row out and require that pack, or give your organisation a key of its own.")
        values = {"key": row.text("key"), "piece": piece}
        found.append(TABLE.problem(row, "organisation-of-another-pack", says % values, cure))
    return found
