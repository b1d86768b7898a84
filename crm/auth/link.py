"""The words of a sign-in link: made when the mail is sent, stored nowhere."""

import hashlib
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    token: str
    code: str

    @property
    def token_hash(self) -> bytes:
        return digest(self.token)


def make() -> Words:
    """A token of 256 bits for the link and a six-digit code for people."""
    return Words(secrets.token_urlsafe(32), f"{secrets.randbelow(1_000_000):06}")


def digest(words: str) -> bytes:
    return hashlib.sha256(words.encode()).digest()
