"""Web addresses of sources: without what only tracks readers, and the spellings under which one may be known. Pure."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

TRACKING = {
    "fbclid", "gclid", "gclsrc", "dclid", "msclkid", "yclid", "twclid", "igshid", "mc_cid", "mc_eid", "cmpid", "cmp",
    "_hsenc", "_hsmi", "hsctatracking", "mkt_tok", "oly_anon_id", "oly_enc_id", "vero_id", "s_cid", "ncid", "sr_share",
    "wt_mc", "xtor", "smid", "srnd", "sref", "guccounter", "guce_referrer", "guce_referrer_sig", "taid", "at_medium",
    "at_campaign", "ref_src", "ref_url", "share_id", "si",
}  # fmt: skip


def clean_address(text: str) -> str:
    """Return an address without tracking parameters and text fragments, its host in lower case."""
    text = text.strip().rstrip(";,")
    parts = urlsplit(text)
    if parts.scheme.lower() not in {"http", "https"}:
        return text
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _tracks(name)]
    # An untouched query keeps its own spelling.
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    fragment = "" if parts.fragment.startswith((":~:", "xtor", "utm_")) else parts.fragment
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, query, fragment))


def _tracks(name: str) -> bool:
    return name.lower() in TRACKING or name.lower().startswith(("utm_", "mtm_", "pk_", "at_custom"))


def spellings(address: str) -> list[str]:
    """Return the addresses that lead to the same document: with and without s, www. and the last slash."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"}:
        return [address]
    bare = parts.netloc.removeprefix("www.")
    path = parts.path.rstrip("/")
    found = [address]
    for scheme in ("https", "http"):
        for host in (bare, f"www.{bare}"):
            found += [urlunsplit((scheme, host, one, parts.query, "")) for one in (path, f"{path}/")]
    return list(dict.fromkeys(found))
