"""Whole talks on PostgreSQL: the tests of the actions once more, a few of each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import pg
from tests.actions.test_arrange import (  # noqa: F401 - they are collected here too
    test_both_know_once_he_says_yes,
)
from tests.actions.test_forget import (  # noqa: F401
    test_afterwards_she_is_a_stranger_and_can_be_invited_anew,
    test_stopping_keeps_her_answers_and_she_can_carry_on,
)
from tests.actions.test_invite import (  # noqa: F401
    test_only_one_of_two_people_gets_in_with_one_link_at_the_same_moment,
)
from tests.actions.test_publish import (  # noqa: F401
    test_someone_in_the_middle_goes_on_and_is_asked_nothing_twice,
)
from tests.actions.test_remind import (  # noqa: F401
    test_someone_who_blocked_the_bot_is_not_reminded_and_ravi_knows,
    test_the_day_before_she_hears_that_it_is_tomorrow,
)
from tests.actions.test_share import (  # noqa: F401
    test_the_summary_is_in_her_own_words_with_her_information_first,
    test_they_write_to_each_other_without_seeing_a_number_or_a_chat,
)
from tests.test_restart import (  # noqa: F401
    test_ravis_note_and_her_answer_while_it_was_down_do_not_mix,
)
from tests.town import Town


@pytest.fixture
async def town(tmp_path: Path, server: pg.Server) -> AsyncIterator[Town]:
    """The same bot and the same five phones, on a server."""
    async with Town(tmp_path, url=server.fresh()).open() as opened:
        yield opened
        assert opened.sandbox.problems == []
        assert opened.sandbox.unanswered() == []
        assert await opened.failed_updates() == []
