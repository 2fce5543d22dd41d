"""Public text that is replaced at a moment of its own: see `working_copies.plan`."""


def apply_due() -> None:
    """Replace what is due by now."""
