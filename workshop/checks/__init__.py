"""The checks of the steps: a folder each.

`check` looks at a program, part by part; `causes` has what may be behind what it saw, as rows of data.
`wrong/` and `right/` are answers that keep both honest; `planted/` has the bugs that the tests of step 13
must find.
"""
