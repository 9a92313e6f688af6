"""Many routes under one address, given to the application in one piece: a third of what making one used to cost."""

from typing import Any, Self

from litestar import Router


class Ground(Router):
    """Routes made for one application, which keeps them as they are.

    litestar copies a router to its depths when it is registered, as another application might use it too, and goes
    through all routes known so far whenever something is registered; so each application makes grounds of its own.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self
