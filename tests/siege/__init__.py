"""An hour of trouble: random faults under load, repeated by their seed, exact at the end.

`python -m tests.siege --minutes 60 --seed 7 --stack embedded`; docs/siege.md says what it does and does not prove.
"""
