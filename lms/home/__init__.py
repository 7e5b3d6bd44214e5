"""首页: one page, for each reader the answer to what brought them here.

For a learner: what to go on with, in one sentence, and the next step. For an administrator, below that, who is not
covered. Modules register cards; the page asks each whether it has something to say to this reader.
"""
