"""Figures of the lessons."""

from course_utils.figures.static import new_figure, show

__all__ = ["new_figure", "show"]
