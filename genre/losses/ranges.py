"""Settings out of range."""

import math


def check_range(allowed: bool, key: str, value: object, rule: str) -> None:
    """Refuse a setting of the loss section.

    Raises:
        ValueError: "loss.KEY=VALUE: must RULE", unless `allowed`.
    """
    if not allowed:
        shown = f"{value:g}" if isinstance(value, float) else value
        raise ValueError(f"loss.{key}={shown}: must {rule}")


def check_not_negative(key: str, value: float) -> None:
    """Refuse what is below 0, infinite or not a number.

    Raises:
        ValueError: for such a value.
    """
    check_range(0 <= value < math.inf, key, value, "be 0 or more, and finite")
