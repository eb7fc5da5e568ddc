"""Trustee: hold one key of the election, decrypt with it once, never hand it over."""

from __future__ import annotations

from pathlib import Path

import click

from selectorate.cli import speak

GROUPS = ("Ed25519", "BELENIOS-2048", "RFC-3526-2048")


@click.group()
def trustee() -> None:
    """Make a key, and decrypt with it. The key never leaves your own folder."""


@trustee.command(
    epilog="""\b
Example:
  selectorate trustee new my-key.json
Then send my-key.json.pub to the returning officer, and keep my-key.json."""
)
@click.argument("keyfile", type=click.Path(path_type=Path))
@click.option(
    "--group",
    type=click.Choice(GROUPS),
    default="Ed25519",
    show_default=True,
    help="The group of the election.",
)
@speak.as_json
def new(keyfile: Path, group: str, json_: bool) -> None:
    """Make a key pair: KEYFILE (private, mode 0600) and KEYFILE.pub with a proof that you hold it."""
    from selectorate import _kernel
    from selectorate.errors import refuse
    from selectorate.office import files

    if keyfile.exists():
        raise refuse("file.exists", file=keyfile)
    private, public = _kernel.new_trustee(group)
    shown = keyfile.with_name(keyfile.name + ".pub")
    # The key last: interrupted before it, the same command starts again; a key without its .pub could not.
    files.write(shown, public)
    files.write(keyfile, private, private=True, replace=False)
    speak.tell(
        json_,
        {"key": str(keyfile), "public": str(shown), "group": group},
        f"Your key is in {keyfile}; keep it, and a copy in another place. Nobody can make it again.",
        f"Send {shown} to the returning officer.",
    )


@trustee.command(
    epilog="""\b
Example:
  selectorate trustee decrypt --key my-key.json public decryption.json"""
)
@click.option("--key", "keyfile", required=True, type=click.Path(path_type=Path), help="Your key file.")
@click.argument("public", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@speak.as_json
def decrypt(keyfile: Path, public: Path, out: Path, json_: bool) -> None:
    """Check the whole folder PUBLIC, then decrypt the shuffled tally with your key, with proofs, into OUT.

    The tally is the one in the record that you checked yourself; a folder that fails a check, or a poll that
    is not closed, is not decrypted.
    """
    from selectorate import _kernel
    from selectorate.ballot import make
    from selectorate.ballot.parameters import read_parameters
    from selectorate.errors import refuse
    from selectorate.office import files

    speak.demand_other(out, keyfile)
    private = files.read(keyfile, bytes_max=64 * 1024)
    examined = speak.sound_archive(public)
    ciphertexts = examined.ciphertexts
    if ciphertexts is None:
        raise refuse("trustee.not_ready", directory=public)
    group = read_parameters(examined.setup.election).group
    try:
        mine = _kernel.trustee_public(group, private)
    except _kernel.KernelError:
        raise refuse("trustee.key", file=keyfile, group=group) from None
    if mine not in examined.trustees:
        raise refuse("trustee.stranger", file=keyfile)
    owner = examined.trustees.index(mine) + 1
    with speak.waiting(f"Decrypting {len(examined.counted):,} papers and proving it"):
        content = make.decryption(examined.setup, private, ciphertexts)
    files.write(out, speak.sent(owner, content))
    speak.tell(
        json_,
        {"owner": owner, "out": str(out)},
        f"Trustee {owner}: decrypted with proofs, after checking the whole record.",
        f"Send {out} to the returning officer.",
    )
