"""Who asks: the network that a request comes from, under which what readers send is counted."""

from ipaddress import ip_address, ip_network

from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle

# Whoever holds one address of an IPv6 network of this size holds them all: a household or a firm.
NETWORK = 64


def network_of(request: HttpRequest) -> str:
    """Return the network of a reader; behind proxies, as the last of them saw it (TRACKER_PROXIES)."""
    return network(BaseThrottle().get_ident(request) or "")


def network(address: str) -> str:
    """Return what an address is counted under: itself, or the network around one of IPv6."""
    try:
        version = ip_address(address).version
    except ValueError:
        return address[:64]
    return str(ip_network((address, NETWORK), strict=False)) if version == 6 else address
