"""Documents to print and to keep: A4 as PDF. The library is loaded with the first one."""

from softfactory.kernel.paper.sheet import Row, Sheet

__all__ = ["Row", "Sheet"]
