"""What each key of a script is for, in one line: for the guide in dialogs/ and for editors."""

SCRIPT = {
    "script": "the id of the script; it never changes",
    "title": "what people see as its name",
    "for": "whom it asks: person, attendee, supporter, practitioner, key_contact or team",
    "language": "the code of the language its words are in, such as en or cy",
    "given": "names of what is known before it begins, each with an example; write {name} in a text",
    "sections": "the questions, in groups",
    "reminders": "what is sent when somebody has stopped half way, or when the talk comes near",
}
SECTION = {
    "id": "the id of the section; it never changes",
    "title": "the heading people see",
    "for_each": "the id of a list; the section is asked for each on it",
    "questions": "the questions, in the order they are asked",
}
QUESTION = {
    "id": "how the answer is found again; it never changes and is never used for something else",
    "kind": "how it is asked",
    "ask": "the question, in plain words",
    "label": "its short name in the read-back",
    "why": "why it is asked; shown when they press Why",
    "easy": "the question in fewer, easier words",
    "tip": "for whoever helps: how to talk about this",
    "examples": "how somebody may answer; words, or words with a picture, a voice or a document",
    "when": "a condition; without one the question is always asked",
    "optional": "true: when it is skipped, the summary has no line for it",
    "detail": "light, usual or fuller: the least detail at which it is asked",
    "still_right": "true: the answer of last time is offered again",
    "options": "what can be chosen, each with a code: code: Words",
    "item": "what one of the list is called, so that a text can say {attendee.name}",
    "of": "people or things: what is on the list",
    "how_known": "a question about each one of the list, such as how they know them",
    "nobody": "the button for an empty list",
    "least": "the smallest number that can be given",
    "most": "the greatest number, or how many can be on the list",
    "unit": "what is counted, such as minutes",
    "say_more": "the question that asks for words after an option with say_more: true",
    "yes": "the words of the yes button",
    "no": "the words of the no button",
    "if_no": "stop: whoever says no is asked nothing more",
    "reads_back": "part: only the answers of this script are read back, and nothing is shared",
    "answer_by": "how it may be answered: text, voice, photo",
    "private": "true: the answer stays with the person until they say otherwise",
    "share_with": "key_contact: nobody else ever sees the answer",
}
OPTION = {
    "label": "the words of the option",
    "say_more": "true: ask for words, too",
    "alone": "true: it cannot go with others, such as None of these",
    "retired": "true: offered no more; whoever chose it keeps it",
}
EXAMPLE = {
    "words": "what somebody may say",
    "picture": "a picture in dialogs/samples/",
    "voice": "a recording in dialogs/samples/",
    "document": "another file in dialogs/samples/",
}
SET = {
    "set": "the id of the set; it never changes",
    "title": "what people see as its name",
    "language": "the code of the language its words are in",
    "detail": "how much is asked, unless the person says: light, usual or fuller",
    "parts": "the ids of the scripts, in the order they are asked",
    "reminders": "as in a script; those of the scripts in a set are not sent",
}
PART = {
    "script": "the id of the script",
    "stage": "2: asked only when the first talk has been",
    "by_choice": "true: asked only if they want it",
    "still_right": "true: the answers of last time are offered again",
}
REMINDER = {
    "id": "the id of the reminder",
    "send": "when, such as 3 days after last answer, or 1 day before appointment",
    "while": "not finished, not shared, or a condition",
    "between": "the hours it may be sent in: 09:00 and 19:00",
    "most": "how many times, at most 9",
    "if_late": "send now, or tell key contact",
    "text": "what it says; {name}, {key_contact}, {place}, {left}, {minutes}, {date}, {day}, {time}",
}
BOX = {
    "answers": "always answers",
    "title": "what the question box is called",
    "promise": "who reads other questions, and when",
    "list": "the questions that have an answer",
}
KNOWN = {
    "id": "the id of the answer",
    "asked": "ways to ask it, the clearest first",
    "answer": "what is said to it",
}
