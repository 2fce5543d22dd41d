"""Two working copies that were made from the same one, brought together."""


def merge(base: dict, theirs: dict, mine: dict) -> tuple[dict, list[str]]:
    """``mine`` with what ``theirs`` changed since ``base`` and mine didn't, and the paths that both changed to something else.

    Where both did, mine stands in the result. A path is a column, or “part.pk.column”. Links are sets, in which both sides'
    additions and removals count; a part that one side removed stays if the other has changed it.
    """
    fields, conflicts = _merge_values(base["fields"], theirs["fields"], mine["fields"])
    links = {
        name: sorted((set(keys) | _new(base, theirs, name)) - _new(theirs, base, name)) for name, keys in mine["links"].items()
    }
    parts = {}
    for name, rows in mine["parts"].items():
        parts[name], found = _merge_parts(*(data["parts"].get(name, []) for data in (base, theirs)), rows)
        conflicts += [f"{name}.{path}" for path in found]
    return {"fields": fields, "links": links, "parts": parts}, conflicts


def value_at(path: str, data: dict) -> object:
    """What stands at ``path`` in a working copy."""
    row, column = _place(path, data)
    return row[column]


def take(path: str, source: dict, target: dict) -> None:
    """Put what stands at ``path`` in ``source`` into ``target``."""
    row, column = _place(path, target)
    row[column] = value_at(path, source)


def put(path: str, value: object, data: dict) -> None:
    """Let ``value`` stand at ``path`` in a working copy."""
    row, column = _place(path, data)
    row[column] = value


def _place(path: str, data: dict) -> tuple[dict, str]:
    name, *rest = path.split(".")
    if not rest:
        return data["fields"], name
    pk, column = rest
    return next(row for row in data["parts"][name] if str(row["pk"]) == pk), column


def _merge_values(base: dict, theirs: dict, mine: dict) -> tuple[dict, list[str]]:
    merged, conflicts = dict(mine), []
    for name in mine.keys() & theirs.keys():
        if theirs[name] in (mine[name], base.get(name)):
            continue
        if mine[name] == base.get(name):
            merged[name] = theirs[name]
        else:
            conflicts.append(name)
    return merged, sorted(conflicts)


def _merge_parts(base: list[dict], theirs: list[dict], mine: list[dict]) -> tuple[list[dict], list[str]]:
    before, other, own = ({row["pk"]: row for row in rows} for rows in (base, theirs, mine))
    merged, conflicts = [], []
    for pk in sorted(own.keys() | other.keys()):
        if pk in own and pk in other:
            row, found = _merge_values(before.get(pk, {}), other[pk], own[pk])
            conflicts += [f"{pk}.{name}" for name in found]
            merged.append(row)
        else:
            row = own.get(pk) or other[pk]
            if row != before.get(pk):  # new, or removed by one side and changed by the other
                merged.append(row)
    return merged, conflicts


def _new(old: dict, new: dict, name: str) -> set:
    return set(new["links"].get(name, ())) - set(old["links"].get(name, ()))
