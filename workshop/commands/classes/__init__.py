"""The commands of an attendee in a class."""
