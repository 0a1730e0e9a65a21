"""Comments: the quick way for prose says the same as the long one, and names are marked in words alone."""

import random
from html import unescape

import pytest

from richtext.comments import comment_html
from richtext.render import to_html
from tests.richtext.test_render import Tree, assert_harmless

PIECES = ["Hold", "the", "2", "kg", "(for", "now);", "it's", "3", "–", "4?", '"So"', "is:", "yes!", "@Dana", "é😀"]
PIECES += ["1.", "-", "+", ".", "5)", "---", "http://a.at", "x"]


def test_a_line_of_prose_reads_as_any_other_text() -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    draw = random.Random(seed)
    for _ in range(2_000):
        body = " ".join(draw.choices(PIECES, k=draw.randrange(1, 8)))
        assert unescape(comment_html(body)) == unescape(to_html(body)), body


@pytest.mark.parametrize("body", ["", "# no", "a\nb", "**b**", "- one", "1. one", "<b>", "a & b", "[x](http://a.at)"])
def test_whatever_is_no_prose_goes_the_long_way(body: str) -> None:
    assert comment_html(body) == to_html(body)


def test_mentioned_names_are_marked() -> None:
    html = comment_html("Ask @Dana Osei, @dana and @Danae. **@Aino Salo**", ("Dana Osei", "Aino Salo"))
    assert html.count('<b class="mention">') == 3
    assert '<b class="mention">@Dana Osei</b>, <b class="mention">@dana</b> and @Danae' in html
    assert '<strong><b class="mention">@Aino Salo</b></strong>' in html


@pytest.mark.parametrize(
    "body",
    [
        '[x](http://a.at/?">@Dana Osei)',
        "[x](http://a.at/'>@Dana)",
        '<a href="@Dana Osei" onclick="x">@Dana Osei</a>',
        "`@Dana Osei` <script>@Dana</script>",
        "http://a.at/@Dana",
        "[@Dana Osei](javascript:@Dana)",
    ],
)
@pytest.mark.parametrize("name", ["Dana Osei", "<img src=x> O'Neil", 'A"b<c'])
def test_marking_adds_nothing_but_the_mark(body: str, name: str) -> None:
    html = str(comment_html(body.replace("Dana Osei", name), (name,)))
    bare = html.replace('<b class="mention">', "").replace("</b>", "")
    assert_harmless(bare)
    marks = [attributes for tag, attributes in Tree(html).elements if tag == "b"]
    assert all(attributes == {"class": "mention"} for attributes in marks)
    for tag, attributes in Tree(html).elements:
        assert not (tag != "b" and "mention" in str(attributes)), html
