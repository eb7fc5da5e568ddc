"""`python -m selectorate`: the command line without the installed script."""

from selectorate.cli import main

main()
