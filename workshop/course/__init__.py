"""An attendee's way through the steps.

Reading order: `progress` (what we remember), `progress_file` (where), `whats_next`; `guide`, `markdown` and
`todos` (what a step says, how we show it, and what is still open in it); `stage_files`, `pristine` and
`backups` (how starters are replaced and brought back); `differences` and `diff_view` (the attendee's files
against the solution); `lessons` (how much of a step is new beside its lesson).
"""
