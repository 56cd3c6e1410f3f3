"""What every command warms up first, done by importing this: children are forked from there."""

from __future__ import annotations

from service.answerer import warm_up

warm_up()
