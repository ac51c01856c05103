"""The key file: who stands behind each code, kept for its owner alone."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest

from diffusion.errors import InputError
from diffusion.network.importing.key_file import KeyFile, open_key_file
from diffusion.network.importing.people import Person

needs_posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX systems say who may read a file")


def person(who, role="manager", name=""):
    return Person(who, role=role, name=name)


def codes(key: KeyFile, *people, avoid=(), folded=str):
    return key.codes(people, avoid=avoid, folded=folded)


@needs_posix
def test_a_new_key_file_is_its_owners_alone(tmp_path):
    old = os.umask(0)
    try:
        key = open_key_file(tmp_path / "k.csv")
        codes(key, person("a"))
        key.save()
        key = open_key_file(tmp_path / "k.csv")
        codes(key, person("b"))
        key.save()
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "k.csv").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["k.csv"]


@needs_posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_can_read_is_refused_with_what_to_do(tmp_path, mode):
    path = tmp_path / "my key.csv"
    open_key_file(path).save()
    path.chmod(mode)
    with pytest.raises(InputError) as error:
        open_key_file(path)
    advice = f"make it yours alone: chmod 600 '{path}'"
    assert error.value.problems == (f"{path}: others can read the key file, which tells who is who; {advice}",)


def test_codes_stay_and_new_people_get_new_ones(tmp_path):
    first = open_key_file(tmp_path / "k.csv")
    before = codes(first, person("ann"), person("ben", "firm"))
    first.save()
    second = open_key_file(tmp_path / "k.csv")
    after = codes(second, person("ben", "manager"), person("cat"), person("ann"))
    second.save()
    assert {who: after[who] for who in before} == before
    assert second.added == 0
    assert len(set(after.values())) == 3
    assert re.fullmatch(r"M\d{3}", before["ann"])
    assert re.fullmatch(r"F\d{3}", after["ben"])
    assert {entry.id for entry in open_key_file(tmp_path / "k.csv").entries} == {"ann", "ben", "cat"}


def test_neither_order_nor_number_says_anything_of_a_person():
    people = [person(f"p{number:03}") for number in range(100)]
    one, other = KeyFile(Path(), "00" * 32), KeyFile(Path(), "11" * 32)
    first = codes(one, *people)
    turned = codes(KeyFile(Path(), "00" * 32), *people[::-1])
    assert first == turned
    numbers = [int(code[1:]) for code in first.values()]
    assert numbers != sorted(numbers)
    assert codes(other, *people) != first
    late = codes(one, *(person(f"late{number}") for number in range(50)))
    assert min(late.values()) < max(first.values())


def test_roles_that_share_a_letter_share_its_numbers():
    people = [person(f"{role} {number}", role) for role in ("manager", "midwife") for number in range(300)]
    found = codes(KeyFile(Path(), "ab" * 32), *people)
    assert len(set(found.values())) == 600
    assert all(re.fullmatch(r"M\d{4}", code) for code in found.values())


def test_no_code_is_the_id_of_anybody():
    every = {f"M{number:03}" for number in range(1, 1000)} - {"M500"}
    found = codes(KeyFile(Path(), "ab" * 32), person("a"), avoid=[code.lower() for code in every])
    assert re.fullmatch(r"M\d{4,}", found["a"])


def test_a_name_in_another_spelling_keeps_its_code_where_spelling_does_not_count():
    key = KeyFile(Path(), "ab" * 32)
    first = codes(key, person("Ann  Lee"))
    assert codes(key, person("ann lee"), folded=lambda text: " ".join(text.split()).casefold()) == {
        "ann lee": first["Ann  Lee"]
    }


def test_a_key_file_saved_by_a_spreadsheet_is_read(tmp_path):
    path = tmp_path / "k.csv"
    key = open_key_file(path)
    codes(key, person("Ann; Lee"))
    key.save()
    text = path.read_text(encoding="utf-8").replace(",", ";").replace("diffusion; to", "diffusion, to")
    path.write_text(f"\ufeff{text}".replace(";Ann; Lee", ';"Ann; Lee"').replace('""', '"'), encoding="utf-8")
    assert [entry.id for entry in open_key_file(path).entries] == ["Ann; Lee"]


HEAD = f'"key file of diffusion, to be kept secret",,,{"ab" * 32}\ncode,id,name,role\n'


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ":1: this is no key file, or it is damaged; name a file that is not there to begin one"),
        (b"code,id,name,role\nM001,Ann Lee,,\n", ":1: this is no key file, or it is damaged"),
        (b"\xff\xfe\x00", ": the key file is damaged: it is no CSV table in UTF-8; bring back a copy of it"),
        (
            HEAD.replace("role", "job").encode(),
            ":2: the key file is damaged: the second row must be code, id, name, role",
        ),
        (
            f"{HEAD}M001,Ann Lee\n".encode(),
            ":3: the key file is damaged: the row is no code with its id, name and role",
        ),
        (f"{HEAD}M001,,,\n".encode(), ":3: the key file is damaged"),
        (f"{HEAD}M1,Ann Lee,,\n".encode(), ":3: the key file is damaged"),
        (f"{HEAD}M001,Ann Lee,,\nM002,Ann Lee,,\n".encode(), ": the key file is damaged: an id is there twice"),
        (f'{HEAD}M001,"Ann Lee,,\n'.encode(), ": the key file is damaged: it is no CSV table in UTF-8"),
    ],
)
def test_a_damaged_key_file_is_refused_without_quoting_it(tmp_path, content, problem):
    path = tmp_path / "k.csv"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(InputError) as error:
        open_key_file(path)
    assert error.value.problems[0].startswith(f"{path}{problem}")
    assert "Ann" not in str(error.value)


def test_a_folder_or_an_unwritable_place_is_refused(tmp_path):
    with pytest.raises(InputError, match="key file"):
        open_key_file(tmp_path)
    key = open_key_file(tmp_path / "none" / "k.csv")
    with pytest.raises(InputError, match="the key file cannot be written: No such file"):
        key.save()


def test_two_imports_at_once_do_not_lose_codes(tmp_path):
    path = tmp_path / "k.csv"
    one, other = open_key_file(path), open_key_file(path)
    codes(one, person("a"))
    codes(other, person("b"))
    one.save()
    with pytest.raises(InputError, match="another import made the key file meanwhile; import once more"):
        other.save()
    one, other = open_key_file(path), open_key_file(path)
    codes(one, person("c"))
    codes(other, person("d"))
    one.save()
    with pytest.raises(InputError, match="was changed meanwhile; import once more"):
        other.save()
    assert {entry.id for entry in open_key_file(path).entries} == {"a", "c"}
    (tmp_path / "k.csv.new").touch()
    last = open_key_file(path)
    codes(last, person("e"))
    with pytest.raises(InputError, match="if none is running, delete that file"):
        last.save()
    assert (tmp_path / "k.csv.new").exists()


def test_a_key_file_that_cannot_be_written_whole_is_not_written(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    key = open_key_file(tmp_path / "k.csv")
    codes(key, person("a"))
    with pytest.raises(InputError, match="No space left on device"):
        key.save()
    assert list(tmp_path.iterdir()) == []
