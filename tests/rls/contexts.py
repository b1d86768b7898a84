"""Contexts that nobody signed: each is made from a good one, and each must be refused."""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import replace
from unittest import mock

from crm.context import HOUSE, Signer
from tests.conftest import PEOPLE, RIVAL, TIDY

OWNER, TECHNICIAN, STRANGER = (PEOPLE[who] for who in ("owner", "technician", "stranger"))


def _swap(position: int, value: str) -> Callable[[str, Signer], str]:
    """The good context with one field replaced and its signature kept."""
    return lambda good, _: "|".join(value if i == position else part for i, part in enumerate(good.split("|")))


def _signed_with(key: bytes, key_id: str | None = None) -> Callable[[str, Signer], str]:
    def make(good: str, _: Signer) -> str:
        fields = good.split("|")[:-1]
        message = "|".join([key_id or hashlib.sha256(b"key id:" + key).hexdigest()[:8], *fields[1:]])
        return f"{message}|{hmac.new(key, message.encode(), hashlib.sha256).hexdigest()}"

    return make


def _at(seconds: int) -> Callable[[str, Signer], str]:
    """A good context as it was signed some seconds from now."""

    def make(_: str, signer: Signer) -> str:
        with mock.patch("crm.context.time.time", return_value=time.time() + seconds):
            return signer.sign(TECHNICIAN.actor())

    return make


def _signed_fields(**changes: str) -> Callable[[str, Signer], str]:
    """Signed by the application itself, with a field that tries to be more than one."""
    return lambda _, signer: signer.sign(replace(TECHNICIAN.actor(), **changes))  # type: ignore[arg-type]


FORGERIES: dict[str, Callable[[str, Signer], str]] = {
    "empty": lambda good, _: "",
    "blank": lambda good, _: " ",
    "only_bars": lambda good, _: "|" * 9,
    "a_plain_business": lambda good, _: str(TIDY),
    "the_house": lambda good, _: str(HOUSE),
    "json": lambda good, _: f'{{"business_id": "{TIDY}", "role": "owner"}}',
    "sql": lambda good, _: f"' or business_id = '{RIVAL}",
    "unsigned": lambda good, _: good.rpartition("|")[0],
    "unsigned_under_an_unknown_key": lambda good, _: "|".join(["00000000", *good.split("|")[1:9]]),
    "unsigned_with_bar": lambda good, _: good.rpartition("|")[0] + "|",
    "signature_only": lambda good, _: good.rpartition("|")[2],
    "signature_truncated": lambda good, _: good[:-1],
    "signature_of_zeros": _swap(9, "0" * 64),
    "signature_in_capitals": lambda good, _: good.rpartition("|")[0] + "|" + good.rpartition("|")[2].upper(),
    "signature_with_a_newline": lambda good, _: good + "\n",
    "signature_twice": lambda good, _: good + "|" + good.rpartition("|")[2],
    "leading_space": lambda good, _: " " + good,
    "trailing_bar": lambda good, _: good + "|",
    "bars_that_look_alike": lambda good, _: good.replace("|", "\uff5c"),
    "one_field_more": lambda good, _: good.replace("|web|", "|web||"),
    "one_field_less": lambda good, _: good.replace("|web|", "|"),
    "two_in_one": lambda good, _: f"{good}|{good}",
    "oversized": lambda good, _: good + "x" * 100_000,
    "oversized_in_bars": lambda good, _: good + "|" * 100_000,
    "a_hundred_thousand_bars": lambda good, _: "|" * 100_000,
    "expired": _at(-61),
    "expired_long_ago": _at(-86_400 * 365),
    "expiry_moved": _swap(1, "99999999999"),
    "expiry_is_no_number": _swap(1, "never"),
    "expiry_is_infinite": _swap(1, "Infinity"),
    "other_business": _swap(2, str(RIVAL)),
    "no_business": _swap(2, ""),
    "other_member": _swap(3, str(OWNER.member_id)),
    "no_member": _swap(3, ""),
    "members_of_strangers": _swap(3, str(STRANGER.member_id)),
    "other_role": _swap(4, "owner"),
    "role_of_the_worker": _swap(4, "worker"),
    "other_kind": _swap(5, "system"),
    "other_source": _swap(6, "psql"),
    "a_grant": _swap(7, str(STRANGER.member_id)),
    "other_request": _swap(8, "other"),
    "other_key_id": _swap(0, "00000000"),
    "no_key_id": _swap(0, ""),
    "key_of_ones_own": _signed_with(b"attackers-own-key-attackers-own-key"),
    "own_key_under_the_good_id": lambda good, _: _signed_with(b"attackers-own-key-attackers-own-key", good[:8])(good, _),
    "empty_key": _signed_with(b""),
    "empty_key_under_the_good_id": lambda good, _: _signed_with(b"", good[:8])(good, _),
    "hash_without_a_key": lambda good, _: "|".join(
        [*good.split("|")[:-1], hashlib.sha256(good.rpartition("|")[0].encode()).hexdigest()]
    ),
    "role_that_is_two_fields": _signed_fields(role="owner|person|web||x"),
    "role_that_ends_the_message": _signed_fields(role="owner|person|web||x|" + "0" * 64),
    "kind_with_a_bar": _signed_fields(kind="person|web"),
    "source_with_a_bar": _signed_fields(source="web|"),
}  # fmt: skip
