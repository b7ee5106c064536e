"""The bot is killed over and over, while a crowd talks to it: nothing is lost, nothing comes twice unmarked.

`python -m tests.kill --engine sqlite --kills 1000` runs it for as long as you like. How it fits together:

    loop       a crowd, a bot, and somebody who kills it; then the account of it
    crowd      people who answer what they see
    staff      the admin, and key contacts who invite, read, and set dates
    telegram   the small Bot API of the sandbox, with faults, and a note of all that was said
    trouble    what is done to the bot
    bots       the bot in processes that can be killed
    stable     the process they are forked from, so that a start takes a moment
    haste      times made short, so that minutes of trouble fit into seconds
    points     places in the bot at which it can be made to die
    ground     the database: a file, or a PostgreSQL server that can be crashed
    evidence   what the tables hold in the end
    oracle     what must be true of it
    reminded   and of reminders and dates
    ordered    and of the order of it all
"""
