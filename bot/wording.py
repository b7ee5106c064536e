"""Every sentence and button the program itself says; scripts hold the rest.

Words in braces are filled in when they are said. Plain, short, kind: reading age 9 to 11.
"""


def _(words: str) -> str:
    """Marks words for the translators; bot.i18n gives them in the person's language."""
    return words


# How the bot introduces itself in Telegram; at most 120, 512 and 256 characters
ABOUT_SHORT = _("Get ready for your talk, your way")
ABOUT_MORE = _("I ask a few friendly questions. You can skip any of them. You decide who sees what.")
COMMANDS = {
    "start": _("Begin, or carry on"),
    "help": _("Help, and numbers to call"),
    "ask": _("Ask a question"),
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
EASIER = _("Easier words")
TIP = _("A tip for my helper")
ABOUT = _("What is this about?")
ASK = _("Ask a question")
CHANGE = _("Change an answer")
PAUSE = _("Pause")
PERSON = _("Talk to a person")
STOP = _("Stop")
CARRY_ON = _("Carry on")
KEEP_ANSWER = _("Keep this answer")
STOP_AND_KEEP = _("Stop, keep my answers")
STOP_AND_DELETE = _("Stop, delete everything")
DELETE_YES = _("Yes, delete it all")
WHAT_I_SAID = _("What I said")

# What the engine says
PART = _("{number} of {total}: {title}")
NO_WHY = _("It helps {key_contact} get your talk right for you.")
NO_EXAMPLE = _("I have no example for this one. Any answer is fine.")
EXAMPLES = _("Here is how some people answer:")
NO_EASIER = _("I have no easier words for this one. {key_contact} can help: tap Talk to a person.")
TIP_FOR_HELPER = _("A tip for your helper: {tip}")
NO_TIP = _("I have no tip for this one. Take your time together.")
ASK_NOW = _("What would you like to know? If I have no answer, I will ask {key_contact}.")
NOTHING_BEFORE = _("This is the first question. There is nothing to go back to.")
NOTHING_TO_CHANGE = _("You have not told me anything yet.")
WHICH_TO_CHANGE = _("Which answer would you like to change?")
WHICH_PART = _("Which part is it in? Then I will show you its answers.")
YOU_SAID = _("You said: {words}")
NOW_IT_IS = _("I changed it. {label}: {words}")
PAUSED = _("That is fine. I will keep your place. Tap Carry on when you are ready.")
WELCOME_BACK = _("Welcome back. This is where we were.")
BACK_AT_THE_END = _("Welcome back. That is everything for now.")
BACK_ALL_SENT = _("Welcome back. That is everything for now. You shared it with {key_contact}.")
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
DELETE_SURE = _("This deletes everything you told me. Nobody can get it back. Delete it?")
HELP_TITLE = _("Help")
HELP_WORDS = _("I am a computer program. {key_contact} is the person behind me.")
HELP_EMERGENCY = _("In an emergency call 999. If you feel unwell call NHS 111.")
EARLIER = _("That button is from an earlier question. Nothing has changed.")
GONE = _("That is no longer here. Nothing has changed.")
CROSSED = _("We wrote at the same time. This is what I would like to know now.")
EARLIER_CHANGE = _("To change an earlier answer, tap Help, then Change an answer.")
ONLY_WORDS = _("I can only keep words here for now. Can you write it, or ask someone to?")
THANKS_THING = _("Thank you for sending that.")
ONLY_VOICE = _("I can keep words and voice messages here.")
ONLY_PHOTO = _("I can keep words and photos here.")
ONLY_BOTH = _("I can keep words, voice messages and photos here.")
ONLY_FILES = _("I can keep photos, files and words here.")
ONLY_PLACE = _("I can keep a place or words here.")
ONLY_CONTACT = _("I can keep a phone number, an email or words here.")
WORDS_WITHOUT = _("I kept your words, but not what you sent with them.")
OR_VOICE = _("You can also send a voice message.")
OR_PHOTO = _("You can also send a photo.")
OR_BOTH = _("You can also send a voice message or a photo.")
KEPT_VOICE = _("Thank you. I have kept your voice message.")
KEPT_PHOTO = _("Thank you. I have kept your photo.")
KEPT_FILE = _("Thank you. I have kept your file.")
KEPT_BEFORE = _("I put it with your last answer: {label}.")
A_VOICE = _("a voice message")
VOICES = _("{count} voice messages")
A_PHOTO = _("a photo")
PHOTOS = _("{count} photos")
A_FILE = _("a file")
FILES = _("{count} files")
AND = _(" and ")
WITH_THINGS = _("{words} (with {things})")
SEND_PHOTO = _("Send a photo or a file.")
ANOTHER = _("You can send another one.")
ANOTHER_OR_WORDS = _("You can send another one, or write a few words about it.")
ALL_SENT = _("That is all")
ONLY_THESE_WORDS = _("You wrote “{words}”. You can send a photo now, or keep just your words.")
SEND_PLACE = _("Send where I am")
SEND_PLACE_HOW = _("This phone cannot send where you are. You can type the place.")
TYPE_A_PLACE = _("You can also type a place, or send one from the map.")
A_PLACE = _("A place on the map ({point})")
SEND_NUMBER = _("Send my number")
SEND_NUMBER_HOW = _("This phone cannot send your number. You can type it.")
TYPE_A_CONTACT = _("Type a phone number or an email. You can also send a contact.")
ODD_PHONE = _("Is “{words}” a whole phone number?")
ODD_EMAIL = _("Is “{words}” an email address?")
TYPE_AGAIN = _("If not, type it again.")
ODD_YES = _("Yes, it is")
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
YES_TYPED = _("yes, y, yep, yeah, yes please, yes that one, that one, yes i did, i did")
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
TYPE_ONE = _("Type one at a time.")
ONE_MORE = _("Is there one more? Type one at a time.")
NOTHING_ELSE = _("That is all")
HOW_MANY_THINGS = _("You wrote “{words}”. Is that one thing or more?")
ONE_THING = _("One thing")
MORE_THINGS = _("{count} things")
TOO_MANY_THINGS = _("That is as many as I can keep. Tap That is all.")
TOO_LONG_THING = _("That is long for a list. Can you say it in a few words?")
TAKE_OFF = _("Take off {name}")
TOO_MANY = _("That is as many as I can keep. Tap That is everyone.")
TOO_LONG_NAME = _("That is long for a name. Can you type just the name?")
HOW_MANY = _("You wrote “{words}”. Is that one person or more?")
ONE_PERSON = _("One person")
KNOWN_FAMILY = _("Family")
KNOWN_FRIEND = _("A friend")
KNOWN_PAID = _("Paid to support me")
KNOWN_SKIP = _("Skip this")
KNOWN_TYPE = _("Tap one, or type your own words.")
NAME_AND_KNOWN = _("{name} ({known})")
CHANGE_NAME = _("Change {name}")
CHANGE_WHAT = _("{name}: what is right? Type the right name, or tap a button.")
CHANGE_KNOWN = _("How I know {name}")
CHANGE_NOTHING = _("It is right as it is")
CHANGE_TO = _("change {name} to {new}")
TOO_LONG_KNOWN = _("That is long. Can you say it in a few words?")
MINE = _("my, our")
WHO_PEOPLE_ARE = _(
    "brother, sister, mother, father, son, daughter, husband, wife, partner, boyfriend, girlfriend, friend, "
    "cousin, nephew, niece, uncle, aunt, grandson, granddaughter, neighbour, support, worker, social, key, "
    "carer, helper, nurse, doctor, gp, advocate, housemate, best, old, big, little, twin, family"
)
WHO_PEOPLE_ARE_CALLED = _("mum, mam, mom, dad, gran, nan, nana, grandma, grandad, auntie, aunty")
BEFORE_A_NAME = _("and, also, maybe, perhaps, probably, just, only, with")
NO_END_OF_A_NAME = _("not, and, or, but, with, like, want, bring, ask, invite, than, except")
LEADS_TO_PEOPLE = _(
    "i want, i would like, i'd like, id like, can i have, can i bring, could i bring, i will bring, "
    "i'll bring, i want to bring, i would like to bring, i'd like to bring, bring, invite, i want to invite"
)
AFTER_PEOPLE = _(
    "to come, to be there, to come along, to join, to join us, with me, please, too, as well, there"
)
THEY_ARE = _("he's, he is, she's, she is, they're, they are, that's, that is")
LEADS_TO_A_NAME = _(
    "just, please, call me, you can call me, could you call me, can you call me, my name is, my name's, "
    "name is, i am called, i'm called, i like, i prefer, i'd like, i would like, i want, to be called, "
    "to be known as, being called, you to call me, i am, i'm, im, it's, its"
)
ENDS_A_NAME = _("please, pls, not, thanks, thank, or, but, if, is fine, is ok, will do")
NOT_CALLED = _(
    "anything, whatever, any, you choose, you decide, you pick, i don't mind, i dont mind, don't mind, "
    "dont mind, not bothered, not fussed, i'm easy, easy, what you like, whatever you like, "
    "anything you like, my name, my first name, first name, by my name, by my first name, "
    "same, the same, as usual, the usual, yes, no, ok, nothing, none, not, what, eh, huh, pardon"
)
MORE_PEOPLE = _("{count} people")
FACE_GOOD = _("Good 🙂")
FACE_MIXED = _("So-so 😐")
FACE_BAD = _("Not good 🙁")
GO_ON = _("OK, next")
NOT_KEPT_HERE = _("Nobody reads what you write just here. To ask something, tap Help.")
YES = _("Yes, that is fine")
NO = _("No, not now")
WHICH_MEANT = _("You wrote “{words}”. Which of the two do you mean?")
NEED_CONSENT = _("Tap one of the two buttons. Both are fine. You can also talk to a person first.")
DECLINED = _("That is fine. I will keep nothing of this. If you change your mind, just write to me.")
ALL_SHARED = _("No, nothing")
LET_ME_PICK = _("Yes, let me pick")
KEEP_FOR_ME = _("Tap each line you want to keep just for you. Then tap Done.")
KEEP_FROM_PARTS = _("Tap a part to see its lines. When you are ready, tap Done.")
KEEP_IN_PART = _("Tap each line you want to keep just for you. Then go back to the parts, or tap Done.")
PART_AND_KEPT = _("{part} ({count})")
BACK_TO_PARTS = _("Back to the parts")
TOLD_MORE = _("You have told me more since I asked.")
STAYS_FOR_ME = _("What you kept before stays just for you.")
JUST_FOR_YOU = _("{words} (just for you)")
HUSHED = _("Kept. I do not show it here.")
ONLY_THEY_SEE = _("{words} (only {key_contact} sees this)")
READ_BACK = _("What you told me")
NOTHING_SENT = _("Nothing has been sent yet.")
LAST_TIME = _("Last time you said: {words}")
STILL_RIGHT = _("Is that still right?")
STILL_YES = _("Yes, still right")
STILL_YES_TYPED = _("yes, still right, still the same, the same, same, no change")
STILL_NO_TYPED = _("no, change, change it, not any more, not now")
STILL_NO = _("No, change it")
PART_RIGHT = _("Yes, that is right")
MORE_NOW_TITLE = _("More, if you like")
MORE_NOW = _("There is more we can do. What would you like to do?")
MORE_NOW_LABEL = _("More to do")
MORE_NOW_WHY = _("Some people like to do a bit more. You can also do it another day.")
MORE_NOW_NOTHING = _("Nothing more for now")
SHARE = _("Share with {key_contact}")
SHARE_CHANGES = _("Share the change")
NOT_NOW = _("Not now")
HELD_BACK = _("That is fine. Nothing has been sent. You can share it later.")
HELD_CHANGES = _("That is fine. What is new has not been sent. You can share it later.")
SHARED = _("Thank you. I am sending it to {key_contact} now. You can change your mind any time.")
AFTER = _("{key_contact} will agree a time with you. I will tell you when it is set.")
END = _("That is everything for now.")
END_WRITE = _("To tell {key_contact} something, tap {button}.")
JUST_FOR_ME = _("Just for me")
NOTHING = _("Nothing")

# Words of which somebody may make an answer; none of them is taken for one without asking
ALMOST = (
    _("ok, okay, yes, yeah, yep, sure, fine, good, agree, alright, right, course, happy"),
    _("no, not, nope, never, nah, now, don't, dont, can't, cant, isn't, rather, mind, want, keep, like"),
    _("i, i'd, i'm, you, it, them, my, answers, that, that's, thats, is, of, to, do, with, please"),
    _("thanks, thank, then, go, ahead, on, all, may, can, would, be, guess, suppose, think, so, me, way"),
    _("either, any, whatever, up"),
)
FINE = _(
    "ok, okay, next, yes, yep, yeah, fine, good, great, cool, sure, alright, right, thanks, thank, you, ta, "
    "cheers, go, on, start, ready, begin, understood, got, it, i, see, lovely, please, continue, that's, "
    "that, is"
)
A_YES = _("yes, yeah, yep, some, something, one")
NOT_TELL = _("don't, dont, keep, private, secret, hide, not")

# A week of days and parts of the day. In the lists, words with commas between them all mean the same
WEEK_DAYS = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
WEEK_SHORT = {
    "mon": _("Mon"),
    "tue": _("Tue"),
    "wed": _("Wed"),
    "thu": _("Thu"),
    "fri": _("Fri"),
    "sat": _("Sat"),
    "sun": _("Sun"),
}
WEEK_DAYS_TYPED = {
    "mon": _("mondays, mons"),
    "tue": _("tuesdays, tues"),
    "wed": _("wednesdays, weds"),
    "thu": _("thursdays, thur, thurs"),
    "fri": _("fridays, fris"),
    "sat": _("saturdays, sats"),
    "sun": _("sundays, suns"),
}
WEEK_PARTS = {"am": _("mornings"), "pm": _("afternoons"), "eve": _("evenings")}
WEEK_PARTS_SHORT = {"am": _("am"), "pm": _("pm"), "eve": _("eve")}
WEEK_PARTS_TYPED = {
    "am": _("morning, breakfast, breakfast time"),
    "pm": _("afternoon, pms"),
    "eve": _("evening, eves, night, nights, tonight, teatime, tea time"),
}
WEEK_GROUPS = {
    "work": _("weekday, weekdays, week day, week days, working days, work days"),
    "rest": _("weekend, weekends, week end, week ends"),
    "all": _("any day, every day, everyday, each day, daily, all days, all week, any days"),
    "all_day": _("all day, any time, anytime, any times, whole day, all times, whenever, all of the day"),
}
WEEK_WORDS = {
    "not": _(
        "not, no, neither, can't, cant, cannot, don't, dont, doesn't, doesnt, isn't, isnt, aren't, arent, "
        "won't, wont, wouldn't, wouldnt, couldn't, couldnt, shouldn't, unable, nothing, without, avoid"
    ),
    "never": _("never"),
    "bad": _(
        "bad, hard, difficult, impossible, worst, busy, hate, awkward, struggle, rubbish, terrible, awful, "
        "tricky, i work, i'm at work, at work, go to work, working, choir, church, dialysis, college, "
        "hospital, day centre, day center"
    ),
    "good": _(
        "good, fine, ok, okay, best, better, work, works, suit, suits, free, yes, prefer, like, great, "
        "no problem, don't mind, dont mind, not mind, wouldn't mind, wouldnt mind, couldn't be better, "
        "have nothing on, got nothing on, available"
    ),
    "but": _("but"),
    "except": _("except, except for, apart from, other than, but not, anything but, any but, not including"),
    "end": _("so"),
    "and": _("and, or, nor, plus"),
    "till": _("to, till, til, until, through"),
    "before": _("before, by, earlier than"),
    "after": _("after, from, later than, past, since"),
    "at": _("at, around, about"),
    "between": _("between"),
    "other": _(
        "not too, not very, not so, not sure, not only, not just, not always, but not too, but not very, "
        "but not so, but not always, but only, if it's not, if it is not, if i'm not, if i am not, "
        "after dialysis, after choir, after church, after college, after hospital, after the day centre"
    ),
    "noon": _("noon, midday, lunch, lunchtime, lunch time, lunchtimes"),
    "oclock": _("o'clock, oclock"),
}
WEEK_EXPLAINED = _("am is morning, pm is afternoon, eve is evening.")
WEEK_TYPE = _("You can also write it, such as Tuesday mornings.")
WEEK_TICK = _("Tap the times that suit you. For times that never suit, tap “Not then” first. Then tap Done.")
WEEK_TICK_NEVER = _("Now tap the times that never suit you. Then tap Done.")
WEEK_SLOT = _("{day} {part}")
WEEK_NO = _("no {slot}")
ANY_TIME = _("Any time")
NOT_THEN = _("Not then")
GOOD_TIMES = _("Good times")
DAYS_AND_PARTS = _("{days} {parts}")
DAYS_FROM_TO = _("{first} to {last}")
ALL_PARTS = _("all {parts}")
ALL_DAY = _("all day")
FIRST_AND_LAST = _("{first} and {last}")
TIMES_NOT = _("Not: {times}")
OWN_WORDS = _("Own words: “{words}”")
TICKED = _("I ticked these for you:")
IS_THAT_RIGHT = _("Is that right?")
THAT_IS_RIGHT = _("Yes, that is right")
CHANGE_TICKS = _("Change the ticks")
KEEP_ONLY_WORDS = _("Keep only my words")
NO_TIMES_FOUND = _("I could not find a day or a time in “{words}”.")
SHOW_DAYS = _("Show me the days")

# A day
MONTHS = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"),
    _("July"), _("August"), _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip
DAY_IN_WORDS = _("{weekday} {day} {month} {year}")
TOMORROW = _("Tomorrow")
IN_A_WEEK = _("In a week")
IN_TWO_WEEKS = _("In two weeks")
IN_A_MONTH = _("In a month")
TYPE_A_DAY = _("You can also type a day, such as 12 March.")
DAY_FOUND = _("I understood: {day}.")
DAY_PASSED = _("That day has passed already.")
WHICH_DAY = _("Which day do you mean by “{words}”?")
NO_DAY_FOUND = _("I could not find one day in “{words}”.")
ANOTHER_DAY = _("No, another day")
TRY_ANOTHER_DAY = _("Try another day")

# A number
TYPE_A_NUMBER = _("Type a number.")
TAP_A_NUMBER = _("Tap a number, or type it.")
NUMBER_BETWEEN = _("It can be from {least} to {most}.")
NUMBER_LEAST = _("It can be {least} or more.")
NUMBER_MOST = _("It can be {most} or less.")
NUMBER_AND_UNIT = _("{number} {unit}")
ONE_AND_UNIT = _("{number} ({unit})")
YOU_WROTE = _("You wrote “{words}”.")
WHICH_NUMBER = _("Which number fits “{words}” best?")
NO_NUMBER_FOUND = _("I could not find a number in “{words}”.")
ANOTHER_NUMBER = _("Another number")
NUMBERS = {
    0: _("zero, none, nobody, nil"), 1: _("one"), 2: _("two"), 3: _("three"), 4: _("four"), 5: _("five"),
    6: _("six"), 7: _("seven"), 8: _("eight"), 9: _("nine"), 10: _("ten"), 11: _("eleven"),
    12: _("twelve, a dozen"), 13: _("thirteen"), 14: _("fourteen"), 15: _("fifteen"), 16: _("sixteen"),
    17: _("seventeen"), 18: _("eighteen"), 19: _("nineteen"), 20: _("twenty"), 30: _("thirty"),
    40: _("forty, fourty"), 50: _("fifty"), 60: _("sixty"), 70: _("seventy"), 80: _("eighty"),
    90: _("ninety"), 100: _("hundred, a hundred, one hundred"), 0.5: _("half, a half"),
}  # fmt: skip
NUMBER_ABOUT = _("about, around, roughly, maybe, perhaps, nearly, almost, probably, i think, say, just")
NUMBER_HALF = _("and a half")

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
    EASIER: (_("/easy"), _("easier"), _("simpler"), _("simpler words"), _("i do not understand")),
    TIP: (_("/tip"), _("tip")),
    ABOUT: (_("/about"), _("what is this"), _("what's this about?"), _("what is this for?")),
    ASK: (_("/ask"), _("ask"), _("i have a question"), _("can i ask something?")),
    CHANGE: (_("/change"), _("change"), _("change answer"), _("change my answer")),
    PAUSE: (_("/pause"), _("wait"), _("later"), _("not now")),
    PERSON: (_("/person"), _("talk to someone"), _("call me"), _("can someone call me?")),
    STOP: (_("/stop"), _("stop it"), _("cancel")),
    CARRY_ON: (_("/continue"), _("continue"), _("go on"), _("hello"), _("hi"), _("i am back"), _("resume")),
    WHAT_I_SAID: (_("/answers"), _("show my answers"), _("my answers")),
}

