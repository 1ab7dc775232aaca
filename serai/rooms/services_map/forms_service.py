"""A service as a form: its words, what it offers, how to reach it; the words in another language; a new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from serai.kernel.languages.registry import known, language, languages
from serai.lib.hsds.problems import Problem
from serai.lib.hsds.schema import FIELDS
from serai.lib.hsds.values import codes_of

from .actions.editing import ServiceSaid
from .exchange.words import cure_of, says_of
from .models import Answer, Location, Service
from .needs import GROUPS, grouped
from .queries.lines import address_of

LONG, SHORT = 5000, 200
SPARE = 2
"""Empty rows below those that stand, for another telephone or paper."""
MOST_ROWS = 40
TEXTS: dict[str, Any] = {
    "name": _("What it is called"),
    "description": _("What happens there"),
    "alert": _("Something to know before one goes"),
    "eligibility_description": _("Who can come"),
    "application_process": _("How to ask for it"),
    "fees_description": _("About the cost"),
    "wait_time": _("How long it takes"),
    "interpretation_services": _("Interpreters"),
}
BOXES = ("needs", "languages", "audiences")
UNDER = {"phone": ("number", "description"), "required_document": ("document",)}
"""Rows under a service that are written here, by HSDS table; the first field is the one without which a row goes."""
SPOKEN = {"phone": ("description", _("What this number is for")), "required_document": ("document", _("A paper"))}
AUDIENCES = {
    "women": _("Women"),
    "children": _("Children"),
    "men": _("Men"),
    "families": _("Families"),
    "elderly": _("Elderly people"),
    "lgbti": _("LGBTI people"),
    "young": _("Young people"),
    "disabled": _("People with a disability"),
}


class CellField(forms.CharField):
    """Text that one field of HSDS may hold; refused as on every other way in."""

    def __init__(self, table: str, name: str, **kwargs: Any) -> None:
        self.cell = FIELDS[table][name]
        super().__init__(**{"required": False, "max_length": SHORT, **kwargs})

    def clean(self, value: Any) -> str:
        """The text with plain line ends."""
        text = str(super().clean(value)).replace("\r\n", "\n")
        for code in codes_of(self.cell, text) if text else ():
            found = Problem(self.cell.table, 0, str(self.label or self.cell.name), code, text[:80])
            raise ValidationError(f"{says_of(found)} {cure_of(found)}")
        return text


def _text_field(name: str, **kwargs: Any) -> CellField:
    if name == "name":
        return CellField("service", name, label=TEXTS[name], **kwargs)
    rows = 4 if name == "description" else 2
    widget = forms.Textarea(attrs={"rows": rows})
    return CellField("service", name, label=TEXTS[name], max_length=LONG, widget=widget, **kwargs)


class SeenForm(forms.Form):
    """A form that knows which state of the row it was shown with (actions.editing.seen_state)."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def differences(self, now: forms.Form) -> list[tuple[str, str]]:
        """What somebody else's row says differently from what was typed: label and what stands there now."""
        return [
            (str(field.label), _told(field, now.initial.get(name)))
            for name, field in self.fields.items()
            if not field.widget.is_hidden and (now.initial.get(name) or "") != (self.cleaned_data.get(name) or "")
        ]

    def look_again(self, seen: str) -> None:
        """What was typed stays; saved once more it replaces what stands now."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["seen"] = seen
        self.data = typed


def _told(field: forms.Field, value: Any) -> str:
    """A value as its field shows it."""
    choices: dict[str, str] = {}
    for key, name in getattr(field, "choices", ()):
        choices |= dict(name) if isinstance(name, list | tuple) else {key: name}
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(choices.get(each, each)) for each in values if each)


class CheckedForm(SeenForm):
    """With a tick for who looked at everything today."""

    checked = forms.BooleanField(
        label=_("I checked everything with the service today"), required=False,
        help_text=_("The public reads that it was checked today."),
    )  # fmt: skip

    def __init__(self, *args: Any, checks: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not checks:
            del self.fields["checked"]


class ServiceForm(CheckedForm):
    """All that the desk says of a service in its own language."""

    needs = forms.MultipleChoiceField(
        label=_("What people find there"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken there"), required=False, widget=forms.CheckboxSelectMultiple
    )
    audiences = forms.MultipleChoiceField(
        label=_("Only or above all for"), required=False, choices=list(AUDIENCES.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    papers_asked = forms.ChoiceField(
        label=_("Are papers asked for?"), required=False, choices=Answer.choices, widget=forms.RadioSelect
    )
    free = forms.ChoiceField(
        label=_("Is it free of charge?"), required=False, choices=Answer.choices, widget=forms.RadioSelect
    )
    url = CellField("service", "url", label=_("Web page"), max_length=2000,
                    help_text=_("Left empty, that of the organisation is shown."),
                    widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr"}))  # fmt: skip
    email = CellField("service", "email", label=_("E-mail"),
                      help_text=_("Left empty, that of the organisation is shown."),
                      widget=forms.TextInput(attrs={"inputmode": "email", "dir": "ltr"}))  # fmt: skip
    status = forms.ChoiceField(
        label=_("Is it still offered?"), choices=Service.Status.choices,
        help_text=_("What is not active is found by nobody. Close it for a night or some days without changing this."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, service: Service, seen: str, checks: bool = False) -> None:
        super().__init__(data, checks=checks, initial=_initial(service, seen))
        for name in TEXTS:
            self.fields[name] = _text_field(name, required=name == "name")
        needed: Any = self.fields["needs"]
        needed.choices = [
            (GROUPS[group], [(need.key, need.name) for need in rows]) for group, rows in grouped().items()
        ]
        spoken: Any = self.fields["languages"]
        first = [tag for tag in settings.SERAI_LANGUAGES if known(tag)]
        tags = dict.fromkeys([*service.languages, *first, *languages()])
        spoken.choices = [(tag, language(tag).name if known(tag) else tag) for tag in tags]
        for table, names in UNDER.items():
            # What was typed stays also where somebody else has taken rows away meanwhile.
            sent = sum(f"{table}_{at}_{names[0]}" in (data or ()) for at in range(MOST_ROWS))
            self._rows_of(table, names, max(sent, len(service.under(table)) + SPARE))
        for name, field in self.fields.items():
            if name in TEXTS or name.endswith(("_description", "_document")):
                _speak(field, service.language)

    def _rows_of(self, table: str, names: tuple[str, ...], count: int) -> None:
        labels: dict[str, Any] = {
            "number": _("Telephone"), "description": _("What this number is for"), "document": _("A paper"),
        }  # fmt: skip
        for at in range(count):
            self.fields[f"{table}_{at}_id"] = forms.CharField(
                required=False, max_length=100, widget=forms.HiddenInput, label=""
            )
            for name in names:
                widget = forms.TextInput(attrs={"inputmode": "tel", "dir": "ltr"} if name == "number" else {})
                self.fields[f"{table}_{at}_{name}"] = CellField(table, name, label=labels[name], widget=widget)

    def rows(self, table: str) -> Iterator[list[forms.BoundField]]:
        """The fields of each row under the service, the id first."""
        count = sum(name.startswith(f"{table}_") and name.endswith("_id") for name in self.fields)
        for at in range(count):
            yield [self[f"{table}_{at}_{name}"] for name in ("id", *UNDER[table])]

    def phones(self) -> list[list[forms.BoundField]]:
        """Rows of telephones, for the template."""
        return list(self.rows("phone"))

    def papers(self) -> list[list[forms.BoundField]]:
        """Rows of papers to bring, for the template."""
        return list(self.rows("required_document"))

    def texts(self) -> list[forms.BoundField]:
        """The texts in the order of a reader, the name first."""
        return [self[name] for name in TEXTS]

    def boxes(self) -> list[tuple[forms.BoundField, str]]:
        """Fields of many boxes, each with what is chosen in it, as words."""
        return [(self[name], _told(self.fields[name], self[name].value())) for name in BOXES]

    def clean(self) -> dict[str, Any]:
        """A number must stand where it is said what it is for."""
        cleaned = super().clean() or {}
        for row in self.rows("phone"):
            if cleaned.get(row[2].name) and not cleaned.get(row[1].name) and row[1].name not in self.errors:
                self.add_error(row[1].name, _("Write the number, or empty what it is for."))
        return cleaned

    @property
    def said(self) -> ServiceSaid:
        """What the action takes."""
        given = self.cleaned_data
        under = {
            table: [
                {name: given[f"{table}_{at}_{name}"] for name in ("id", *names)}
                for at, row in enumerate(self.rows(table)) if given[row[1].name]
            ]
            for table, names in UNDER.items()
        }  # fmt: skip
        return ServiceSaid(
            cells={name: given[name] for name in (*TEXTS, "url", "email")}, needs=given["needs"],
            languages=sorted(given["languages"]), audiences=given["audiences"], papers_asked=given["papers_asked"],
            free=given["free"], status=given["status"], under=under,
        )  # fmt: skip


def _place(row: Location, tag: str) -> Any:
    said = [row.said("name", tag).text, address_of(row.children)]
    return ", ".join(part for part in said if part) or _("A place without a name")


def _speak(field: forms.Field, tag: str) -> None:
    """Says in which language a field is written, and from which side."""
    if known(tag):
        field.widget.attrs |= {"lang": tag, "dir": language(tag).direction}


def _initial(service: Service, seen: str) -> dict[str, Any]:
    found: dict[str, Any] = {name: service.cells.get(name, "") for name in (*TEXTS, "url", "email")}
    for name in ("needs", "languages", "audiences", "papers_asked", "free", "status"):
        found[name] = getattr(service, name)
    for table, names in UNDER.items():
        for at, row in enumerate(service.under(table)):
            found |= {f"{table}_{at}_{name}": row.get(name, "") for name in ("id", *names)}
    return {**found, "seen": seen}


class TranslationForm(SeenForm):
    """The texts of a service in another language, each beside what it says in its own."""

    def __init__(self, data: Any = None, *, service: Service, seen: str, tag: str) -> None:
        standing = service.texts.get(tag, {})
        initial: dict[str, Any] = {"seen": seen}
        super().__init__(data, initial=initial)
        self.originals: dict[str, str] = {}
        for name in TEXTS:
            if service.cells.get(name) or standing.get(name):
                self.fields[name] = _text_field(name)
                self.originals[name], initial[name] = service.cells.get(name, ""), standing.get(name, "")
        self.under: dict[str, tuple[str, str, str]] = {}
        for table, (cell, label) in SPOKEN.items():
            for at, row in enumerate(service.under(table)):
                if row.get(cell) and row.get("id"):
                    name = f"{table}_{at}"
                    self.fields[name] = CellField(table, cell, label=label)
                    self.under[name] = (table, row["id"], cell)
                    self.originals[name], initial[name] = row[cell], row.get("texts", {}).get(tag, {}).get(cell, "")
        for field in self.fields.values():
            _speak(field, tag)

    def pairs(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with the text in the service's own language."""
        return [(self[name], text) for name, text in self.originals.items()]

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes: texts and under."""
        given = self.cleaned_data
        under = {(table, pk): {cell: given[name]} for name, (table, pk, cell) in self.under.items()}
        return {"texts": {name: given[name] for name in self.originals if name in TEXTS}, "under": under}


class NewServiceForm(forms.Form):
    """The least that a new service needs; all the rest is said on its own page."""

    name = CellField("service", "name", label=TEXTS["name"], required=True)
    language = forms.ChoiceField(label=_("In which language do you write?"))
    needs = forms.MultipleChoiceField(
        label=_("What people find there"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )  # fmt: skip
    place = forms.ChoiceField(label=_("Where is it?"), required=False, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, places: Iterable[Location], tag: str, initial: str) -> None:
        super().__init__(data, initial={"language": initial})
        tongues: Any = self.fields["language"]
        tongues.choices = [(each, language(each).name) for each in settings.SERAI_LANGUAGES]
        needed: Any = self.fields["needs"]
        needed.choices = [
            (GROUPS[group], [(need.key, need.name) for need in rows]) for group, rows in grouped().items()
        ]
        where: Any = self.fields["place"]
        named = [(str(row.pk), _place(row, tag)) for row in places]
        where.choices = [("", _("At no place: by phone or message")), *named]
