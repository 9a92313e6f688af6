"""Passwords: what is refused, how they are changed and reset, and what ends with the old one."""

import threading
import time

import pytest

from tests.workspace.accounts.conftest import DEVICE, PASSWORD, MovedClock, Town
from workspace.accounts.domain import authentication, passwords
from workspace.accounts.domain.credentials import ApiTokenService
from workspace.accounts.domain.passwords import password_objection
from workspace.core.errors import Invalid, LinkSpent, SignInRefused, TooBusy

OTHER = "seven grey cranes at dawn"
ABOUT = ("Ana Ruiz", "ana.ruiz@example.org")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "too_short"),
        ("elevenchars", "too_short"),
        ("x" * 1025, "too_long"),
        ("x" * 100_000, "too_long"),
        ("aaaaaaaaaaaa", "too_plain"),
        ("abcabcabcabcabc", "too_plain"),
        ("qwertyuiopasdf", "too_plain"),
        ("1qaz2wsx3edc4rfv", "too_plain"),
        ("poiuytrewq4321", "too_plain"),
        ("839174820173", "too_plain"),
        ("Password2024!", "too_common"),
        ("P@ssw0rd1234", "too_common"),
        ("iloveyouforever", "too_common"),
        ("Il0v3y0u2024!", "too_common"),
        ("Contraseña1234", "too_common"),
        ("motdepasse2026", "too_common"),
        ("realmadrid2026", "too_common"),
        ("letmein-letmein", "too_common"),
        ("Bienvenido_2027", "too_common"),
        ("ana-ruiz-2026!", "about_you"),
        ("RuizRuizRuiz1", "about_you"),
        ("Declaration2026", "about_you"),
        ("foro-workspace", "about_you"),
    ],
)
def test_what_a_guesser_tries_first_is_refused(password: str, reason: str):
    with pytest.raises(Invalid) as refused:
        passwords.ensure_good_password(password, about=ABOUT)
    assert refused.value.facts["reason"] == reason


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "correct horse battery staple",
        "las fuentes del pueblo cantan",
        "l’eau de la fontaine est claire",
        "ana mends bicycles on sundays",
        "xk4vj2mm8wq1",
        "水水山木火土金月日川田口",
        "x7" + "q9 zebra " * 100,
    ],
)
def test_what_a_guesser_does_not_try_first_is_taken(password: str):
    passwords.ensure_good_password(password, about=ABOUT)


def test_the_well_known_ones_are_far_more_than_a_thousand():
    words = ("password", "welcome", "dragon", "football", "contraseña", "motdepasse", "sunshine", "iloveyou")
    endings = [f"{year}" for year in range(1950, 2030)] + ["1234", "12345", "123456!", "!!!!"]
    made = {word + ending for word in words for ending in endings if len(word + ending) >= 12}
    made |= {one + other for one in words for other in words if len(one + other) >= 12}

    assert len(made) > 500
    assert {password_objection(one, about=()) for one in made} <= {"too_common", "too_plain"}


@pytest.mark.usefixtures("promised_costs")
def test_the_hash_is_argon2id_with_the_promised_costs(town: Town):
    assert town.encoded.startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_the_same_characters_typed_on_another_system_are_the_same_password():
    encoded = passwords.hash_password("el niño pequeño canta")

    assert passwords.verify_password(encoded, "el nin\u0303o peque\u006e\u0303o canta")
    assert not passwords.verify_password(encoded, "el nino pequeno canta")
    assert not passwords.verify_password("not a hash", "el niño pequeño canta")


def test_what_follows_the_longest_password_is_not_ignored():
    longest = "ab cd ef " * 113 + "1234567"
    encoded = passwords.hash_password(longest)

    assert len(longest) == 1024
    assert passwords.verify_password(encoded, longest)
    assert not passwords.verify_password(encoded, longest + "x")


def test_at_most_two_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    begun, let_go = threading.Barrier(3), threading.Event()

    def hold() -> None:
        with passwords._HashingSlot():
            begun.wait(5)
            let_go.wait(5)

    holders = [threading.Thread(target=hold) for _ in range(2)]
    for holder in holders:
        holder.start()
    begun.wait(5)
    with pytest.raises(TooBusy) as refused:
        passwords.hash_password(PASSWORD)
    let_go.set()
    for holder in holders:
        holder.join()

    assert refused.value.code == "accounts.too_busy"
    assert passwords.verify_password(passwords.hash_password(PASSWORD), PASSWORD)


