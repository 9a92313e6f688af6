"""Where the parameters of a route come from, as the framework names it, with signs that are quick to tell apart.

Python asks for the hash of such a sign wherever a route is written with one, and the framework's own copy
themselves whole to answer: with some hundreds of routes that was a tenth of the time that a server takes to start.
"""

from typing import Annotated, TypeAlias, TypeVar

from litestar.enums import RequestEncodingType
from litestar.params import BodyKwarg, PathParameter, QueryParameter

T = TypeVar("T")


class _Path(PathParameter):
    def __hash__(self) -> int:
        return hash(_Path)


class _Query(QueryParameter):
    def __hash__(self) -> int:
        return hash(_Query)


class _Body(BodyKwarg):
    def __hash__(self) -> int:
        return hash(self.media_type)


FromPath: TypeAlias = Annotated[T, _Path()]
FromQuery: TypeAlias = Annotated[T, _Query()]
JSONBody: TypeAlias = Annotated[T, _Body(media_type=RequestEncodingType.JSON)]
MultipartBody: TypeAlias = Annotated[T, _Body(media_type=RequestEncodingType.MULTI_PART)]
URLEncodedBody: TypeAlias = Annotated[T, _Body(media_type=RequestEncodingType.URL_ENCODED)]
