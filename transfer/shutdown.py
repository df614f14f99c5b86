"""Whether this worker process has been asked to stop; the job in hand looks here between two evaluations."""

import threading

shutting_down = threading.Event()
