"""What a careful reader of the reminders was afraid of: one that holds by now, and was never planned."""

from tests.actions.test_remind_script import at, count, prepares, sets
from tests.town import Town

STILL_OPEN = """
  - id: still_open
    send: 1 day before appointment
    while: not finished
    text: Something is still open.
"""


async def test_what_is_open_again_once_the_date_is_set_is_reminded_of(town: Town) -> None:
    await prepares(town, STILL_OPEN)
    await sets(town, "12 March 2pm")
    await town.say("ann", "Change an answer")
    await town.press("ann", "Call me: Skipped")
    await town.until(at(11, 10, 1))

    assert count(town, "Something is still open.") == 1


async def test_what_is_finished_is_not(town: Town) -> None:
    await prepares(town, STILL_OPEN)
    await sets(town, "12 March 2pm")
    await town.until(at(11, 10, 1))

    assert count(town, "Something is still open.") == 0
