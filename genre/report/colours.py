"""The colours of pages and pictures, light and dark, and how well one can be read on another."""

Rgb = tuple[float, float, float]

# by name, such as --text in a stylesheet: on a light screen and on paper, and on a screen that prefers dark
THEME = {
    "text": ("#1b1f24", "#e6e9ed"),
    "quiet": ("#57606a", "#a3acb6"),
    "page": ("#ffffff", "#14171b"),
    "card": ("#f4f6f8", "#20252b"),
    "line": ("#d5dae0", "#3a424b"),
    "edge": ("#8f98a1", "#6b7580"),
    "focus": ("#1f6fd6", "#6ea8fe"),
    # what a run says of a genre, or the search for wrong labels does
    "hit": ("#0b5fa5", "#7cbcf5"),
    "missed": ("#7a5a00", "#e2bd58"),
    "wrong": ("#a02c00", "#ff9d76"),
    "for": ("#9cc9f5", "#174a78"),  # the ground of a word that speaks for a genre, and of one against it
    "against": ("#f7c39b", "#6b3a14"),
    "marked": ("#fdf1dc", "#3a3022"),  # the ground of a row that is not like the others
}


def rgb(colour: str) -> Rgb:
    """Red, green and blue, 0 to 1, of `#rrggbb`."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """How well one colour is read on the other, 1 to 21: (L1 + 0.05) / (L2 + 0.05) of WCAG 2.2, the lighter one above.

    Text needs 4.5.
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def grey_like(colour: Rgb) -> Rgb:
    """The grey of the same luminance."""
    linear = luminance(colour)
    level = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return level, level, level


def ink_on(colour: Rgb) -> str:
    """Black or white, whichever is read better on a colour: at least 4.58."""
    return max("black", "white", key=lambda ink: contrast(rgb({"black": "#000000", "white": "#ffffff"}[ink]), colour))
