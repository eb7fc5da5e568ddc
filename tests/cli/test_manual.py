"""The manual and the help: what they name exists, and what exists is named."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.cli.errors_page import errors_page
from tests.cli.maps_page import PAGE as MAPS
from tests.cli.maps_page import maps_page
from tests.cli.rules_page import PAGE, rules_page

from selectorate.cli import COMMANDS, selectorate
from selectorate.cli.officer.count import CountCommand

PAGES = (
    "officer",
    "rulebook",
    "member",
    "trustee",
    "credential-authority",
    "auditor",
    "count",
    "maps",
    "links",
    "findings",
    "signals",
)


def commands() -> dict[str, click.Command]:
    """Every command that does something, by its words after `selectorate`."""
    context = click.Context(selectorate)
    found: dict[str, click.Command] = {}
    for name in COMMANDS:
        command = selectorate.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            found.update((f"{name} {inner}", one) for inner, one in command.commands.items())
        else:
            found[name] = command
            further = command.inner() if isinstance(command, CountCommand) else {}
            found.update((f"{name} {inner}", one) for inner, one in further.items())
    return found


def typed(text: str) -> Iterator[list[str]]:
    """Every command line in indented blocks and between backticks, as words."""
    joined = text.replace("\\\n", " ")
    for line in joined.splitlines():
        if line.startswith(("    selectorate ", "  selectorate ")):
            yield shlex.split(re.split(r"   \(| [<>] ", line)[0])[1:]
    for quoted in re.findall(r"`(selectorate [^`]+)`", joined):
        yield shlex.split(quoted)[1:]


def fault(words: list[str]) -> str:
    """What is wrong with a command line: an unknown command or option, too few or too many arguments."""
    known = commands()
    name = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in known), None)
    if name is None:
        return f"there is no command {' '.join(words[:2])}"
    command = known[name]
    options = {flag: o for o in command.params if isinstance(o, click.Option) for flag in o.opts}
    rest, given, named = words[len(name.split()) :], 0, set()
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            given += 1
            continue
        if word not in options or options[word].hidden:
            return f"{name} has no option {word}"
        named.add(options[word].name)
        if not options[word].is_flag:
            if not rest:
                return f"{word} has no value"
            rest.pop(0)
    places = [p for p in command.params if isinstance(p, click.Argument)]
    if given < sum(p.required for p in places) or (given > len(places) and all(p.nargs == 1 for p in places)):
        return f"{name} takes {len(places)} arguments, {given} are there"
    lacking = [o.opts[0] for o in options.values() if o.required and o.name not in named]
    return f"{name} lacks {lacking}" if lacking else ""


@pytest.mark.parametrize("page", PAGES)
def test_every_command_in_the_manual_can_be_typed(page: str, repository: Path) -> None:
    text = (repository / "docs" / "manual" / f"{page}.md").read_text()
    lines = [line for line in typed(text) if len(line) > 1]
    assert lines
    wrong = [(line, why) for line in lines if (why := fault(line))]
    assert not wrong, wrong


def test_every_command_and_every_option_is_in_some_page(repository: Path) -> None:
    text = "".join((repository / "docs" / "manual" / f"{page}.md").read_text() for page in PAGES)
    said = [" ".join(line) for line in typed(text)]
    for name, command in commands().items():
        assert any(line.startswith(name) for line in said), f"no page shows `{name}`"
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden and option.opts[0] not in ("--json",):
                shown = option.opts[0] in text or option.opts[0] == "--demonstration"
                assert shown, f"no page names {option.opts[0]} of `{name}`"


@pytest.mark.parametrize("name", sorted(commands()))
def test_the_help_of_a_command_has_examples_that_can_be_typed(name: str) -> None:
    command = commands()[name]
    epilog = (command.epilog or "").replace("\b", "")
    lines = [line for line in typed(epilog) if line]
    assert lines, f"the help of `{name}` has no example"
    assert re.search(r"^Examples?:$", epilog, re.MULTILINE)
    wrong = [(line, why) for line in lines if (why := fault(line))]
    assert not wrong, wrong
    assert any(" ".join(line).startswith(name) for line in lines)
    assert (command.help or "").strip(), f"`{name}` does not say what it does"


@pytest.mark.parametrize("name", sorted(commands().keys() - {"demo"}))
def test_a_command_can_answer_in_json(name: str) -> None:
    flags = {flag for option in commands()[name].params for flag in option.opts}
    assert "--json" in flags


def test_the_page_of_errors_lists_the_whole_catalogue(repository: Path) -> None:
    page = repository / "docs" / "manual" / "errors.md"
    assert page.read_text() == errors_page(), "run: python -m tests.cli.errors_page"


def test_the_table_of_rule_sets_is_what_the_folder_holds() -> None:
    page = PAGE.read_text()
    assert page == rules_page(page), "run: python -m tests.cli.rules_page"


def test_the_table_of_maps_is_that_of_the_folder() -> None:
    page = MAPS.read_text()
    assert page == maps_page(page), "run: python -m tests.cli.maps_page"