# People joining
STRANGER = _("Hello. I help people get ready for a talk about their support. I need an invitation to start.")
STRANGER_HOW = _("Ask the person you are in touch with for a link. I cannot show anything without one.")
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
NOBODY_YET = _("Nobody is here just now. People you invite will be here when they open their link.")
NOT_FOR_YOU = _("I did not understand that. Here is what you can do.")

# The key contact and the person
STATUS_STARTED = _("Getting ready")
STATUS_SHARED = _("Has shared")
STATUS_STOPPED = _("Has stopped")
STATUS_DATE = _("Talk on {date}")
NAME_SINCE = _("{name} (since {date})")
SUMMARY_TITLE = _("{name} has shared this with you")
SUMMARY_CHANGED = _("{name} has changed something")
WAS = _("{now} (before: {before})")
TAKEN_AWAY = _("No longer shared")
FOR_YOU_ONLY = _("{words} (only for you)")
SUMMARY_NONE = _("{name} did not share any answers. You can write to them.")
I_HAVE_READ = _("I have read this")
READ_THANKS = _("Thank you. {name} will know.")
WAS_READ = _("{key_contact} has read what you shared.")
WRITE_BACK = _("Write to {name}")
WRITE_NOW = _("Write your message to {name}. I will pass it on word for word.")
WRITE_CROSSED = _(
    "I have not sent this. A message from someone else came first. Is this for {name}? Then send it again."
)
NEVER_MIND = _("Never mind")
NOTE_DROPPED = _("That is fine. Nothing was sent.")
NOTE_SENT = _("Thank you. I am passing it on to {name}.")
PASS_ON = _("You wrote “{words}”. Nobody has read it yet. Shall I pass it on to {name}?")
PASS_ON_YES = _("Yes, pass it on")
PASS_ON_NO = _("No, leave it")
PASS_ON_YES_TYPED = _("yes, y, yep, yeah, yes please, please, please do, ok, okay, sure, pass it on")
PASS_ON_NO_TYPED = _("no, n, nope, no thanks, no thank you, leave it, don't")
PASSED_ON_BEFORE = _("I passed it on to {name} already. Nothing new was sent.")
NOTE_TITLE = _("A message from {name}")
QUESTION_KNOWN = _("Here is what we say to that:")
QUESTION_HELPED = _("That helps")
QUESTION_PASS = _("Ask {name}")
QUESTION_GOOD = _("I am glad. Back to where we were.")
QUESTION_PASSED = _("I have no answer to that, so I have asked {name} for you.")
QUESTION_PASSED_ON = _("I have asked {name} for you.")
QUESTION_PROMISE = _("{key_contact} will answer here, on a working day.")
QUESTION_NOBODY = _("I have no answer to that, and there is nobody here to ask. I am sorry.")
QUESTION_TITLE = _("{name} asks you")
HELP_ASKED = _("{name} wants to talk to a person. Can you get in touch today?")
HELP_FROM_OTHERS = _("I cannot reach {name} just now. I have told someone else that you want to talk.")
NOT_BROUGHT = _("What you sent to {name} did not arrive. If it cannot wait, tap Talk to a person.")
PERSON_STOPPED = _("{name} has stopped for now. If a date is set, ask them if it still suits.")
PERSON_RESUMED = _("{name} is carrying on with the talk.")
PERSON_ERASED = _("{name} has stopped and deleted everything. Delete what you kept, too.")
PERSON_LEFT = _("{name} has stopped and deleted everything. To begin again, they need a new link.")
NOT_REMINDED = _("I will not remind {name} of the talk on {date} any more. Ask them if it still suits.")
UNREACHABLE = _("I cannot reach {name} in this chat any more. Can you get in touch another way?")
STAFF_PRIVACY = _("You see only what people share with you. Telegram keeps a copy of this chat.")
NOT_ARRIVED = _("One of my messages to {name} did not arrive. Can you check with them?")
LATE_REMINDER = _("I could not remind {name} of the talk on {date} in time. Can you check with them?")
LATE_REMINDERS = _("I could not remind these people of their talks in time. Can you check with them?")
LATE_MORE = _("And {count} more. Tap {button} to see everyone.")

