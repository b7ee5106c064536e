"""Beforehand: a chat assistant that helps a person get ready for a talk about their life and support.

One update, start to end: messenger/receive keeps it in the inbox and only then lets Telegram forget it;
worker takes it and opens one transaction; messenger/read understands it; actions/hear finds what it asks for;
dialog/engine decides, purely; the answers, reminders and replies are kept and the transaction ends; worker
sends the replies through messenger/send.

The house, top to bottom; each may use only what stands below it:

    __main__       python -m bot
    cli            every command
    commands/      those that have a file of their own
      running      what every command needs: the settings, and a loop that can be stopped
      keys         master keys: made, used, tried
      backup       the database copied, and a copy brought back
      scripts      scripts checked, and described for editors
      status       how the bot is, and what it gave up
      talk         a script played in the terminal, and talk files
      versions     scripts and sets published, and older versions gone back to
    tryout         the bot on this computer: three phones in a browser page, and a clock that can be moved
    app            the only place that builds the parts and joins them
    web            one web server: the web hook, and how the bot is
    checkup        how the bot is, for whoever asks over the web; never waited for long
    messenger/     Telegram, through python-telegram-bot; nothing else imports it
      receive      updates into the inbox, by asking for them or by a web hook
      read         an update as the program understands it; pure
      write        a prompt as a Telegram message; pure
      send         messages out and files in; errors told apart
      things       photos, voices and documents on their way; a sample goes up only once
      wire         the HTTP under it
      line         plain calls over connections that are kept open
      introduce    the bot's commands and what its empty chat says
      quiet        no token and no words in the logs
    sandbox/       a small Bot API server and the page with phones; knows the Bot API and nothing of us
    talkfile       a talk word for word in a file: played, recorded
    terminal       a talk as plain text: in a terminal and in the talk files
    actions/       what can happen, one verb a file, each in the one transaction of its update
      hear         the front door: whose words are these, and what are they for?
      answer       a person says something in their talk
      invite       links that let one person in, once
      share        what a person shares: given, taken back while it has not arrived, and read
      note         words between a person and their key contact, passed on as they are
      call         a person wants to talk to a person
      mine         a key contact's people, and how far each is
      offer        words said when nothing is asked: kept, and passed on if the person wants that
      ask          the question box: what the team has written, else the key contact
      arrange      a day and a time
      plan         reminders planned, moved and taken back, as the script asks for them
      remind       reminders sent and ended
      publish      an admin changes the questions
      versions     the scripts there are, and going back to an older version
      foresee      what a new version would mean for those in the middle of a talk
      shelf        scripts and sets side by side: checked together, stored whole
      more         what a key contact starts: another talk, and forms of their own
      forget       nothing is kept
      tell         what is told when something cannot arrive or cannot be handled
      access       the only door to another person's words
      menu         the buttons a key contact or an admin has
      desk         what every action has at hand
      scene        a talk as the engine needs it, loaded
    worker         takes updates, sends messages, looks for reminders that are due
    keeper         what outlives the database: a copy each night, and the list of who was erased
    posting        messages on their way, and what became of them
    arrivals       updates that somebody waits to see kept
    files          files people sent, fetched while the other chats go on
    ticks          what time brings: due reminders, zones with other rules, a clock put right
    loops          loops that nothing ends; APScheduler only wakes them
    presence       a worker lets it be seen that it is at work
    store/         the only SQL: tables, one file for each group of them, migrations/
      database     SQLite or PostgreSQL; one transaction at a time
      sqlite       a SQLite file; a whole transaction in one hop
      postgres     PostgreSQL; several workers
      tables       every table, once
      safe         what people say is sealed, one key for each chat
      inside       what a transaction has at hand: the time, the keys
      statement    SQL put into words once, for both databases
      copies       copies of the database, made while the bot runs
      restore      a copy comes back, whole or not at all
      playback     a copy from PostgreSQL, run in one transaction
      forgetting   erasures again, in a database that is older than they are
      incoming     the inbox
      outgoing     the outbox
      screen       which messages a person can have seen
      paced        how fast the outbox may empty, shared by all workers
      boxes        both: is there work, what is old
      order        whose turn it is in them
      dead         what was given up in them, tried again or dropped
      state        how the bot is: who is at work, what waits
      reading      a look into the database of a running bot
      letters      what lies in them
      people       people, their parts, invitations, the audit
      talks        talks, and answers with their history
      shares       what was shared with a key contact
      dates        appointments and reminders
      due          reminders whose time has come
      walls        times on the wall, when a zone gets other rules
      many         many talks at once, and what somebody said in earlier ones
      scripts      drafts and numbered versions
      erasures     who wanted nothing kept, for when a backup is restored
    metrics        what the program counts, in the words Prometheus reads
    summaries/     what the key contact gets to see; pure
      compose      answers to a summary, and what has changed since the last
      text         a summary as one message
    dialog/        the dialog engine; pure
      engine       step(here, said) -> Turn
      commands     the buttons every question has, and the words that mean the same
      forecast     what a new version would mean for one person
      late         words that were meant for the question before
      moves        what an answer leads to
      asking       questions, lists and menus as prompts
      reminding    whether a reminder still holds for somebody, and its words for them
      outline      what a script says about all its questions, worked out once
      path         which questions apply, which one is next, what was said so far
      seen         the answers as conditions see them
      check/       every check of a script, one function and one code each
      load/        a file in dialogs/ as a Script or a Set, with the line of everything
      sets         several scripts as one talk
      kinds/       the question kinds, one file each; the file name is the word in the script
      picking      options on a small screen: labels, pages, and what it means to pick one
      sent         voices, photos and files as answers, kept beside the words
      naming       a name, and how somebody is known, in what was typed
      doubt        when words are none of the answers
      grouping     long lists in groups, each under its heading
      week         the times of a week that somebody's words name
      kind         what a kind can do, and what it is given
      answers      what was said, and the names of the places it was said at
      choosing     which label a person means by what they typed
      box          the question box: which answer of the team fits
      braces       what stands between { and } in a text
      script       what a file in dialogs/ means
      condition    the words after `when:`
      phrases      words that have to do with a week: days, hours, and "not"
      slots        a week of days and parts of the day, and how people say them
      talk         all that passes in and out of the engine
    people         who takes part, and what their part is; pure
    reminders      when reminders are due: wall clocks, zones, quiet hours; pure
    appointments   a day and a time, as people type them; pure
    health         how the bot is, and what of that needs a person; pure
    pace           how fast messages may go
    i18n           words in the person's language, dates in words
    wording        every sentence and button the program itself says
    settings       what can be set, from the environment
    clock          the only clock
    watch          whether a clock can be believed
    keys           the master keys, held outside the database
    plaintext      the words of a script file, whoever reads it
    errors         every error, in words a person can act on
"""
