"""What is wrong with a package, told so that its editor finds every place."""

from collections.abc import Iterable
from dataclasses import dataclass, field

SHOWN = 100


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: where it stands, the value found and what was expected."""

    file: str
    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        value = self.value if len(self.value) <= 80 else self.value[:77] + "..."
        return f"{place}, {self.column}: {value!r}: expected {self.expected}"


class PackageError(Exception):
    """A package that cannot be loaded: its first problems, and how many there are in all."""

    def __init__(self, problems: Iterable[Problem], count: int) -> None:
        self.problems = tuple(problems)
        self.count = count
        lines = [str(problem) for problem in self.problems]
        if count > len(lines):
            lines.append(f"... and {count - len(lines)} more")
        noun = "problem" if count == 1 else "problems"
        super().__init__("\n".join([*lines, f"{count} {noun}; nothing was written."]))


@dataclass
class Problems:
    """The mistakes found so far: the first hundred are kept, all are counted."""

    kept: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, line: int, column: str, value: object, expected: str) -> None:
        self.count += 1
        if len(self.kept) < SHOWN:
            self.kept.append(Problem(file, line, column, str(value), expected))

    def refuse(self) -> None:
        """Raise PackageError if there is any problem."""
        if self.count:
            raise PackageError(self.kept, self.count)
