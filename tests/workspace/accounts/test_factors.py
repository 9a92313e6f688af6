"""The second factor: codes by telephone and on paper, and the roles that wait for it."""

from datetime import timedelta

import pyotp
import pytest

from tests.workspace.accounts.conftest import DEVICE, PASSWORD, MovedClock, Town
from workspace.accounts.domain import authentication, service
from workspace.accounts.domain.models import Account
from workspace.accounts.domain.service import SecondFactorService
from workspace.core import clock
from workspace.core.actor import OPERATOR, Actor, Role
from workspace.core.errors import CodeRefused, Invalid, NotEnrolled, SignInRefused


def code(secret: str, step: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * step))


@pytest.fixture
def enrolled(town: Town, moved_clock: MovedClock):
    """Ana with a second factor: who she is, its secret, her recovery codes; half a minute later."""

    def made(role: Role = Role.MEMBER) -> tuple[Actor, str, tuple[str, ...]]:
        ana, secret = town.person(role=role), service.new_secret()
        _, codes = authentication.enrol_factor(
            town.store, actor=ana, secret=secret, code=code(secret), password=PASSWORD, device=DEVICE
        )
        moved_clock.forward(seconds=30)
        return ana, secret, codes

    return made


def second_step(town: Town, token: str, given: str):
    return authentication.complete_second_step(town.store, token=token, code=given, device=DEVICE)


def test_enrolling_takes_a_code_and_gives_ten_recovery_codes_and_a_new_sign_in(town: Town):
    ana, secret = town.person(), service.new_secret()
    before = town.sign_in()

    issued, codes = authentication.enrol_factor(
        town.store, actor=ana, secret=secret, code=code(secret), password=PASSWORD, device=DEVICE
    )

    assert len(set(codes)) == 10
    assert (town.is_good(before), town.is_good(issued)) == (False, True)
    assert issued.is_full
    assert town.letters("security_notice")[-1]["what"] == "factor_added"
    with town.store.reading() as db:
        assert SecondFactorService(db).recovery_codes_left(ana.person_id) == 10


@pytest.mark.parametrize(
    ("given", "password", "refused"),
    [
        ("000000", PASSWORD, {"field": "code", "reason": "wrong_code"}),
        ("right", "not this one", {"field": "password", "reason": "wrong_password"}),
    ],
)
def test_enrolling_is_refused_without_the_password_and_a_code(town: Town, given: str, password: str, refused: dict):
    ana, secret = town.person(), service.new_secret()
    given = code(secret) if given == "right" else given

    with pytest.raises(Invalid) as error:
        authentication.enrol_factor(town.store, actor=ana, secret=secret, code=given, password=password, device=DEVICE)

    assert error.value.facts == refused
    assert town.sign_in().is_full


def test_a_weak_secret_is_not_taken(town: Town):
    ana = town.person()
    with pytest.raises(Invalid, match="invalid"):
        authentication.enrol_factor(
            town.store, actor=ana, secret="A" * 24, code=code("A" * 24), password=PASSWORD, device=DEVICE
        )


def test_with_a_factor_a_password_opens_only_half_the_door(town: Town, enrolled):
    _, secret, _ = enrolled()

    half = town.sign_in()

    found = authentication.authenticate(town.store, half.token)
    assert not half.is_full
    assert found is not None
    assert (found.is_full, found.actor.person_id) == (False, None)
    whole = second_step(town, half.token, code(secret))
    assert whole.is_full
    assert whole.token != half.token
    assert (town.is_good(half), town.is_good(whole)) == (False, True)


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_a_code_of_the_neighbouring_half_minute_is_taken(town: Town, enrolled, moved_clock: MovedClock, step: int):
    _, secret, _ = enrolled()
    moved_clock.forward(minutes=2)

    assert second_step(town, town.sign_in().token, code(secret, step)).is_full


@pytest.mark.parametrize("step", [-2, 2])
def test_an_older_or_later_code_is_not(town: Town, enrolled, moved_clock: MovedClock, step: int):
    _, secret, _ = enrolled()
    moved_clock.forward(minutes=2)

    with pytest.raises(CodeRefused):
        second_step(town, town.sign_in().token, code(secret, step))


def test_a_code_works_once(town: Town, enrolled):
    _, secret, _ = enrolled()
    used = code(secret)
    second_step(town, town.sign_in().token, used)

    with pytest.raises(CodeRefused):
        second_step(town, town.sign_in().token, used)


def test_an_earlier_code_than_the_last_one_used_does_not_work_either(town: Town, enrolled, moved_clock: MovedClock):
    _, secret, _ = enrolled()
    moved_clock.forward(minutes=2)
    second_step(town, town.sign_in().token, code(secret, 1))

    with pytest.raises(CodeRefused):
        second_step(town, town.sign_in().token, code(secret))


def test_after_five_wrong_codes_one_has_to_begin_again(town: Town, enrolled):
    _, secret, _ = enrolled()
    half = town.sign_in()
    left = []
    for _ in range(5):
        with pytest.raises(CodeRefused) as refused:
            second_step(town, half.token, "000000")
        left.append(refused.value.facts["left"])

    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(SignInRefused):
        second_step(town, half.token, code(secret))


