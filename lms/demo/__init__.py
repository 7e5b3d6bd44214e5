"""示范: a demonstration county inside its city and province, beside another county, with one sign-in for each role.

Everybody and everything in it is invented. Passwords are made at random at the first run and kept in the data folder;
nothing of it is meant for an installation that holds real people.
"""
