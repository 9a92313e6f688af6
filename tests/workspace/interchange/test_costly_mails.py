"""Mails that are made to cost much: each is refused, or read, for a small part of what a server can bear."""

import time

import pytest

from workspace.core.errors import BadFile
from workspace.interchange.intake.mail_reader.message import parse_message
from workspace.interchange.intake.mail_reader.requests import mail_requests

HEAD = b"From: Ana <ana@town.example>\r\nSubject: Amendments\r\nMessage-ID: <a@b>\r\nMIME-Version: 1.0\r\n"
MOST = 4.0  # seconds of work; a hundredth of it is usual, and the first mail makes the patterns for all


def multipart(parts: int) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=xx\r\n\r\n" + b"--xx\r\n\r\nhi\r\n" * parts + b"--xx--\r\n"


def inside_one_another(depth: int) -> bytes:
    opened = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(depth)
    )
    return HEAD + b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n" + opened


def html(body: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + body


@pytest.mark.parametrize(
    ("mail", "reason"),
    [
        (multipart(100_000), "too_many_members"),
        (inside_one_another(1_000), "too_deep"),
        (HEAD + b"\r\n" + b"\n" * 900_000, "too_many_lines"),
        (HEAD + b"X-Mailer: a\r\n" * 20_000 + b"\r\nHello", "too_costly"),
        (b"Message-ID: <a>\r\nFrom: " + b"(" * 90_000 + b"\r\n\r\nHello", "too_costly"),
        (html(b"<" * 800_000), "too_costly"),
        (html(b"<blockquote>" * 90_000 + b"</x>" * 90_000), "too_costly"),
        (b"word " * 200_000, "too_many_letters"),
    ],
    ids=["parts", "depth", "lines", "headers", "one header", "html", "quotations", "words"],
)
def test_a_mail_of_more_than_anybody_writes_is_refused_at_once(mail, reason):
    before = time.process_time()
    with pytest.raises(BadFile) as refused:
        parse_message(mail, source="mail.eml")

    assert refused.value.facts["reason"] == reason
    assert refused.value.facts["source"] == "mail.eml"
    assert time.process_time() - before < MOST


@pytest.mark.parametrize(
    "mail",
    [
        b"a:\r\n" * 350 + b"x",
        b"Message-ID: <a>\r\nFrom: ' ' : - ' : x, ;\r\n\r\nHello",
        html(b"<!--" * 100_000),
        html(b"<a '" * 100_000),
        html(b"<script>" * 100_000),
    ],
    ids=["short headers", "a group without an address", "comments", "attributes", "scripts"],
)
def test_a_mail_that_is_none_is_read_for_what_it_says_and_costs_little(mail):
    before = time.process_time()
    parse_message(mail)
    assert time.process_time() - before < MOST


@pytest.mark.parametrize("words", ["line ) ", "in 1 ", "here ( ", "de la, "])
def test_words_that_say_nothing_cost_little_however_often_they_are_said(words):
    before = time.process_time()
    assert mail_requests(words * 200).requests == ()
    assert time.process_time() - before < MOST


def test_the_html_of_an_office_is_read_without_its_styles_and_comments():
    said = parse_message(
        html(
            b"<html><head><title>t</title><style>p > a { color: red }</style></head><body><!-- <p>hidden</p> -->"
            b"<p class='MsoNormal'>In paragraph 6, if a &lt; b &amp; 3 < 4:</p><ul><li>replace \xc2\xaba\xc2\xbb</ul>"
            b'<div class="gmail_quote"><p>Earlier words</p></div></body></html>'
        )
    )

    assert said.said.split() == [
        "In",
        "paragraph",
        "6,",
        "if",
        "a",
        "<",
        "b",
        "&",
        "3",
        "<",
        "4:",
        "-",
        "replace",
        "«a»",
    ]
    assert "Earlier words" in said.apart[0]
