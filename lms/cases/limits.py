"""How long the parts of a case may be. Characters, unless it says bytes."""

SLUG = 60
TITLE = 60
SUMMARY = 200
REGION = 40
PLACE = 60
EVIDENCE = 300
METHOD_NAME = 30
IDEA = 100
#: One of the three parts of a method.
METHOD_PART = 5_000
NAME = 60
LIST_ITEMS = 20

#: What calls ask for: longer texts are not read to the end. Above it there is a reminder.
ADVISED = 3_000
#: The four sections together; above it a text is refused.
LONGEST = 12_000

FILES = 60
FILE_BYTES = 20 * 1024 * 1024
SOURCE_BYTES = 200 * 1024

COMMENT = 1_000
USE_SENTENCE = 200
CONTACT = 60
REASON = 200
