"""Routes whose function is given a unit of work, who asks, and what the address stands for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import update_wrapper, wraps
from inspect import Parameter, Signature, signature
from typing import Any, TypeAlias

from workspace.core.storage.db import Db
from workspace.web.http.request_context import CurrentWork, Work

Handler: TypeAlias = Callable[..., Any]
Policy: TypeAlias = str | tuple[str, ...]  # what `workspace.web.http.guards` says of it


class Loads:
    """Marks a parameter of a route that `load` finds, in the route's unit of work, from what stands in the address.

    Its parameters after the unit are those of the address; by keyword it may ask for the `actor` or the `work`.
    """

    def __init__(self, load: Callable[..., object]) -> None:
        _, *parameters = signature(load).parameters.values()
        self.address = [given for given in parameters if given.kind is Parameter.POSITIONAL_OR_KEYWORD]
        self._load, self._wanted = load, {given.name for given in parameters} & {"actor", "work"}

    def __call__(self, db: Db, named: dict[str, Any], offered: dict[str, Any]) -> object:
        """What is loaded, from the parameters of the address in `named`."""
        address = [named[given.name] for given in self.address]
        return self._load(db, *address, **{name: offered[name] for name in self._wanted})


def _loads(parameter: Parameter) -> Loads | None:
    return next((mark for mark in getattr(parameter.annotation, "__metadata__", ()) if isinstance(mark, Loads)), None)


def in_unit(
    function: Handler,
    open_unit: Callable[[Work], AbstractContextManager[Db]],
    *,
    answer: Callable[[Work, Any], Any],
    returned: Any,
) -> Handler:
    """`function`, whose `db` is a unit of work and whose `actor` is who asks; others are left as they are.

    What it `Loads` is found in that unit. What it returns becomes an `answer` once the unit has ended; `returned` is
    what the description of the API says of it. It may ask for `work` too.
    """
    shown = signature(function).replace(return_annotation=returned)
    wanted = shown.parameters
    loaded = {name: loads for name, parameter in wanted.items() if (loads := _loads(parameter))}
    if "db" not in wanted and not loaded:
        return signed(function, function, shown)
    first, *rest = wanted.values()
    parts = [loaded[given.name].address if given.name in loaded else [given] for given in rest]
    own = {given.name: given.replace(kind=Parameter.KEYWORD_ONLY) for part in parts for given in part}
    own["work"] = Parameter("work", Parameter.KEYWORD_ONLY, annotation=CurrentWork)
    asked = [first, *(given for name, given in own.items() if name not in {"db", "actor"})]

    def handler(*given: Any, work: Work, **named: Any) -> Any:
        actor: Any = work.actor if loaded or "actor" in wanted else None
        with open_unit(work) as db:
            offered = {"db": db, "actor": actor, "work": work}
            offered |= named | {name: loads(db, named, offered) for name, loads in loaded.items()}
            made = function(*given, **{name: value for name, value in offered.items() if name in wanted})
        return answer(work, made)

    return signed(handler, function, shown.replace(parameters=asked))


def signed(handler: Handler, function: Handler, shown: Signature) -> Handler:
    """`handler` in the place of `function`; what a request must bring is told by the signature shown."""
    update_wrapper(handler, function)
    vars(handler).pop("__wrapped__")
    vars(handler)["__signature__"] = shown
    given = {name: parameter.annotation for name, parameter in list(shown.parameters.items())[1:]}
    handler.__annotations__ = given | {"return": shown.return_annotation}
    return handler


def knowing_who_asks(function: Handler) -> Handler:
    """`function`, which first looks up the token it is shown: there, where it reads, it needs no thread of its own."""

    @wraps(function)
    def known(*given: Any, work: Work, **named: Any) -> Any:
        with work.begun():
            _ = work.signed_in
            return function(*given, work=work, **named)

    return known
