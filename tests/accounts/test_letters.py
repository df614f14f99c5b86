"""Letters about finished paintings: whom they reach, in which language, and how they are stopped."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import django_rq
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import letters
from accounts.models import Letter, MailWish, User
from tests.factories import claimed, make_image, make_job
from transfer import leases, services
from transfer.jobs import finish
from transfer.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(ada: User) -> User:
    """Somebody who wants letters."""
    ada.mail_when_done = MailWish.LONG
    ada.save()
    return ada


def painted(owner: User, minutes: int = 10) -> Job:
    """A job that has just ended, so long after its submission."""
    job = make_job(owner)
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=minutes))
    finish(claimed(job), make_image(64, 48))
    return job


def sent() -> Any:
    letters.send_next()
    return mail.outbox[-1] if mail.outbox else None


def test_whoever_asked_for_it_is_written_to_when_a_long_job_is_done(writer: User) -> None:
    job = painted(writer)

    letter = sent()
    assert letter.to == ["ada@example.org"]
    assert "finished" in letter.subject
    assert job.get_absolute_url() in letter.body
    assert Letter.objects.count() == 0


def test_nobody_is_written_to_who_has_not_asked(ada: User) -> None:
    painted(ada)

    assert sent() is None


def test_a_short_job_is_not_worth_a_letter(writer: User) -> None:
    painted(writer, minutes=1)

    assert sent() is None


def test_a_failure_is_told_too_and_a_cancellation_is_not(writer: User) -> None:
    failing, cancelled = make_job(writer), make_job(writer)
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=10))
    leases.fail(claimed(failing), "memory", "")
    services.cancel_job(job=cancelled)

    assert "failed" in sent().subject
    assert Letter.objects.count() == 0


def test_the_letter_is_in_its_recipients_language(writer: User) -> None:
    User.objects.update(language="zh-hans")
    painted(writer)

    assert '<html lang="zh-hans"' in sent().alternatives[0].content


def test_the_letter_is_text_and_the_sites_own_design(writer: User) -> None:
    job = painted(writer)

    (html,) = sent().alternatives
    assert html.mimetype == "text/html"
    assert "Stylesite" in html.content
    assert f'href="http://localhost:8000{job.get_absolute_url()}"' in html.content


def test_it_waits_for_the_workers_that_send_webhooks(writer: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        painted(writer)

    assert "accounts.letters.send_next" in [job.func_name for job in django_rq.get_queue("webhooks").jobs]
    assert not mail.outbox


def test_one_click_stops_the_letters(writer: User, client: Client) -> None:
    painted(writer)
    address = re.search(r"http://localhost:8000(/accounts/letters/stop/\S+)", sent().body)
    assert address

    assert client.get(address[1]).status_code == 200

    writer.refresh_from_db()
    assert writer.mail_when_done == MailWish.NEVER


def test_a_mail_program_stops_them_without_a_page(writer: User) -> None:
    painted(writer)
    headers = sent().extra_headers
    address = headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    assert Client(enforce_csrf_checks=True).post(address).status_code == 200

    writer.refresh_from_db()
    assert writer.mail_when_done == MailWish.NEVER


def test_a_forged_address_stops_nobodys_letters(writer: User, client: Client) -> None:
    assert client.get("/accounts/letters/stop/MQ:forged/").status_code == 404

    writer.refresh_from_db()
    assert writer.mail_when_done == MailWish.LONG


def test_a_letter_that_waits_is_not_sent_once_they_are_stopped(writer: User) -> None:
    painted(writer)
    User.objects.update(mail_when_done=MailWish.NEVER)

    assert sent() is None
    assert Letter.objects.count() == 0


def test_where_the_mail_server_is_away_the_letter_is_tried_again_later(writer: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    painted(writer)

    letters.send_next()

    letter = Letter.objects.get()
    assert letter.attempts == 1
    assert letter.due_at > timezone.now() + timedelta(seconds=30)


def test_after_the_last_attempt_it_is_given_up(writer: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    painted(writer)
    Letter.objects.update(attempts=letters.ATTEMPTS_MAX - 1)

    letters.send_next()

    assert Letter.objects.count() == 0


def test_the_wish_is_chosen_on_a_page(ada: User, as_ada: Client) -> None:
    as_ada.post("/accounts/notifications/", {"mail_when_done": "long"})

    ada.refresh_from_db()
    assert ada.mail_when_done == "long"


def test_allauths_letters_wear_the_sites_design(client: Client, ada: User) -> None:
    client.post("/accounts/password/reset/", {"email": ada.email})

    (letter,) = mail.outbox
    assert "/accounts/password/reset/key/" in letter.body
    assert "#0b6b56" in letter.alternatives[0].content
