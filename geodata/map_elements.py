"""The two Folium elements of our own: each calls a function of map.js with the id of its data in the page."""

from __future__ import annotations

from typing import Any

from branca.element import MacroElement
from folium.map import Layer
from folium.template import Template

_CALL = """
    {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = directoryMap.{{ this.verb }}(
            {{ this._parent.get_name() }}, {{ this.data_id|tojson }}
        );
    {% endmacro %}
"""


class Frame(MacroElement):
    """What belongs to the whole map: its label, its key, its lines of text.

    Parameters
    ----------
    data : dict
        What `directoryMap.frame` reads.
    """

    _template = Template(_CALL)

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Frame"
        self.verb = "frame"
        self.data = data

    @property
    def data_id(self) -> str:
        """Id of the JSON element."""
        return f"{self.get_name()}_data"


class DataLayer(Layer):
    """A layer that map.js draws from a JSON element of the page.

    Parameters
    ----------
    verb : str
        The function of `directoryMap` that draws it.
    data : dict
        What that function reads.
    name : str
        Name in the layer control: a fixed word, never what people wrote.
    show : bool
        Whether it is switched on at first.
    """

    _template = Template(_CALL)

    def __init__(self, verb: str, data: dict[str, Any], name: str, show: bool = True) -> None:
        super().__init__(name=name, overlay=True, show=show)
        self._name = "DataLayer"
        self.verb = verb
        self.data = data

    @property
    def data_id(self) -> str:
        """Id of the JSON element."""
        return f"{self.get_name()}_data"
