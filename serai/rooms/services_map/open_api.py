"""The OpenAPI document of the open directory, made from the table of paths and what lib/hsds knows of the standard."""

from __future__ import annotations

from typing import Any

from serai.lib.hsds.schema import FIELDS, NESTING, VERSION, Field

from .forms_api import PARAMETERS, PATHS, Path

_FORMATS = {"date": "date", "datetime": "date-time", "uri": "uri", "email": "email", "uuid": "uuid"}
_TITLE = "Open directory of services"
Schema = dict[str, Any]


def document(base: str) -> Schema:
    """All that this house answers. base: address of the path `/`, without a slash at its end."""
    paths = {"/": {"get": _operation("about", "What this is.", [], {"200": _answer("What this is.", _ref("About"))})}}
    for table, path in PATHS.items():
        paths[f"/{table}"] = {"get": _list(table, path)}
        paths[f"/{table}/{{id}}"] = {"get": _row(table, path)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _TITLE,
            "version": VERSION,
            "description": (
                "Read-only paths of the HSDS API. An answer stays as it is until something in the directory changes: "
                "send its ETag as If-None-Match and get 304. Where a place is not public, nothing leads to it. Whether "
                "a door is shut stands in the alert of a service, or in the description of a service_at_location."
            ),
        },
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _list(table: str, path: Path) -> Schema:
    parameters = [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": PARAMETERS[name].says,
            "schema": PARAMETERS[name].schema,
        }
        for name in path.parameters
    ]
    page = {"allOf": [_ref("Page"), {"properties": {"contents": {"type": "array", "items": _ref(path.row)}}}]}
    answers = {
        "200": _answer(path.says, page),
        "400": _answer("What is wrong with the question.", _ref("Wrong")),
        "404": _answer("There is no such page.", _ref("Wrong")),
    }
    return _operation(f"list_{table}", path.says, parameters, answers)


def _row(table: str, path: Path) -> Schema:
    says = f"One {path.row} with all that stands under it."
    key = {"name": "id", "in": "path", "required": True, "description": "Its id.", "schema": {"type": "string"}}
    answers = {
        "200": _answer(says, _ref(path.row)),
        "400": _answer("This path has no parameters.", _ref("Wrong")),
        "404": _answer("There is nothing with this id.", _ref("Wrong")),
    }
    return _operation(f"one_{path.row}", says, [key], answers)


def _operation(name: str, says: str, parameters: list[Schema], answers: Schema) -> Schema:
    return {"operationId": name, "summary": says, "parameters": parameters, "responses": answers}


def _answer(says: str, schema: Schema) -> Schema:
    return {"description": says, "content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas() -> Schema:
    made = {table: _schema_of(table) for table in _reached()}
    # The standard's own nesting names no services under an organization, its API does.
    made["organization"]["properties"]["services"] = {"type": "array", "items": _ref("service")}
    made["service_at_location"]["properties"]["service"] = _ref("service")
    text, number, flag = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
    counts = {"total_items": number, "total_pages": number, "page_number": number, "size": number}
    page = {**counts, "first_page": flag, "last_page": flag, "empty": flag, "contents": {"type": "array"}}
    made["Page"] = {"type": "object", "properties": page, "required": list(page)}
    about = {"version": text, "profile": {**text, "format": "uri"}, "openapi_url": {**text, "format": "uri"}}
    made["About"] = {"type": "object", "properties": about, "required": list(about)}
    wrong = {"status": number, "detail": text, "parameter": text}
    made["Wrong"] = {"type": "object", "properties": wrong, "required": ["status", "detail"]}
    return made


def _reached() -> list[str]:
    """Tables that an answer can hold: those of the paths, and what stands under them."""
    found: list[str] = []
    waiting = [path.row for path in PATHS.values()]
    while waiting:
        table = waiting.pop()
        if table not in found:
            found.append(table)
            waiting += [nesting.child for nesting in NESTING[table].values()]
    return sorted(found)


def _schema_of(table: str) -> Schema:
    properties = {name: _type_of(field) for name, field in FIELDS[table].items()}
    for key, nesting in NESTING[table].items():
        properties[key] = {"type": "array", "items": _ref(nesting.child)} if nesting.many else _ref(nesting.child)
    required = [name for name, field in FIELDS[table].items() if field.always]
    return {"type": "object", "properties": properties, "required": required}


def _type_of(field: Field) -> Schema:
    if field.kind == "number":
        return {"type": "number"}
    schema: Schema = {"type": "string"}
    # Vocabularies of others may have ids that are no UUIDs.
    if field.kind in _FORMATS and not (
        field.kind == "uuid" and (field.table.startswith("taxonomy") or "taxonomy" in field.name)
    ):
        schema["format"] = _FORMATS[field.kind]
    if field.enum:
        schema["enum"] = list(field.enum)
    return schema
