"""A worker in an evaluation of many minutes, for the test of how it leaves."""

import hashlib
import signal

import django

django.setup()

import django_rq  # noqa: E402

from transfer import leases  # noqa: E402
from transfer.leaving import in_hand, leave_in_time  # noqa: E402
from transfer.queue import PAINTING  # noqa: E402
from transfer.worker import Worker  # noqa: E402

worker = django_rq.get_worker(*PAINTING.queues, worker_class=Worker)
# As RQ's is while a job is being done: it notes the signal, and lets the job go on.
signal.signal(signal.SIGTERM, lambda *signal_and_frame: None)
worker.register_birth()
leave_in_time(worker)
lease = leases.claim_next(PAINTING, PAINTING.queues)
assert lease
with in_hand(lease):
    # One call of C's, as a backward pass is: no Python runs in this thread until it is over.
    hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)
