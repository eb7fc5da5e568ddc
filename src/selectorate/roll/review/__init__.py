"""What an officer is shown about an export: remarks that stop nothing, and the sheet on which to mend it."""
