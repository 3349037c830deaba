"""Parts of a zipped office file, opened with limits: such files come from strangers."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from parsers.errors import Encrypted, TooLarge, Undecodable
from parsers.sniff import UNREADABLE

PART_LIMIT = 32 * 2**20
TOTAL_LIMIT = 128 * 2**20
MEMBER_LIMIT = 5000


class Package:
    """A zip file whose parts are found whatever the case or slashes of their names."""

    def __init__(self, body: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(body))
            members = self._archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise Undecodable(f"no readable zip container: {error}") from error
        _check(members)
        self._members = {_key(member.filename): member for member in members}

    def names(self) -> tuple[str, ...]:
        """Part names, in lower case with forward slashes."""
        return tuple(self._members)

    def display_name(self, name: str) -> str:
        """The name as the archive's maker wrote it; old Chinese packers wrote GBK."""
        member = self._members[_key(name)]
        if member.flag_bits & 0x800:
            return member.filename
        try:
            return member.filename.encode("cp437").decode("gb18030")
        except UnicodeError:
            return member.filename

    def read(self, name: str) -> bytes | None:
        """The bytes of a part; None when there is none of that name."""
        member = self._members.get(_key(name))
        if member is None:
            return None
        if member.flag_bits & 0x1:
            raise Encrypted("a part of the zip container asks for a password")
        try:
            return self._archive.read(member)
        except UNREADABLE as error:
            raise Undecodable(f"{name} cannot be unpacked: {error}") from error

    def xml(self, name: str) -> etree._Element | None:
        """The root of an XML part; entities stay unresolved, nothing is fetched."""
        body = self.read(name)
        if body is None:
            return None
        return xml_of(body, name)


def xml_of(body: bytes, name: str) -> etree._Element:
    """The root of XML from a stranger; own entities are refused, as they stand for text unseen."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Undecodable(f"{name} is no XML: {error}") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise Undecodable(f"{name} declares entities of its own")
    return root


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _check(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MEMBER_LIMIT:
        raise TooLarge(f"{len(members)} parts, the limit is {MEMBER_LIMIT}")
    if any(member.file_size > PART_LIMIT for member in members):
        raise TooLarge(f"a part of more than {PART_LIMIT >> 20} MiB")
    if sum(member.file_size for member in members) > TOTAL_LIMIT:
        raise TooLarge(f"more than {TOTAL_LIMIT >> 20} MiB unpacked")
