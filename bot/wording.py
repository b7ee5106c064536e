"""Every sentence and button the program itself says; scripts hold the rest.

Words in braces are filled in when they are said. Plain, short, kind: reading age 9 to 11.
"""


def _(words: str) -> str:
    """Marks words for the translators; bot.i18n gives them in the person's language."""
    return words


# How the bot introduces itself in Telegram; at most 120, 512 and 256 characters
ABOUT = _("Get ready for your talk, your way")
ABOUT_MORE = _("I ask a few friendly questions. You can skip any of them. You decide who sees what.")
COMMANDS = {
    "start": _("Begin, or carry on"),
    "help": _("Help, and numbers to call"),
    "answers": _("What I said"),
    "change": _("Change an answer"),
    "stop": _("Pause, stop or delete"),
    "privacy": _("Who sees what"),
}

# Buttons on every question
SKIP = _("Skip")
NOT_SURE = _("Not sure")
BACK = _("Back")
WHY = _("Why do you ask?")
HELP = _("Help")
EXAMPLE = _("Show an example")
CHANGE = _("Change an answer")
PAUSE = _("Pause")
PERSON = _("Talk to a person")
STOP = _("Stop")
CARRY_ON = _("Carry on")
KEEP_ANSWER = _("Keep this answer")
STOP_AND_KEEP = _("Stop, keep my answers")
STOP_AND_DELETE = _("Stop, delete everything")
WHAT_I_SAID = _("What I said")

# What the engine says
PART = _("{number} of {total}: {title}")
NO_WHY = _("It helps {key_contact} get your talk right for you.")
NO_EXAMPLE = _("I have no example for this one. Any answer is fine.")
EXAMPLES = _("Here is how some people answer:")
NOTHING_BEFORE = _("This is the first question. There is nothing to go back to.")
NOTHING_TO_CHANGE = _("You have not told me anything yet.")
WHICH_TO_CHANGE = _("Which answer would you like to change?")
YOU_SAID = _("You said: {words}")
NOW_IT_IS = _("I changed it. {label}: {words}")
PAUSED = _("That is fine. I keep your place. Tap Carry on when you are ready.")
WELCOME_BACK = _("Welcome back. This is where we were.")
WENT_BACK = _(
    "Something broke here. What you told me last may be lost. I am sorry. This is where we are now."
)
PERSON_COMING = _("I have told {key_contact} that you want to talk. This is not for emergencies.")
STOP_TITLE = _("Do you want to stop?")
STOP_CHOICE = _("You decide. You can pause, stop, or stop and delete everything you told me.")
STOPPED = _("We have stopped. Your answers are safe. You can carry on any time.")
ERASED = _(
    "Everything you told me is deleted. To begin again, ask for a new link. "
    "This chat stays on your phone until you delete it."
)
HELP_TITLE = _("Help")
HELP_WORDS = _("I am a computer program. {key_contact} is the person behind me.")
HELP_EMERGENCY = _("In an emergency call 999. If you feel unwell call NHS 111.")
EARLIER = _("That button is from an earlier question. Nothing has changed.")
GONE = _("That is no longer here. Nothing has changed.")
EARLIER_CHANGE = _("To change an earlier answer, tap Help, then Change an answer.")
ONLY_WORDS = _("I can only keep words here for now. Can you write it, or ask someone to?")
THANKS_THING = _("Thank you for sending that.")
EDITED = _("I cannot see changes to an old message. Tap Help, then Change an answer.")
EDITED_NOTE = _("I cannot see changes to an old message. Can you write it again?")
EMPTY = _("Can you write a few words? You can also tap Skip.")
PICK_BUTTON = _("Tap one of the buttons.")
PICK_ONE = _("Tap an answer, or type its number.")
TICK_SOME = _("Tap all that fit. Then tap Done.")
DONE = _("Done")
TICK_FIRST = _("Tap at least one, or tap Skip.")
MORE = _("More answers ({page})")
NOT_IN_LIST = _("I did not find “{words}” in the list.")
DID_YOU_MEAN = _("Did you mean one of these?")
KEEP_WORDS = _("Keep my words")
SEE_LIST = _("Show me the list")
SAY_MORE = _("Can you tell me a bit more?")
AND_WORDS = _("{label}: {words}")
SKIPPED = _("Skipped")
UNSURE = _("Not sure yet")
NOBODY = _("Nobody, just me")
THAT_IS_ALL = _("That is everyone")
SO_FAR = _("So far: {names}.")
ANYONE_ELSE = _("Is there anyone else? Type one name at a time.")
TYPE_A_NAME = _("Type one name at a time.")
TAKE_OFF = _("Take off {name}")
TOO_MANY = _("That is as many as I can keep. Tap That is everyone.")
TOO_LONG_NAME = _("That is long for a name. Can you type just the name?")
HOW_MANY = _("You wrote “{words}”. Is that one person or more?")
ONE_PERSON = _("One person")
MORE_PEOPLE = _("{count} people")
FACE_GOOD = _("Good 🙂")
FACE_MIXED = _("So-so 😐")
FACE_BAD = _("Not good 🙁")
GO_ON = _("OK, next")
YES = _("Yes, that is fine")
NO = _("No, not now")
NEED_CONSENT = _("Tap one of the two buttons. Both are fine. You can also talk to a person first.")
DECLINED = _("That is fine. I keep nothing. If you change your mind, just write to me.")
ALL_SHARED = _("No, nothing")
LET_ME_PICK = _("Yes, let me pick")
KEEP_FOR_ME = _("Tap each line you want to keep just for you. Then tap Done.")
JUST_FOR_YOU = _("{words} (just for you)")
READ_BACK = _("What you told me")
NOTHING_SENT = _("Nothing has been sent yet.")
LAST_TIME = _("Last time you said: {words}")
STILL_RIGHT = _("Is that still right?")
STILL_YES = _("Yes, still right")
STILL_NO = _("No, change it")
PART_RIGHT = _("Yes, that is right")
MORE_NOW_TITLE = _("More, if you like")
MORE_NOW = _("There is more we can do, if you like. What would you like to do?")
MORE_NOW_LABEL = _("More to do")
MORE_NOW_WHY = _("Some people like to do a bit more. You can also do it another day.")
MORE_NOW_NOTHING = _("Nothing more for now")
SHARE = _("Share with {key_contact}")
SHARE_CHANGES = _("Share the change")
NOT_NOW = _("Not now")
HELD_BACK = _("That is fine. Nothing has been sent. You can share it later.")
SHARED = _("Thank you. I am sending it to {key_contact} now. You can change your mind any time.")
AFTER = _("{key_contact} will agree a time with you. I will remind you the day before.")
END = _("That is everything for now.")
END_WRITE = _("To tell {key_contact} something, tap {button}.")
JUST_FOR_ME = _("Just for me")
NOTHING = _("Nothing")

