"""Imported first by the process that others are forked from: Ctrl-C in a terminal reaches it too, and ends it.

While it imports what they need, which takes seconds, it would say so with a traceback. Afterwards it ignores Ctrl-C by
itself.
"""

import os
import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell may have said that it is to be ignored
    signal.signal(signal.SIGINT, lambda *_: os._exit(128 + signal.SIGINT))
