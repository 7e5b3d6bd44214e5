"""What somebody chose on the page: a pack that ships, or a file of their own."""

from typing import Any

from lms.core.errors import Refused
from lms.core.forms import SelectChoice
from lms.core.i18n import lazy_gettext as _l
from lms.policies import policy_toml
from lms.policies.forms import OWN_FILE
from lms.policies.policy_toml import PolicyText


def choices() -> list[SelectChoice]:
    """The packs by title, and one's own file."""
    packs = [SelectChoice(name, policy_toml.read_pack(name).title) for name in policy_toml.shipped()]
    return [*packs, SelectChoice(OWN_FILE, _l("自己的文件"))]


def read(chosen: str, file: Any) -> PolicyText:
    """:raise Refused: no file was sent.

    :raise PolicyFaults: what is wrong with it.
    """
    if chosen != OWN_FILE:
        return policy_toml.read_pack(chosen)
    data: bytes = file.read(policy_toml.MOST_BYTES + 1) if file else b""
    if not data:
        raise Refused(_l("请选择文件。"), "file")
    return policy_toml.read_bytes(data)