# Words people type that mean one of the buttons above
ALSO = {
    SKIP: (_("/skip"), _("next"), _("pass")),
    NOT_SURE: (
        _("/notsure"),
        _("i am not sure"),
        _("idk"),
        _("dunno"),
        _("i'm not sure"),
        _("im not sure"),
        _("i dont know"),
        _("don't know"),
        _("i don't know"),
        _("dont know"),
        _("i do not know"),
    ),
    BACK: (_("/back"), _("go back"), _("previous")),
    WHY: (_("/why"), _("why"), _("why?"), _("why are you asking?")),
    HELP: (_("/help"), _("help me")),
    EXAMPLE: (_("/example"), _("example"), _("an example"), _("example?")),
    CHANGE: (_("/change"), _("change"), _("change answer"), _("change my answer")),
    PAUSE: (_("/pause"), _("wait"), _("later"), _("not now")),
    PERSON: (_("/person"), _("talk to someone"), _("call me"), _("can someone call me?")),
    STOP: (_("/stop"), _("stop it"), _("cancel")),
    CARRY_ON: (_("/continue"), _("continue"), _("go on"), _("hello"), _("hi"), _("i am back"), _("resume")),
    WHAT_I_SAID: (_("/answers"), _("show my answers"), _("my answers")),
}

# People joining
STRANGER = _("Hello. I help people get ready for a talk about their support. I need an invitation to start.")
STRANGER_HOW = _("Ask the person you are in touch with for a link. I show nothing without one.")
LINK_USED = _("This link has been used already. Ask for a new one.")
LINK_OLD = _("This link is too old. Ask for a new one.")
LINK_WRONG = _("I do not know this link. Ask for a new one.")
LINK_OWN = _("This is the link you made. Send it on: it still works.")
ALREADY_HERE = _("You are here already, so the link is not needed.")
HELLO_ADMIN = _("Hello {name}. You look after the questions here.")
ADMIN_CAN = _("Send me a script file to check it. You see scripts, never anyone's answers.")
HELLO_CONTACT = _("Hello {name}. You are a key contact. Invite the people you get ready with.")
CONTACT_CAN = _("When someone shares what they said, you get it here.")
INVITE_CONTACT = _("Invite a key contact")
INVITE_PERSON = _("Invite a person")
MY_PEOPLE = _("My people")
SCRIPTS = _("Scripts")
LINK_TITLE = _("A link for one person")
LINK_FOR_CONTACT = _("Send this link to the new key contact. It works once, for {days} days.")
LINK_FOR_PERSON = _("Send this link to the person. It works once, for {days} days.")
PERSON_JOINED = _("{name} has started getting ready.")
CONTACT_JOINED = _("{name} has joined as a key contact.")
NOBODY_YET = _("You have not invited anyone yet.")
NOT_FOR_YOU = _("I did not understand that. Here is what you can do.")

