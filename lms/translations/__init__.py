"""English words for the Chinese source strings: one catalog a module in `en/`, merged by `build` into messages.mo."""
