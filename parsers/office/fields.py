"""Fields of a Word document: what is displayed is their result, never their code."""

from __future__ import annotations

from dataclasses import dataclass, field


def drawn_by(code: str) -> str:
    """What a field without a result displays: EQ draws what its code says, others nothing."""
    code = code.strip()
    return code if code.lower().startswith("eq ") else ""


@dataclass(slots=True)
class _Field:
    """A field that began: its code, and whether its result is being displayed."""

    code: str = ""
    shown: bool = False


@dataclass(slots=True)
class Fields:
    """The fields that are open, the innermost last."""

    _open: list[_Field] = field(default_factory=list)

    @property
    def show(self) -> bool:
        """Whether text is displayed here: in no field, or in the results of all around."""
        return all(each.shown for each in self._open)

    def begin(self) -> None:
        """What follows is a field's code."""
        self._open.append(_Field())

    def separate(self) -> None:
        """What follows is its result."""
        if self._open:
            self._open[-1].shown = True

    def add(self, text: str) -> bool:
        """Takes a bit of the innermost field's code; False where a result stands, or no field."""
        if not self._open or self._open[-1].shown:
            return False
        self._open[-1].code += text
        return True

    def end(self) -> str:
        """The innermost field is over; what it displays if it had no result."""
        if not self._open:
            return ""
        ended = self._open.pop()
        return drawn_by(ended.code) if self.show and not ended.shown else ""
