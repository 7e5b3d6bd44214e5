"""What this module and `mentors` hold of a person, for the undo of a roster load."""

from lms.core.i18n import lazy_gettext as _l
from lms.mentors.models import Mentor, MentorRequest
from lms.pairing.models import PairingWish, Proposal, RoundMentee
from lms.people.traces import column_trace

MENTORS = column_trace(_l("已是导师，或已受邀、申请。"), Mentor.person_id, Mentor.state_at)
REQUESTS = column_trace(_l("已申请导师。"), MentorRequest.person_id, MentorRequest.asked_at)
ROUNDS = column_trace(_l("已列入结对方案。"), RoundMentee.person_id)
PROPOSALS = column_trace(_l("已有结对建议。"), Proposal.mentee_id, Proposal.state_at)
WISHES = column_trace(_l("已被填入结对志愿。"), PairingWish.mentee_id, PairingWish.wished_at)
ALL = (MENTORS, REQUESTS, ROUNDS, PROPOSALS, WISHES)
