"""The checks of the steps, and what they are made of.

`stepNN_name` looks at a program, part by part; `stepNN_causes` has the words for each mistake; `peers` has
the servers and clients that talk to the program. `wrong_answers` and `right_answers` keep all of it honest,
and `planted` has the bugs that the tests of step 13 must find.
"""
