"""Whom and what the demonstration consists of. All names of places and people are invented."""

from dataclasses import dataclass

from lms.people.posts import PostClass, Role
from lms.units.models import Level

#: code, name, level, code of the unit above
UNITS: tuple[tuple[str, str, Level, str], ...] = (
    ("99", "示例省", Level.PROVINCE, ""),
    ("9901", "安和市", Level.CITY, "99"),
    ("990101", "清河区", Level.COUNTY, "9901"),
    ("990101001", "和平街道", Level.STREET, "990101"),
    ("990101001001", "光明社区", Level.COMMUNITY, "990101001"),
    ("990101001002", "新华社区", Level.COMMUNITY, "990101001"),
    ("990101001003", "柳荫社区", Level.COMMUNITY, "990101001"),
    ("990101001004", "东风社区", Level.COMMUNITY, "990101001"),
    ("990101002", "滨河街道", Level.STREET, "990101"),
    ("990101002001", "滨河路社区", Level.COMMUNITY, "990101002"),
    ("990101002002", "光明社区", Level.COMMUNITY, "990101002"),
    ("990101002003", "水岸社区", Level.COMMUNITY, "990101002"),
    ("990101003", "城关镇", Level.STREET, "990101"),
    ("990101003001", "北关社区", Level.COMMUNITY, "990101003"),
    ("990101003002", "南关社区", Level.COMMUNITY, "990101003"),
    ("990101003003", "机械厂社区", Level.COMMUNITY, "990101003"),
    ("990102", "临江区", Level.COUNTY, "9901"),
    ("990102001", "江南街道", Level.STREET, "990102"),
    ("990102001001", "江南社区", Level.COMMUNITY, "990102001"),
    ("990102001002", "码头社区", Level.COMMUNITY, "990102001"),
)


@dataclass(frozen=True)
class Member:
    """Somebody of the demonstration: a post in a community, or a role over a unit."""

    key: str
    name: str
    phone: str
    unit_code: str
    post: PostClass | None = None
    role: Role | None = None


#: One for each role; these can sign in, and the table of sign-ins lists them in this order.
SIGN_INS: tuple[Member, ...] = (
    Member("worker", "林晓梅", "19900000001", "990101001001", post=PostClass.GRID_WORKER),
    Member("secretary", "周淑华", "19900000002", "990101001001", post=PostClass.PARTY_SECRETARY),
    Member("trainer", "何文清", "19900000003", "990101", role=Role.TRAINER),
    Member("street_admin", "吴建明", "19900000004", "990101001", role=Role.ADMIN),
    Member("county_admin", "陈国强", "19900000005", "990101", role=Role.ADMIN),
    Member("city_admin", "郑雅琴", "19900000006", "9901", role=Role.ADMIN),
    Member("province_admin", "高志远", "19900000007", "99", role=Role.ADMIN),
    Member("other_county_admin", "罗振东", "19900000008", "990102", role=Role.ADMIN),
)

#: Colleagues without a sign-in of their own, so that boards have names behind their numbers.
COLLEAGUES: tuple[Member, ...] = (
    Member("c1", "方志新", "19900000101", "990101001001", post=PostClass.COMMITTEE_DIRECTOR),
    Member("c2", "苏红", "19900000102", "990101001001", post=PostClass.FULL_TIME_STAFF),
    Member("c3", "白雪梅", "19900000103", "990101001002", post=PostClass.PARTY_SECRETARY),
    Member("c4", "韩立", "19900000104", "990101001002", post=PostClass.GRID_WORKER),
    Member("c5", "尤小燕", "19900000105", "990101001003", post=PostClass.FULL_TIME_STAFF),
    Member("c6", "钱进", "19900000106", "990101001004", post=PostClass.COMMITTEE_MEMBER),
    Member("c7", "严冬生", "19900000107", "990101002001", post=PostClass.SECRETARY_AND_DIRECTOR),
    Member("c8", "华佳", "19900000108", "990101002001", post=PostClass.FULL_TIME_STAFF),
    Member("c9", "金明", "19900000109", "990101002002", post=PostClass.GRID_WORKER),
    Member("c10", "魏巧云", "19900000110", "990101002003", post=PostClass.COMMITTEE_DIRECTOR),
    Member("c11", "陶然", "19900000111", "990101003001", post=PostClass.PARTY_SECRETARY),
    Member("c12", "姜海", "19900000112", "990101003002", post=PostClass.FULL_TIME_STAFF),
    Member("c13", "戚大勇", "19900000113", "990101003003", post=PostClass.FULL_TIME_STAFF),
    Member("o1", "江雨", "19900000201", "990102001001", post=PostClass.PARTY_SECRETARY),
    Member("o2", "石磊", "19900000202", "990102001001", post=PostClass.FULL_TIME_STAFF),
    Member("o3", "常青", "19900000203", "990102001002", post=PostClass.GRID_WORKER),
)

#: Who has finished which course, so that the first look at a board shows both kinds.
FINISHED = (
    ("c1", "jiedai-yu-zoufang"),
    ("c3", "jiedai-yu-zoufang"),
    ("c3", "maodun-tiaojie-liubu"),
    ("c7", "maodun-tiaojie-liubu"),
    ("c11", "yingji-chuzhi-72-xiaoshi"),
    ("o1", "yingji-chuzhi-72-xiaoshi"),
)