def test_half_a_sign_in_lasts_ten_minutes(town: Town, enrolled, moved_clock: MovedClock):
    _, secret, _ = enrolled()
    half = town.sign_in()
    moved_clock.forward(minutes=11)

    with pytest.raises(SignInRefused):
        second_step(town, half.token, code(secret))


@pytest.mark.parametrize("given", ["", " ", "12345", "1234567", "abcdef", "１２３４５６", "\ud800", "0" * 100_000])
def test_what_is_no_code_is_refused(town: Town, enrolled, given: str):
    enrolled()
    with pytest.raises(CodeRefused):
        second_step(town, town.sign_in().token, given)


def test_a_recovery_code_works_once_however_it_is_typed_and_is_told_by_letter(town: Town, enrolled):
    ana, _, codes = enrolled()
    typed = codes[3].upper().replace("-", " ").replace("0", "O").replace("1", "l")

    assert second_step(town, town.sign_in().token, typed).is_full

    with pytest.raises(CodeRefused):
        second_step(town, town.sign_in().token, codes[3])
    with town.store.reading() as db:
        assert SecondFactorService(db).recovery_codes_left(ana.person_id) == 9
    assert town.letters("security_notice")[-1]["what"] == "recovery_code_used"


def test_new_recovery_codes_end_the_old_ones(town: Town, enrolled):
    ana, secret, old = enrolled()

    new = authentication.new_recovery_codes(town.store, actor=ana, code=code(secret))

    with pytest.raises(CodeRefused):
        second_step(town, town.sign_in().token, old[0])
    assert second_step(town, town.sign_in().token, new[0]).is_full


def test_somebody_elses_recovery_code_is_no_good(town: Town, enrolled):
    _, _, codes = enrolled()
    luc, secret = town.person("luc@example.org", name="Luc"), service.new_secret()
    authentication.enrol_factor(
        town.store, actor=luc, secret=secret, code=code(secret), password=PASSWORD, device=DEVICE
    )

    with pytest.raises(CodeRefused):
        second_step(town, town.sign_in("luc@example.org").token, codes[0])


def test_a_link_and_a_new_password_do_not_get_past_the_factor(town: Town, enrolled):
    enrolled()
    authentication.send_sign_in_link(town.store, email="ana@example.org", language="en")
    authentication.send_password_reset(town.store, email="ana@example.org", language="en")

    by_link = authentication.sign_in_by_link(town.store, token=town.link("sign_in_link"), device=DEVICE)
    by_reset = authentication.reset_password(
        town.store, token=town.link("password_reset"), password="seven grey cranes at dawn", device=DEVICE
    )

    assert (by_link.is_full, by_reset.is_full) == (False, False)


@pytest.mark.parametrize("role", [Role.CHAIR, Role.ADMIN])
def test_a_chair_or_administrator_without_a_factor_is_neither_until_they_enrol(town: Town, role: Role):
    boss, secret = town.person(role=role), service.new_secret()

    issued = town.sign_in()

    before = authentication.authenticate(town.store, issued.token)
    assert before is not None
    assert (issued.must_enrol, before.must_enrol, before.actor.mandates) == (True, True, ())
    enrolled, _ = authentication.enrol_factor(
        town.store, actor=before.actor, secret=secret, code=code(secret), password=PASSWORD, device=DEVICE
    )
    after = authentication.authenticate(town.store, enrolled.token)
    assert after is not None
    assert not after.must_enrol
    assert after.actor == boss


def test_other_roles_need_no_factor(town: Town):
    town.person(role=Role.SECRETARIAT)

    assert not town.sign_in().must_enrol


def test_a_chair_cannot_do_without_the_factor_again(town: Town, enrolled):
    ana, secret, _ = enrolled(Role.CHAIR)

    with pytest.raises(NotEnrolled):
        authentication.remove_factor(town.store, actor=ana, password=PASSWORD, code=code(secret), device=DEVICE)


def test_others_can_and_everything_else_ends(town: Town, enrolled):
    ana, secret, _ = enrolled()
    before = second_step(town, town.sign_in().token, code(secret))

    with pytest.raises(Invalid):
        authentication.remove_factor(town.store, actor=ana, password=PASSWORD, code="000000", device=DEVICE)
    after = authentication.remove_factor(town.store, actor=ana, password=PASSWORD, code=code(secret, 1), device=DEVICE)

    assert (town.is_good(before), town.is_good(after)) == (False, True)
    assert town.sign_in().is_full


def test_the_operator_takes_off_the_factor_of_somebody_who_lost_everything(town: Town, enrolled):
    ana, _, codes = enrolled()

    with town.store.writing() as db:
        SecondFactorService(db).reset(db.get_one(Account, ana.person_id), actor=OPERATOR)

    assert town.sign_in().is_full
    assert codes[0] not in "".join(town.logged())


def test_neither_secret_nor_codes_are_in_the_log_or_in_letters(town: Town, enrolled):
    _, secret, codes = enrolled()

    told = "".join(town.logged()) + str(town.letters("security_notice"))

    assert secret not in told
    assert not any(one in told for one in codes)
