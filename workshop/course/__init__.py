"""An attendee's way through the steps.

Reading order: `progress` (what is remembered), `progress_file` (where), `whats_next`; `guide`, `markdown` and
`todos` (what a step says, how that is drawn, and what is still open in it); `stage_files`, `pristine` and
`backups` (starters that are replaced and brought back); `differences` and `diff_view` (mine against the
solution); `lessons` (how much of a step is new beside its lesson).
"""
