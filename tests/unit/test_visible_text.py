"""The comparison must see a blank that comes or goes, and no other white space."""

import pytest

from tests.visible_text import lines


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<div><p>一</p><p>二</p></div>", "<div>\n  <p>\n    一\n  </p>\n  <p>二</p>\n</div>\n"),
        ("<p>一 <b>二</b></p>", "<p>\n一\n<b>二</b>\n</p>"),
        ('<p class="a b">一</p>', '<p class="a\n  b">\n一</p>'),
        ("<p>一<br>二</p>", "<p>一\n<br>\n二</p>"),
        ("<button>一</button>", "<button>\n一\n</button>"),
        ("<td><input type='hidden'>一</td>", "<td>\n<input type='hidden'>\n一</td>"),
    ],
)
def test_white_space_that_nobody_sees(one, other):
    assert lines(one) == lines(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>一二</p>", "<p>一\n二</p>"),
        ("<p>一<b>二</b></p>", "<p>一 <b>二</b></p>"),
        ("<p>一<b>二</b></p>", "<p>一<b> 二</b></p>"),
        ("<p><img>一</p>", "<p><img> 一</p>"),
        ('<p class="typed">一</p>', '<p class="typed">\n一</p>'),
        ('<div class="diff"><p>一</p></div>', '<div class="diff"><p>一\n</p></div>'),
        ('<p title="一">二</p>', '<p title="一 ">二</p>'),
    ],
)
def test_white_space_that_readers_see(one, other):
    assert lines(one) != lines(other)