@pytest.mark.usefixtures("promised_costs")
def test_many_who_sign_in_at_once_are_all_let_in(town: Town):
    town.person()
    let_in: list[bool] = []
    threads = [threading.Thread(target=lambda: let_in.append(town.sign_in().is_full)) for _ in range(6)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert let_in == [True] * 6


def test_a_changed_password_ends_every_other_sign_in_token_and_link(town: Town):
    ana = town.person()
    here, there = town.sign_in(), town.sign_in()
    with town.store.writing() as db:
        token = ApiTokenService(db).create(actor=ana, name="Calendar", is_read_only=True).token
    authentication.send_sign_in_link(town.store, email="ana@example.org", language="en")

    new = authentication.change_password(town.store, actor=ana, current=PASSWORD, password=OTHER, device=DEVICE)

    assert [town.is_good(one) for one in (here, there, token, new)] == [False, False, False, True]
    with pytest.raises(LinkSpent):
        authentication.sign_in_by_link(town.store, token=town.link("sign_in_link"), device=DEVICE)
    assert town.letters("security_notice")[-1]["what"] == "password_changed"
    with pytest.raises(SignInRefused):
        town.sign_in()
    assert town.sign_in(password=OTHER).is_full


def test_a_password_is_changed_only_by_whoever_knows_the_present_one(town: Town):
    ana = town.person()
    here = town.sign_in()

    with pytest.raises(Invalid) as refused:
        authentication.change_password(town.store, actor=ana, current="not this one", password=OTHER, device=DEVICE)

    assert refused.value.facts == {"field": "current", "reason": "wrong_password"}
    assert town.is_good(here)


def test_a_password_that_is_changed_while_it_is_being_checked_opens_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
):
    ana = town.person()
    check = passwords.verify_password

    def checked_and_overtaken(encoded: str | None, password: str) -> bool:
        monkeypatch.setattr(passwords, "verify_password", check)
        authentication.change_password(town.store, actor=ana, current=PASSWORD, password=OTHER, device=DEVICE)
        return check(encoded, password)

    monkeypatch.setattr(passwords, "verify_password", checked_and_overtaken)

    with pytest.raises(SignInRefused):
        town.sign_in()


def test_a_forgotten_password_is_set_anew_with_the_link_of_a_letter(town: Town):
    town.person()
    before = town.sign_in()
    authentication.send_password_reset(town.store, email="ana@example.org", language="es")
    assert town.letters("password_reset")[0]["path"].startswith("/es/password/")
    token = town.link("password_reset")

    after = authentication.reset_password(town.store, token=token, password=OTHER, device=DEVICE)

    assert (town.is_good(before), town.is_good(after)) == (False, True)
    assert town.sign_in(password=OTHER).is_full
    with pytest.raises(LinkSpent):
        authentication.reset_password(town.store, token=token, password="a third one, quite long", device=DEVICE)


def test_a_password_that_is_refused_does_not_spend_the_link(town: Town):
    town.person()
    authentication.send_password_reset(town.store, email="ana@example.org", language="en")
    token = town.link("password_reset")
    with pytest.raises(Invalid):
        authentication.reset_password(town.store, token=token, password="short", device=DEVICE)

    assert authentication.reset_password(town.store, token=token, password=OTHER, device=DEVICE).is_full


def test_a_link_for_a_new_password_is_good_for_an_hour(town: Town, moved_clock: MovedClock):
    town.person()
    authentication.send_password_reset(town.store, email="ana@example.org", language="en")
    moved_clock.forward(minutes=61)

    with pytest.raises(LinkSpent):
        authentication.reset_password(town.store, token=town.link("password_reset"), password=OTHER, device=DEVICE)


@pytest.mark.parametrize("door", [authentication.send_password_reset, authentication.send_sign_in_link])
def test_an_unknown_address_gets_no_letter_and_the_same_answer(town: Town, door):
    begun = time.perf_counter()

    assert door(town.store, email="nobody@example.org", language="en") is None

    assert time.perf_counter() - begun >= authentication.STEADY
    assert town.letters("password_reset") == town.letters("sign_in_link") == []


@pytest.mark.usefixtures("promised_costs")
def test_of_two_uses_of_one_link_at_the_same_time_one_wins(any_town: Town):
    any_town.person()
    authentication.send_password_reset(any_town.store, email="ana@example.org", language="en")
    token = any_town.link("password_reset")
    outcomes: list[str] = []
    ready = threading.Barrier(4)

    def use(password: str) -> None:
        ready.wait(10)
        try:
            authentication.reset_password(any_town.store, token=token, password=password, device=DEVICE)
            outcomes.append("set")
        except LinkSpent:
            outcomes.append("spent")

    threads = [threading.Thread(target=use, args=(f"{OTHER} {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["set", "spent", "spent", "spent"]
    assert sum('"kind":"account.password_changed"' in line for line in any_town.logged()) == 1
