"""`python -m selectorate.cli`: the command line without the installed script."""

from selectorate.cli import main

main()
