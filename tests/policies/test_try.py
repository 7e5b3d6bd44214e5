from datetime import date
import pytest
from lms.core import clock, db
from lms.policies import keeping, events, actions, policy_toml
from lms.policies.models import Policy, Standing, StalePerson
from tests.cast import SYSTEM
from sqlalchemy import select
from lms.units.models import Unit
def test_it(work, cast, query_count):
    u=db.session().get(Unit, cast.county)
    text=policy_toml.read_file(policy_toml.PACKS/"opinion-2024.toml")
    assert len(actions.adopt(text, unit=u, actor=SYSTEM, now=clock.now()))==1
    assert len(actions.adopt(text, unit=u, actor=SYSTEM, now=clock.now()))==0
    rows=db.session().scalars(select(Standing)).all()
    print(len(rows), [(r.person_id, r.requirement,str(r.cycle_start)) for r in rows])
    assert rows and not db.session().scalars(select(StalePerson)).all()
    t=(policy_toml.PACKS/"opinion-2024.toml").read_text()
    with pytest.raises(policy_toml.PolicyFaults) as e:
        st=db.session().get(Unit, cast.street)
        actions.adopt(policy_toml.read(t.replace('"county"]','"county", "street"]').replace("newcomer_months = 6","newcomer_months = 9")), unit=st, actor=SYSTEM, now=clock.now())
    for f in e.value.faults: print(f.line,f.message)
    for r in keeping.reading.read_versions()[0].requirements.values():
        from lms.policies.wording import sentences
        print(*sentences(r), sep="\n")
