"""The case library: methods (社区工作法) and cases (典型案例), finding them, using them, teaching with them.

A *method* is steps that anyone can follow; a *case* is a method at work in one place and time. What a version says
never changes; a change is a new version. What the public reads is the version that was published; where a case stands
is its newest `CaseStep`. Writing up is the business of `drafts`, review that of `calls`, both above this module.
"""
