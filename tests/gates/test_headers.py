"""Every answer carries the policy; nothing personal is kept by any cache; every unsafe request needs its token."""

import re

from flask import Flask

from blueprints.gate import permission_of
from tests.access.test_matrix import address, base, rules, signed_in
from tests.access.world import worlds
from tests.personas import ADAM, DANA


def test_every_page_has_a_nonce_policy_and_is_stored_nowhere(app: Flask) -> None:
    maria, _ines = worlds(app)
    for persona in (DANA, ADAM):
        for rule, method in rules(app):
            if method != "GET":
                continue
            answer = signed_in(app, persona).get(address(app, rule, maria.ids), base_url=base(app))
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe-inline" not in policy, rule
            assert "unsafe-eval" not in policy, rule
            assert re.search(r"script-src 'self' 'nonce-[\w-]{20,}'", policy), rule
            assert answer.headers["Cache-Control"] == "no-store", rule
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            page = answer.get_data(as_text=True)
            nonce = re.search(r"'nonce-([\w-]+)'", policy)
            assert nonce is not None
            for tag in re.findall(r"<(?:script|style)[^>]*>", page):
                assert "src=" in tag or f'nonce="{nonce[1]}"' in tag, (rule, tag)
            assert not re.search(r"<[^>]+ on\w+=", page), rule
            assert " style=" not in page, rule


def test_every_unsafe_request_without_its_token_is_refused_and_keeps_what_was_typed(app: Flask) -> None:
    maria, _ines = worlds(app)
    words = "words that somebody spent time on"
    for rule, method in rules(app):
        if method == "GET":
            continue
        persona = ADAM if (permission_of(app, rule.endpoint) or "").startswith("clinic:") else DANA
        client = signed_in(app, persona)
        answer = client.open(address(app, rule, maria.ids), method=method, base_url=base(app), data={"text": words})
        assert answer.status_code == 400, rule
        assert words in answer.get_data(as_text=True), rule