# The key contact and the person
STATUS_STARTED = _("Getting ready")
STATUS_SHARED = _("Has shared")
STATUS_STOPPED = _("Has stopped")
STATUS_DATE = _("Talk on {date}")
SUMMARY_TITLE = _("{name} has shared this with you")
SUMMARY_CHANGED = _("{name} has changed something")
WAS = _("{now} (before: {before})")
TAKEN_AWAY = _("No longer shared")
SUMMARY_NONE = _("{name} did not share any answers. You can write to them.")
I_HAVE_READ = _("I have read this")
READ_THANKS = _("Thank you. {name} will know.")
WAS_READ = _("{key_contact} has read what you shared.")
WRITE_BACK = _("Write to {name}")
WRITE_NOW = _("Write your message to {name}. I pass it on word for word.")
NEVER_MIND = _("Never mind")
NOTE_DROPPED = _("That is fine. Nothing was sent.")
NOTE_SENT = _("Thank you. I am passing it on to {name}.")
NOTE_TITLE = _("A message from {name}")
HELP_ASKED = _("{name} wants to talk to a person. Can you get in touch today?")
PERSON_STOPPED = _("{name} has stopped for now. If a date is set, ask them if it still suits.")
PERSON_ERASED = _("{name} has stopped and deleted everything. Delete what you kept, too.")
UNREACHABLE = _("I cannot reach {name} in this chat any more. Can you get in touch another way?")
STAFF_PRIVACY = _("You see only what people share with you. Telegram keeps a copy of this chat.")
NOT_ARRIVED = _("One of my messages to {name} did not arrive. Can you check with them?")
LATE_REMINDER = _("I could not remind {name} of the talk on {date} in time. Can you check with them?")
LATE_REMINDERS = _("I could not remind these people of their talks in time. Can you check with them?")
LATE_MORE = _("And {count} more. Tap {button} to see everyone.")

# Agreeing a date
SET_DATE = _("Set the date")
WHICH_DATE = _("When is the talk with {name}? Type a day and a time, such as 12 March 2pm.")
DATE_UNCLEAR = _("I could not read “{words}” as a day and a time. Try: 12 March 2pm.")
DATE_PAST = _("{date} is in the past. Which day do you mean?")
DATE_FAR = _("{date} is very far away. Which day do you mean?")
DATE_CHECK = _("The talk with {name} is on {date}. Is that right?")
DATE_YES = _("Yes, tell {name}")
DATE_NO = _("No, change it")
DATE_SET = _("It is set for {date}. I have told {name} and will remind them.")
DATE_TOLD = _("Your talk with {name} is on {date}.")
DATE_MOVED = _("Your talk with {name} has moved. It is now on {date}.")
DATE_WRONG = _("If that does not suit you, tap Talk to a person.")
DATE_GONE = _("That day has passed, or was changed. Tap Set the date to try again.")
DATE_LATER = _("If something comes up, change it here.")
CHANGE_DATE = _("Change the date")
CALL_OFF = _("Call it off")
CALLED_OFF = _("The talk on {date} is called off. I have told {name}.")
CALLED_OFF_TOLD = _("Your talk on {date} is called off. {name} will be in touch.")

# Reminders
IN_CASE = _("In case you missed it:")
NOT_SHOWN = _("A picture or a file belongs here. I cannot show it just now.")
REMIND_UNFINISHED = _("Hello {name}. You can carry on whenever you like. I kept your place.")
REMIND_TOMORROW = _("Hello {name}. Your talk with {key_contact} is tomorrow: {date}.")
REMIND_SOON = _("Hello {name}. Your talk with {key_contact} is soon: {date}.")
REMIND_CHANGE = _("If you need another time, tap Talk to a person.")

# The admin's scripts
SCRIPT_LIST = _("Scripts in use")
SCRIPT_VERSION = _("version {version}, since {date}")
SCRIPT_NONE = _("There is no script yet. Send me a file.")
SCRIPT_GOOD = _("“{title}” has no problems. It has {count} questions.")
SCRIPT_NOTHING_CHANGED = _("People still get the old one until you publish this.")
SCRIPT_BAD = _("I found something to mend in {name}. Nothing has changed.")
SCRIPT_MORE = _("And {count} more.")
SCRIPT_NOT_TEXT = _("This is not a script file. A script is a text file whose name ends in .yaml.")
SCRIPT_TOO_BIG = _("This file is too big for a script. The most is 256 KB.")
PREVIEW = _("Try it on my phone")
PUBLISH = _("Publish it")
PREVIEW_STARTS = _("This is a try-out. Nothing is kept, and nobody else sees it.")
PREVIEW_ENDS = _("The try-out is over. Nothing was kept.")
END_PREVIEW = _("End the try-out")
PUBLISHED = _("“{title}” is live now, as version {version}. The next person gets it.")
SCRIPT_OLDER = _("“{title}” is older than version {version}, which is in use now. Nothing has changed.")
SCRIPT_SEND_AGAIN = _("To go back to it, send the file again.")
PUBLISH_ANYWAY = _("Publish it anyway")
DEAD_LETTER = _("One message from {name} got stuck here. Can you check with them?")
COULD_NOT = _("Something went wrong on my side with your last message. Can you send it again?")

PRIVACY_TITLE = _("Your privacy")
PRIVACY = _(
    "I keep what you answer here so that {key_contact} can plan your talk. "
    "{key_contact} sees only what you share. Telegram keeps a copy of this chat. "
    "To delete everything, tap Help, then Stop."
)
