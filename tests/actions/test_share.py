"""What passes between Ann and Ravi."""

from tests.town import Town


async def test_ravi_gets_what_ann_agreed_to_share_and_nothing_before(town: Town) -> None:
    await town.person()
    await town.answer_up_to("Annie")

    assert "Annie" not in town.everything_on("ravi")


async def test_the_summary_is_in_her_own_words_with_her_information_first(town: Town) -> None:
    await town.person()
    await town.share_everything(formats="large print", print_size="3", place="at my home", matters="My garden!")

    summary = town.newest("ravi")
    assert summary.text.startswith("Ann has shared this with you\nMy information: Large print\n")
    assert "What matters to me: My garden!" in summary.text
    assert [["I have read this"], ["Write to Ann"], ["Set the date"]] == summary.buttons
    assert "garden" not in town.everything_on("gil") + town.everything_on("zed")
