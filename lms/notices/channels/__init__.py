"""渠道: how a message leaves the platform. One file for each kind; all speak the protocol of `letter.py`."""
