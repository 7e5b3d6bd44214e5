"""消息: what the platform has to say to a person, each with where it came from and why.

A notice is written once for a source and a person, and stands on the person's own page. Outside of the platform it is
only mentioned: in a digest, at most once a week, never at night, by the channel (an e-mail server or a 企业微信 group
robot) that the person's unit has. Whoever opts out of a kind is not reminded of it.
"""