# Asking more, and forms
ASK_MORE = _("Ask {name} more")
FIRST_TALK_BEEN = _("The first talk has happened")
FIRST_TALK_NOTED = _("Thank you. {name} will get a few more questions now.")
FIRST_TALK_LATER = _("Thank you. {name} has stopped for now. More questions will come when they carry on.")
FIRST_TALK_KNOWN = _("I know. {name} has the questions for after the first talk.")
AFTER_FIRST_TALK = _("You have had your first talk. Here are a few more questions, when you like.")
MORE_COMES = _("{key_contact} would like to get ready for something with you. It is called “{title}”.")
WHICH_MORE = _("What would you like to ask {name}?")
NOTHING_MORE_TO_ASK = _("There is nothing more to ask yet. Your admin can add something.")
STILL_BUSY = _("{name} is in the middle of a talk. You can ask more when it is done.")
HAS_STOPPED = _("{name} has stopped for now. Shall I ask if they want to carry on?")
ASK_CARRY_ON = _("Yes, ask {name}")
CARRY_ON_WISHED = _("{key_contact} asks if you want to carry on. You decide. I kept your place.")
CARRY_ON_ASKED = _("I have asked {name}. I will tell you when they carry on.")
MORE_SENT = _("Thank you. {name} will get the first question now.")
GIVEN_FIRST = _("First I need to know: {what}. An example: {example}")
GIVEN_TOO_LONG = _("That is a bit long. Can you say it in fewer words?")
FORMS = _("Forms")
WHICH_FORM = _("Which form would you like to fill in?")
FORM_BUSY = _("You are in the middle of a form. Finish it first, or stop it.")
FORM_PERSON = _("I have told an admin that you want to talk. This is not for emergencies.")
FORM_HELP = _("I am a computer program. An admin looks after me.")
NO_FORM = _("There is no form yet.")
FORM_KEEP = _("Keep it")
FORM_KEPT = _("Thank you. I have kept it. Nobody else sees it.")
FORM_HELD = _("That is fine. I have not marked it as done.")
FORM_DELETE_SURE = _("This deletes what you told me here. Nobody can get it back. Delete it?")
FORM_ERASED = _("What you told me here is deleted.")

