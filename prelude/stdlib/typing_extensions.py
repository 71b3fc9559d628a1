"""What typing has, under the older name."""

from typing import *  # noqa: F401,F403
from typing import TYPE_CHECKING, Annotated, Any, Callable, ClassVar, Concatenate, Final, Generic, Literal, LiteralString, Never, NamedTuple, NotRequired, Optional, ParamSpec
from typing import Protocol, ReadOnly, Required, Self, TypeAlias, TypedDict, TypeGuard, TypeIs, TypeVar, TypeVarTuple, Union, Unpack, assert_never, assert_type, cast
from typing import dataclass_transform, final, get_args, get_origin, get_overloads, get_type_hints, is_typeddict, overload, override, reveal_type, runtime_checkable
from warnings import deprecated

runtime = runtime_checkable
