"""A section goes back to a version while two others type in it: their words survive, and one undo takes it back."""

import re
import threading
import urllib.parse
import urllib.request
from collections.abc import Callable

from tests.databases.kinds import both
from tests.personas import DANA, LENA, RAVI
from tests.realtime.people import Person, Place, eventually

Come = Callable[..., Person]
FORMER = (
    "Fear of re-injury is the main driver. 😀\n\nSleep is short, mood lower since October.\n\nWork stress adds to it.\n"
)
LATER = "Fear of re-injury is the main driver. 😀\n\nNothing else matters.\n\nWork stress adds to it.\n"


def page(person: Person) -> str:
    asked = urllib.request.Request(
        f"{person.url}/patients/{person.place.patient}/history", headers={"Cookie": person.cookie}
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return " ".join(answer.read().decode().split())


def form(html: str, ending: str) -> tuple[str, dict[str, str]]:
    action, inside = re.findall(rf'<form method="post" action="([^"]*{ending}[^"]*)"(.*?)</form>', html)[-1]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside))
    fields.pop("csrf_token")
    return urllib.parse.urlsplit(action.replace("&amp;", "&")).path, fields


@both
def test_two_others_go_on_typing(person: Come, place: Place) -> None:
    dana, lena, ravi = person(DANA), person(LENA), person(RAVI)
    document = place.document("understanding")
    dana.open(document).insert(0, FORMER)
    dana.replicas[document].flush()
    versions = f"/patients/{place.patient}/history/versions"
    assert dana.post(versions, label="Before", reason="To go back to") == 303
    hers, theirs = lena.open(document), ravi.open(document)
    eventually(lambda: hers.text == theirs.text == FORMER)
    start = FORMER.index("Sleep")
    hers.delete(start, start + len("Sleep is short, mood lower since October."))
    hers.insert(start, "Nothing else matters.")
    hers.flush()
    eventually(lambda: theirs.text == dana.replicas[document].text == LATER)
    path, fields = form(page(dana), "restorations")
    fields["section"] = "understanding"
    halted = threading.Event()

    def typing(who: Person, at: Callable[[str], int], letters: str) -> None:
        replica = who.replicas[document]
        for letter in letters:
            replica.insert(at, letter)
            replica.flush()
            halted.wait(0.02)

    words = {lena: "walks again 日本", ravi: "and sleeps 😀 well"}
    places: dict[Person, Callable[[str], int]] = {
        lena: lambda _text: 0,
        ravi: lambda text: text.index("adds to it") + len("adds to it"),
    }
    threads = [threading.Thread(target=typing, args=(who, places[who], typed)) for who, typed in words.items()]
    for thread in threads:
        thread.start()
    assert dana.post(path, **fields, reason="Too hasty") == 303
    for thread in threads:
        thread.join(60)

    def everyone() -> set[str]:
        return {who.replicas[document].text for who in (dana, lena, ravi)}

    typed = (words[lena][::-1], words[ravi][::-1])
    restored = typed[0] + FORMER.replace("adds to it", f"adds to it{typed[1]}")
    eventually(lambda: everyone() == {restored})
    path, fields = form(page(dana), "withdrawals")
    assert dana.post(path, **fields) == 303
    eventually(lambda: everyone() == {typed[0] + LATER.replace("adds to it", f"adds to it{typed[1]}")})
    assert dana.post(path, **fields) == 422
