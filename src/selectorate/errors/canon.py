"""Of bytes, files and engines: what cannot be read or run at all."""

from __future__ import annotations

from selectorate.errors.kind import Kind

KINDS: dict[str, Kind] = {
    "canon.value": Kind(
        "bad input",
        "This value has no canonical form: {found}.",
        "Use text, whole numbers, lists and objects only.",
    ),
    "canon.size": Kind(
        "bad input",
        "{what} has {found} bytes; at most {allowed} are read.",
        "Ask whoever gave it to you for the original.",
    ),
    "canon.depth": Kind(
        "bad input",
        "{what} is nested deeper than {allowed} levels.",
        "Ask whoever gave it to you for the original.",
    ),
    "canon.form": Kind(
        "bad input",
        "{what} cannot be read: {because}.",
        "Ask whoever gave it to you for the original file; do not edit it.",
    ),
    "file.missing": Kind("bad input", "{file} is not there.", "Check the path."),
    "file.unreadable": Kind(
        "bad input", "{file} cannot be read: {because}.", "Check the permissions and the path."
    ),
    "file.folder": Kind(
        "bad input", "{file} is a folder; a file was expected.", "Name the file that is in it."
    ),
    "file.size": Kind(
        "bad input",
        "{file} has {found} bytes; at most {allowed} are read.",
        "Split it, or check that it is the file you meant.",
    ),
    "file.exists": Kind(
        "bad input",
        "{file} exists already and is not overwritten.",
        "Name another file, or move this one away.",
    ),
    "file.full": Kind(
        "engine trouble",
        "{file} could not be written: {because}. Nothing was changed.",
        "Free some space and run the same command again.",
    ),
    "engine.missing": Kind(
        "engine trouble",
        "Reading a roll needs DuckDB, which is not installed.",
        "Install it with: pip install 'selectorate[roll]'",
    ),
    "engine.trouble": Kind(
        "engine trouble",
        "The roll's tables in {file} cannot be used: {because}.",
        "Close other programs that use the file, then run the same command again.",
    ),
    "engine.room": Kind(
        "engine trouble",
        "There is not enough room for lists of this size: {memory} of memory are used, and {folder} has {free} GB "
        "free. Nothing was changed.",
        "Free some space there, then run the same command again.",
    ),
    "spark.missing": Kind(
        "engine trouble",
        "The engine Spark needs pyspark, which is not installed.",
        "Install it with: pip install 'selectorate[roll,spark]', or leave --engine out: DuckDB gives the same answers.",
    ),
    "spark.java": Kind(
        "engine trouble",
        "The engine Spark needs Java 17 or later, and no java is found.",
        "Install it (on Debian: default-jre-headless), or set JAVA_HOME to where it is.",
    ),
    "spark.address": Kind(
        "engine trouble",
        "The engine Spark was asked for, and no cluster is named.",
        "Name it with --spark-master spark://host:port, or in the environment as {variable}.",
    ),
    "spark.unreachable": Kind(
        "engine trouble",
        "No Spark cluster answers at {master}: {because}.",
        "Start the cluster, or name another with --spark-master; without --engine spark DuckDB does the work here.",
    ),
    "spark.trouble": Kind(
        "engine trouble",
        "The Spark cluster at {master} stopped the work: {because}.",
        "Nothing was changed. See to the cluster and run the same command again, or leave --engine spark out.",
    ),
    "program.fault": Kind(
        "engine trouble",
        "This is a fault of the program, not of yours: {because}. Nothing is half-written.",
        "Run it again as `selectorate --debug ...` and send what it prints to the makers.",
    ),
}
