"""Nothing lost, nothing leaked: kills at random moments, faults of every kind, a review server under attack, a long haul under load, fuzzing, and the audio callback. One run.

TRUST_KILLS, TRUST_FAULTS, TRUST_FUZZ_SECONDS, TRUST_HOURS and TRUST_MINUTES make it shorter for a trial; the figures asked for are for 100, 10, 600, 3 and 10."""
import os
from common import figure
from of_trust import callback, faults, fuzzing, haul, kills, server

number = lambda name, usual: int(os.environ.get(name, usual))

figures = kills.measure(number("TRUST_KILLS", 100))
figures += faults.measure(number("TRUST_FAULTS", 10))
figures += server.measure()
figures += callback.measure()
# the fuzzers are the other load of the long haul, on every core
with fuzzing.running(number("TRUST_FUZZ_SECONDS", 600)) as fuzzed:
    figures += haul.measure(hours=number("TRUST_HOURS", 3), minutes=number("TRUST_MINUTES", 10))
    figures += fuzzed()

print()
for arguments in figures:
    figure(*arguments)
