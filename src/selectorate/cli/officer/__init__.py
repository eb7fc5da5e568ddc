"""The returning officer's commands: each is one act of `office`, or a look at what is there."""
