"""Credential authority: make one voting credential per elector, deliver them, destroy what is left of them.

The officer gets the public halves only; private halves lie sealed under the authority's passphrase, one file
per delivery batch, and are in clear only where `letters` was told to write them.
"""

from __future__ import annotations

import click

from selectorate.cli.authority import account, delivery, making


@click.group()
def credentials() -> None:
    """Make voting letters, deliver them, destroy them. Private credentials stay sealed in your own folder."""


for _command in (
    making.make,
    delivery.letters,
    making.replace,
    delivery.destroy,
    account.status,
    account.voted,
):
    credentials.add_command(_command)
