"""Words as `icontains` takes them when they are parameters of a statement that was made before."""

ESCAPE = "/"
"""What the statement must name as its escape."""


def as_pattern(word: str) -> str:
    """Return the word so that no character of it stands for others."""
    for character in (ESCAPE, "%", "_"):
        word = word.replace(character, ESCAPE + character)
    return word
