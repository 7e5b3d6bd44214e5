"""What a person's study leaves, for the undo of a roster load."""

from lms.core.i18n import lazy_gettext as _l
from lms.courses.models import CourseFinish, Enrollment, LessonFeedback, LessonFinish
from lms.people.traces import column_trace

ENROLLMENTS = column_trace(_l("已开始学习课程。"), Enrollment.person_id, Enrollment.enrolled_at)
LESSONS = column_trace(_l("已学完课时。"), LessonFinish.person_id, LessonFinish.finished_at)
COURSES = column_trace(_l("已完成课程。"), CourseFinish.person_id, CourseFinish.finished_at)
FEEDBACK = column_trace(_l("已反馈课时。"), LessonFeedback.person_id, LessonFeedback.given_at)
ALL = (ENROLLMENTS, LESSONS, COURSES, FEEDBACK)