# Agreeing a date
SET_DATE = _("Set the date")
WHICH_DATE = _("When is the talk with {name}? Type a day and a time, such as 12 March 2pm.")
DATE_UNCLEAR = _("I could not read “{words}” as a day and a time. Try: 12 March 2pm.")
DATE_PAST = _("{date} is in the past. Which day do you mean?")
DATE_FAR = _("{date} is very far away. Which day do you mean?")
DATE_CHECK = _("The talk with {name} is on {date}. Is that right?")
DATE_YES = _("Yes, tell {name}")
DATE_NO = _("No, change it")
DATE_YES_TYPED = _("yes, y, yep, that is right, that's right")
DATE_NO_TYPED = _("no, n, wrong")
DATE_SET = _("It is set for {date}. I have told {name}.")
DATE_KNOWN = _("It is set for {date} already. {name} was told then. Nothing new was sent.")
DATE_TOLD = _("Your talk with {name} is on {date}.")
DATE_MOVED = _("Your talk with {name} has moved. It is now on {date}.")
DATE_WRONG = _("If that does not suit you, tap Talk to a person.")
DATE_GONE = _("That day has passed, or was changed. Tap Set the date to try again.")
DATE_LATER = _("If something comes up, change it here.")
CHANGE_DATE = _("Change the date")
CALL_OFF = _("Call it off")
CALL_OFF_SURE = _("The talk with {name} is on {date}. Call it off?")
CALL_OFF_YES = _("Yes, call it off")
CALL_OFF_NO = _("No, keep it")
CALL_OFF_KEPT = _("That is fine. The talk stays on {date}.")
CALLED_OFF_KNOWN = _("It is called off already. Nothing new was sent.")
CALLED_OFF = _("The talk on {date} is called off. I have told {name}.")
DATE_AGAIN = _("You can set another date here.")
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
SCRIPTS_HOW = _("Sets come first, then single scripts. Tap one to open it.")
SCRIPTS_MORE = _("More ({page} of {pages})")
SCRIPTS_OF = _("The scripts of “{title}”")
SCRIPTS_OF_HOW = _("Tap one to open it. A change in it counts in every set that has it.")
SET_SCRIPTS = _("See its scripts")
SEND_FILE = _("Send me the file")
FILE_HOW = _("This is “{title}”. Change its words, and send it back here. I will check it first.")
SCRIPT_NONE = _("There is no script yet. Send me a file.")
SCRIPT_GOOD = _("“{title}” has no problems. It has {count} questions.")
SCRIPT_NOTHING_CHANGED = _("People still get the old one until you publish this.")
BOX_GOOD = _("“{title}” has no problems.")
SCRIPT_NEW = _("It is new. Nobody is asked it until a set has it, or a key contact sends it.")
BEGUN_BY_NOBODY = _("Nobody is in the middle of it.")
BEGUN_BY_ONE = _("1 person has begun it:")
BEGUN_BY_MANY = _("{count} people have begun it:")
NOTHING_NEW_ONE = _("1 sees nothing new")
NOTHING_NEW_MANY = _("{count} see nothing new")
ASKED_MORE_ONE = _("{people} will be asked 1 more question")
ASKED_MORE_MANY = _("{people} will be asked {count} more questions")
NOBODY_AGAIN = _("nobody is asked anything again")
LOST_BY_ONE = _("1 person answered “{question}”, which is gone. Their words are kept, and shown to nobody.")
LOST_BY_MANY = _(
    "{count} people answered “{question}”, which is gone. Their words are kept, and shown to nobody."
)
REWORDED_FOR_ONE = _("1 person answered when an answer was “{old}”. It will read “{new}”.")
REWORDED_FOR_MANY = _("{count} people answered when an answer was “{old}”. It will read “{new}”.")
HIDDEN_FOR_ONE = _(
    "1 person answered “{question}”, which they would not be asked now. Their words are kept, and not shown."
)
HIDDEN_FOR_MANY = _(
    "{count} people answered “{question}”, which they would not be asked now. "
    "Their words are kept, and not shown."
)
OPENED_FOR_ONE = _("1 person answered “{question}” when fewer people could see the answer.")
OPENED_FOR_MANY = _("{count} people answered “{question}” when fewer people could see the answer.")
SCRIPT_OF = _("“{title}” ({name})")
SCRIPT_MADE = _("since {date}, by {who}")
SCRIPT_MADE_UP = _("since {date}, from the folder")
SOMEBODY_GONE = _("somebody who has left")
VERSION_NUMBER = _("Version {version}")
GO_BACK_TO = _("Go back to version {version}")
WOULD_GO_BACK = _("This is version {version} of “{title}”. It would be in use again.")
SCRIPT_IN_USE = _("Version {version} of “{title}” is in use now. Nothing has changed.")
SCRIPT_BAD = _("I found something to mend in {name}. Nothing has changed.")
SCRIPT_MORE = _("And {count} more.")
SCRIPT_NOT_TEXT = _("This is not a script file. A script is a text file whose name ends in .yaml.")
SCRIPT_TOO_BIG = _("This file is too big for a script. The most is 256 KB.")
PREVIEW = _("Try it on my phone")
PUBLISH = _("Publish it")
PREVIEW_STARTS = _("This is a try-out. Nothing is kept, and nobody else sees it.")
PREVIEW_ENDS = _("The try-out is over. Nothing was kept.")
END_PREVIEW = _("End the try-out")
PUBLISHED = _("“{title}” is live now, as version {version}. The next person will get it.")
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
