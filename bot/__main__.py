"""python -m bot is the same as the command beforehand."""

from bot.cli import main

main(prog_name="beforehand")
