"""The one person whom a form names: by name with phone or identity number, among those for whom the actor enters."""

import re

from lms.core.errors import Refused
from lms.core.web import Actor
from lms.people.models import Person
from lms.records import queries
from lms.records.access import ENTERING
from lms.records.findings import Code, say
from lms.roster.cells import folded
from lms.roster.id_numbers import FORM
from lms.roster.names import read_name


def get_named(actor: Actor, name: str, key: str) -> Person:
    """:raise Refused: nobody there is called so and has this number, or more than one; or it is the actor."""
    number = re.sub(r"[\s-]", "", folded(key)).upper()
    by = {"id_numbers": [number]} if FORM.fullmatch(number) else {"phones": [number]}
    wanted = read_name(name).value
    found = [one for one in queries.find_people(actor.paths(*ENTERING), **by) if one.name == wanted]
    if len(found) != 1:
        raise Refused(say((Code.PERSON_UNCLEAR if found else Code.PERSON_UNKNOWN, {})), "name")
    if found[0].id == actor.person_id:
        raise Refused(say((Code.ONESELF, {})), "name")
    return found[0]
