"""Pictures of the map as files."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.theme import Role, Theme
from ptft_gui.gui.widgets.word_map import WordMap
from tests.gui.widgets.word_map.map_points import cloud

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def words(qtbot, theme: Theme) -> WordMap:
    words = WordMap()
    qtbot.addWidget(words)
    words.resize(640, 400)
    words.set_points(cloud(400))
    words.set_colouring("group")
    words.set_highlight(["w7"])
    words.set_arrows([("w1", "w2", "side")])
    return words


def test_a_png_has_twice_the_pixels_and_the_ground_of_the_theme(
    words: WordMap, theme: Theme, tmp_path: Path
) -> None:
    for preference in ("light", "dark"):
        theme.set_preference(preference)
        path = tmp_path / f"{preference}.png"
        words.export_picture(path)
        image = QImage(str(path))
        assert (image.width(), image.height()) == (1280, 800)
        assert image.pixelColor(0, 0).name().upper() == theme.hex(Role.SURFACE)


def test_an_svg_keeps_words_as_text_and_points_as_shapes(words: WordMap, tmp_path: Path) -> None:
    path = tmp_path / "map.svg"
    words.export_picture(path)
    root = ET.parse(path).getroot()
    texts = ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]
    assert "w7" in texts
    assert "side" in texts
    assert "group 0" in texts
    assert len(list(root.iter(f"{SVG}circle"))) + len(list(root.iter(f"{SVG}ellipse"))) >= 400
    assert list(root.iter(f"{SVG}image")) == []


def test_very_many_points_are_one_picture_inside_the_drawing(words: WordMap, tmp_path: Path) -> None:
    words.set_points(cloud(60_000))
    path = tmp_path / "map.svg"
    words.export_picture(path)
    root = ET.parse(path).getroot()
    images = list(root.iter(f"{SVG}image"))
    assert len(images) == 1
    assert path.stat().st_size < 3_000_000
    data = images[0].attrib["{http://www.w3.org/1999/xlink}href"].split(",", 1)[1]
    picture = QImage.fromData(base64.b64decode(data))
    assert (picture.width(), picture.height()) == (1280, 800)
    assert any("w" in "".join(text.itertext()) for text in root.iter(f"{SVG}text"))


def test_what_only_passes_is_not_in_a_picture(words: WordMap, tmp_path: Path) -> None:
    words.export_picture(tmp_path / "before.png")
    words._hover(3)
    words.export_picture(tmp_path / "after.png")
    assert (tmp_path / "before.png").read_bytes() == (tmp_path / "after.png").read_bytes()


def test_a_name_that_says_no_kind_is_refused_in_words(words: WordMap, tmp_path: Path) -> None:
    with pytest.raises(PtftError) as refused:
        words.export_picture(tmp_path / "map.bmp")
    assert refused.value.message == "map.bmp does not say what kind of picture to write."
    assert refused.value.hint == "Choose a name that ends in .png or .svg."
    assert list(tmp_path.iterdir()) == [tmp_path / "home"] or not list(tmp_path.glob("map*"))


def test_a_folder_that_is_not_there_is_told_and_leaves_nothing(words: WordMap, tmp_path: Path) -> None:
    with pytest.raises(PtftError) as refused:
        words.export_picture(tmp_path / "nowhere" / "map.png")
    assert refused.value.message == "map.png could not be written."
    assert not (tmp_path / "nowhere").exists()


def test_an_empty_map_is_a_whole_picture_too(qtbot, theme: Theme, tmp_path: Path) -> None:
    words = WordMap()
    qtbot.addWidget(words)
    words.resize(300, 200)
    for name in ("map.png", "map.svg"):
        words.export_picture(tmp_path / name)
    assert QImage(str(tmp_path / "map.png")).width() == 600
    ET.parse(tmp_path / "map.svg")
