"""How the pages are built: ``python -m sphinx -n -W --keep-going -b html docs docs/_build``."""

import numpy.typing as npt
from sphinx.application import Sphinx
from sphinx.util.typing import stringify_annotation

from attrition import __version__, _typing
from attrition.projection import OpenPassage, Projection, WatchedPassage
from attrition.uncertain import Event, Uncertain, UncertainLike

project = "attrition"
author = "attrition contributors"
project_copyright = "2026, attrition contributors"
release = __version__
version = release

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build"]
default_role = "code"

html_theme = "furo"
html_title = "attrition"
html_static_path: list[str] = []

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

# Types stand once, in the signature; the order is that of the source, which goes
# from the record to its queries.
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = False
autodoc_default_options = {"members": True}
python_use_unqualified_type_names = True
maximum_signature_line_length = 88

napoleon_google_docstring = True
napoleon_numpy_docstring = False
# Attributes of a record become a list of its fields; autodoc would say each twice.
napoleon_use_ivar = True

# Inventories lie beside this file, so that the build needs no network. They are
# lists of the names in use, in the plain-text format of version 1.
intersphinx_mapping = {
    "python": ("https://docs.python.org/3", "_inventories/python.inv"),
    "numpy": ("https://numpy.org/doc/stable", "_inventories/numpy.inv"),
    "scipy": ("https://docs.scipy.org/doc/scipy", "_inventories/scipy.inv"),
    "attrs": ("https://www.attrs.org/en/stable", "_inventories/attrs.inv"),
    "matplotlib": ("https://matplotlib.org/stable", "_inventories/matplotlib.inv"),
}

# Fields of results that other code of ours reads; they have no page of their own.
nitpick_ignore = [("py:class", "attrition.projection.calendar.Grid")]

# Python forgets the names of aliases; a reader should see UncertainLike, not the
# union of six types that it stands for. Longest first: aliases contain each other.
ALIASES = {
    stringify_annotation(meaning, mode="smart"): name
    for name, meaning in (
        ("~attrition.UncertainLike", UncertainLike),
        ("~numpy.typing.ArrayLike", npt.ArrayLike),
        ("~attrition._typing.Seed", _typing.Seed),
        ("~attrition._typing.Number", _typing.Number),
        ("~numpy.ndarray", _typing.FloatArray),
    )
} | {
    "~numpy.random._generator.": "~numpy.random.",
    "~numpy.random.bit_generator.": "~numpy.random.",
    "~concurrent.futures._base.": "~concurrent.futures.",
    "~attrition.projection.delay.GammaDelay": "~attrition.Delay",
    "~attrition.projection.delay.LawDelay": "~attrition.Delay",
    "~attrition.projection.delay.ShareDelay": "~attrition.Delay",
}

# Classes that a reader gets from a function and never calls.
NEVER_CALLED = (Event, OpenPassage, Projection, Uncertain, WatchedPassage)


def with_aliases(
    _app: Sphinx,
    _what: str,
    _name: str,
    thing: object,
    _options: object,
    signature: str | None,
    returned: str | None,
) -> tuple[str | None, str | None]:
    """The signature with the names of aliases in place of what they stand for."""
    if any(thing is each for each in NEVER_CALLED):
        return "", None
    for meaning, name in ALIASES.items():
        signature = signature and signature.replace(meaning, name)
        returned = returned and returned.replace(meaning, name)
    return signature, returned


def setup(app: Sphinx) -> None:
    """What Sphinx calls at the start."""
    app.connect("autodoc-process-signature", with_aliases)
