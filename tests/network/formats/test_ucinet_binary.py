"""UCINET datasets: what UCINET and R packages write, what is refused, and what comes back."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from formats import assert_answers, damaged, problems_of, ties_of
from hypothesis import given
from hypothesis import strategies as st

from diffusion.errors import InputError
from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.tables import Reading
from diffusion.network.formats.ucinet_binary import recognises
from diffusion.network.network import Network

PEOPLE = ("ann", "bob", "Zo\u00eb")
ADVICE = [[0, 1, 0.5], [0, 0, 0], [0.1, 0, 0]]


def label_of(text: str, version: str) -> bytes:
    """Return a label as a version of UCINET writes it."""
    if version == "4020":
        return bytes([len(text)]) + text.encode("cp1252").ljust(19, b"\xfe")
    encoded = text.encode("cp1252" if version == "5000" else "utf-16-le")
    return struct.pack("<h", len(encoded)) + encoded


def header(
    sizes: tuple[int, ...],
    labels: tuple[tuple[str, ...] | None, ...],
    *,
    version: str = "6404",
    title: bytes = b"",
    type_code: int = 7,
) -> bytes:
    """Return a header as UCINET writes it: sizes and labels of columns, rows[, levels]."""
    opening = f"V{version}".encode() if version > "6400" else b"DATE:"
    kind = {"4020": 1, "5000": 2}.get(version, 3)
    parts = [b"\x05", opening, struct.pack("<5H", 24, 3, 20, 4, kind)]
    parts.append(struct.pack(f"<Bh{len(sizes)}{'i' if version > '6400' else 'h'}", type_code, len(sizes), *sizes))
    parts += [bytes([len(title)]), title, bytes(names is not None for names in labels)]
    parts += [label_of(text, version) for names in labels for text in names or ()]
    return b"".join(parts) + (b"\0" if version == "6405" else b"")


def dataset(folder: Path, head: bytes, numbers: object, *, stem: str = "net", code: str = "<f4") -> Path:
    """Write both files of a dataset, and return the path of the header."""
    (folder / f"{stem}.##d").write_bytes(numbers if isinstance(numbers, bytes) else np.array(numbers, code).tobytes())
    path = folder / f"{stem}.##h"
    path.write_bytes(head)
    return path


def notes_of(network: Network) -> list[str]:
    return [note.rpartition("/")[2] for note in network.notes if "read as written" not in note]


THREE = header((3, 3), (PEOPLE, PEOPLE))
ALONE = Network.from_tables(name="n", ids="a", source=(), target=())
TIES = [("Zo\u00eb", "ann", "tie", 0.1), ("ann", "Zo\u00eb", "tie", 0.5), ("ann", "bob", "tie", 1.0)]


@pytest.mark.parametrize("version", ["4020", "5000", "6000", "6404", "6405"])
def test_a_dataset_of_every_version_is_read_from_row_to_column(tmp_path: Path, version: str) -> None:
    path = dataset(tmp_path, header((3, 3), (PEOPLE, PEOPLE), version=version), ADVICE)
    network = read_network(str(path), Path(), reading=Reading(direction="tell"))
    assert ties_of(network) == sorted(TIES)
    assert (network.name, network.synthetic, network.notes) == ("net", False, ())


def test_nobody_says_which_way_ties_point_so_a_note_asks(tmp_path: Path) -> None:
    network = read_network(str(dataset(tmp_path, THREE, ADVICE)), Path())
    assert len(network.notes) == 1
    assert "net.##h: ties were read as written, tail to head (row to column)" in network.notes[0]


@pytest.mark.parametrize("names", [("NET.##H", "NET.##D"), ("net.##h", "net.##d"), ("net.##h", "NET.##D")])
def test_either_file_may_be_named_and_letter_case_does_not_matter(tmp_path: Path, names: tuple[str, str]) -> None:
    first = dataset(tmp_path, THREE, ADVICE, stem="other")
    first.rename(tmp_path / names[0])
    (tmp_path / "other.##d").rename(tmp_path / names[1])
    for name in names:
        assert ties_of(read_network(str(tmp_path / name), Path())) == sorted(TIES)


@pytest.mark.parametrize(
    ("type_code", "code"),
    [(1, "<u1"), (2, "<u1"), (3, "<i1"), (4, "<u2"), (5, "<i2"), (6, "<i4"), (9, "<f8"), (17, "<i4"), (20, "<i8")],
)
def test_numbers_of_every_type_are_read(tmp_path: Path, type_code: int, code: str) -> None:
    path = dataset(tmp_path, header((2, 2), (("a", "b"), None), type_code=type_code), [[0, 1], [0, 0]], code=code)
    assert ties_of(read_network(str(path), Path())) == [("a", "b", "tie", 1.0)]


def test_whole_numbers_under_the_type_single_are_read_as_r_means_them(tmp_path: Path) -> None:
    path = dataset(tmp_path, header((2, 2), (("a", "b"), ("a", "b"))), [[0, 1], [0, 0]], code="<i4")
    network = read_network(str(path), Path())
    assert ties_of(network) == [("a", "b", "tie", 1.0)]
    assert notes_of(network) == [
        "net.##d: the header calls the numbers single, but they are 32-bit whole numbers and were read so"
    ]


def test_each_level_is_a_layer_and_one_without_ties_is_told(tmp_path: Path) -> None:
    head = header((2, 2, 3), (("a", "b"), ("a", "b"), ("advice", "", "trust")))
    path = dataset(tmp_path, head, [[[0, 1], [0, 0]], [[0, 0], [0.25, 0]], [[0, 0], [0, 0]]])
    network = read_network(str(path), Path())
    assert ties_of(network) == [("a", "b", "advice", 1.0), ("b", "a", "level 2", 0.25)]
    assert notes_of(network) == ['net.##h: the level "trust" is no layer here, for there are no ties in it']


def test_the_label_of_a_single_level_names_the_layer(tmp_path: Path) -> None:
    path = dataset(tmp_path, header((2, 2, 1), (("a", "b"), ("a", "b"), ("advice",))), [[0, 1], [0, 0]])
    assert ties_of(read_network(str(path), Path())) == [("a", "b", "advice", 1.0)]


def test_missing_values_are_no_ties_and_are_counted_but_for_the_diagonal(tmp_path: Path) -> None:
    path = dataset(tmp_path, header((2, 2), (("a", "b"), ("a", "b"))), [[1e38, 1], [np.nan, 1e38]])
    network = read_network(str(path), Path())
    assert ties_of(network) == [("a", "b", "tie", 1.0)]
    assert notes_of(network) == [
        "net.##h: 1 cell holds no value: whether there is a tie is not known, so none was read"
    ]


def test_strengths_above_1_are_divided_when_that_is_asked_for(tmp_path: Path) -> None:
    path = dataset(tmp_path, header((2, 2), (("a", "b"), ("a", "b"))), [[0, 4], [1, 0]])
    network = read_network(str(path), Path(), reading=Reading(strength="divide-by-max", direction="turn-to"))
    assert ties_of(network) == [("a", "b", "tie", 0.25), ("b", "a", "tie", 1.0)]
    assert problems_of(path) == [
        (
            "net.##h: the strength must be at most 1, not 4; --strength divide-by-max divides those of each "
            "layer by the largest of them"
        )
    ]


def test_a_two_mode_network_has_all_as_agents_and_says_who_is_of_which_mode(tmp_path: Path) -> None:
    path = dataset(tmp_path, header((1, 2), (("E1",), ("a", "b"))), [[1], [0.5]])
    network = read_network(str(path), Path())
    assert network.columns == {"mode": ("2", "1", "1")}
    assert ties_of(network) == [("a", "E1", "tie", 1.0), ("b", "E1", "tie", 0.5)]
    assert notes_of(network) == [
        (
            'net.##h: this is a two-mode network: 2 rows are of mode 1, 1 column of mode 2 (column "mode"); all '
            "are agents here, and ties are read as they stand, from row to column"
        )
    ]


def test_rows_and_columns_without_labels_are_numbered(tmp_path: Path) -> None:
    square = read_network(str(dataset(tmp_path, header((2, 2), (None, None)), [[0, 1], [0, 0]])), Path())
    assert ties_of(square) == [("1", "2", "tie", 1.0)]
    assert notes_of(square) == ["net.##h: the dataset names nobody, so its agents are called 1 to 2"]
    wide = read_network(str(dataset(tmp_path, header((3, 1), (None, None)), [[0, 1, 1]])), Path())
    assert [tie[:2] for tie in ties_of(wide)] == [("1", "3"), ("1", "4")]
    assert wide.size == 4


def test_respondents_as_rows_among_all_as_columns_are_the_same_agents(tmp_path: Path) -> None:
    path = dataset(tmp_path, header((3, 2), (("c", "b", "a"), ("a", "b"))), [[1, 0, 0], [0, 0, 1]])
    network = read_network(str(path), Path())
    assert ties_of(network) == [("a", "c", "tie", 1.0), ("b", "a", "tie", 1.0)]
    assert notes_of(network) == [
        (
            "net.##h: every row has the label of a column, so rows and columns were read as the same agents; 1 "
            "agent has no row"
        )
    ]


def test_columns_in_another_order_than_rows_are_matched_by_label(tmp_path: Path) -> None:
    network = read_network(str(dataset(tmp_path, header((2, 2), (("b", "a"), ("a", "b"))), [[1, 0], [0, 0]])), Path())
    assert ties_of(network) == [("a", "b", "tie", 1.0)]
    assert notes_of(network) == [
        "net.##h: the columns stand in another order than the rows; they were matched by their labels"
    ]


def test_repeated_empty_and_broken_labels_become_ids_and_are_told(tmp_path: Path) -> None:
    names = ("SMITH", "SMITH", "", "a\nb")
    path = dataset(tmp_path, header((4, 4), (None, names)), np.zeros((4, 4)))
    network = read_network(str(path), Path())
    assert network.ids == ("3", "SMITH 1", "SMITH 2", "a b")
    assert notes_of(network)[:2] == [
        "net.##h: 1 row has no label; the number stands for it",
        (
            'net.##h: the row label "SMITH" is there more than once; ids must be unique, so the number of the '
            "row was put behind it"
        ),
    ]


def test_labels_of_one_byte_a_character_are_told_from_utf_16(tmp_path: Path) -> None:
    head = THREE[: THREE.index(b"\6\0a\0")] + b"".join(label_of(text, "5000") for text in PEOPLE * 2)
    network = read_network(str(dataset(tmp_path, head, ADVICE)), Path())
    assert network.ids == ("Zo\u00eb", "ann", "bob")
    assert notes_of(network) == [
        "net.##h: the labels are no UTF-16, as they should be, and were read one byte a character"
    ]


def test_what_follows_the_labels_is_told(tmp_path: Path) -> None:
    network = read_network(str(dataset(tmp_path, THREE + b"\0\0", ADVICE)), Path())
    assert notes_of(network) == ["net.##h: 2 bytes behind the labels of the header mean nothing known"]


def test_the_title_is_the_name(tmp_path: Path) -> None:
    head = header((2, 2), (None, ("a", "b")), title="Zo\u00eb's\r\n office".encode("cp1252"))
    assert read_network(str(dataset(tmp_path, head, np.zeros((2, 2)))), Path()).name == "Zo\u00eb's  office"


BROKEN_HEADERS = {
    b"": "the file does not begin as the header of a UCINET dataset does, with DATE: or V6404; is it the right file?",
    b"dl n=3": (
        "the file does not begin as the header of a UCINET dataset does, with DATE: or V6404; is it the right file?"
    ),
    THREE[:9]: "the header breaks off after 9 bytes, inside its date; copy the file anew",
    THREE[:21]: "the header breaks off after 21 bytes, inside the sizes; copy the file anew",
    THREE[:32]: "the header breaks off after 32 bytes, inside label 1 of 3 of the columns; copy the file anew",
    THREE[:-1]: "the header breaks off after 77 bytes, inside label 3 of 3 of the rows; copy the file anew",
    THREE.replace(b"6404", b"7000"): (
        "the header is of UCINET's version 7000, which is not known; known are 6404 and 6405; save the dataset in "
        "UCINET as one of them"
    ),
    THREE.replace(b"V6404", b"DATE:").replace(b"\4\0\3\0\7", b"\4\0\0\0\7"): (
        "the kind of labels at byte 14 must be 1, 2 or 3, not 0"
    ),
    header((3,), (PEOPLE,)): "the number of dimensions at byte 17 must be 2 or 3, not 1",
    header((3, -3), (None, None)): "the number of rows at byte 23 must be at least 1, not -3",
    header((2**31 - 1, 3), (PEOPLE, None)): (
        "the header breaks off after 54 bytes, inside label 4 of 2,147,483,647 of the columns; copy the file anew"
    ),
    header((1, 1), (None, ("\u00eb",))).replace(b"\xeb\0", b"\0\xd8"): (
        "a label of the rows, at byte 32, is damaged: it is no UTF-16 text"
    ),
    header((1, 1), (None, ("x",))).replace(b"\2\0x\0", b"\xff\xffx\0"): (
        "the length of label 1 of 1 of the rows, at byte 30, must not be negative, but is -1"
    ),
    header((2, 2), (("a", "b"), ("a", "c"))): (
        '1 label stands at a row and at a column, but not all: "c" has no column and "b" no row; give rows and columns '
        "the same labels, or in a two-mode network all different ones"
    ),
}


@pytest.mark.parametrize("head", BROKEN_HEADERS, ids=range(len(BROKEN_HEADERS)))
def test_a_broken_header_is_refused_in_plain_words(tmp_path: Path, head: bytes) -> None:
    path = dataset(tmp_path, head, np.zeros((2, 2)))
    assert problems_of(path) == [f"net.##h: {BROKEN_HEADERS[head]}"]


def test_numbers_that_do_not_fit_the_header_are_refused_before_anything_is_made(tmp_path: Path) -> None:
    huge = header((2**31 - 1, 2**31 - 1, 2**31 - 1), (None, None, None))
    assert problems_of(dataset(tmp_path, huge, b"\0\0")) == [
        (
            "net.##d: 2,147,483,647 levels of 2,147,483,647 rows and 2,147,483,647 columns of 4-byte numbers "
            "(single) need "
            "39,614,081,201,791,936,601,413,124,092 bytes, but the file has 2; it is cut short, or belongs to "
            "another header"
        )
    ]
    assert problems_of(dataset(tmp_path, THREE, [0.0] * 8)) == [
        (
            "net.##d: 3 rows and 3 columns of 4-byte numbers (single) need 36 bytes, but the file has 32; it is "
            "cut short, or belongs to another header"
        )
    ]


def test_numbers_of_a_type_that_nobody_writes_are_refused(tmp_path: Path) -> None:
    path = dataset(tmp_path, header((1, 1), (None, None), type_code=8), b"\0" * 6)
    assert problems_of(path) == [
        (
            "net.##d: its header says that numbers are of type 8, which is not read; read are byte, boolean, shortint, "
            "word, smallint, longint, single, double, integer, int64; save the dataset in UCINET as single"
        )
    ]


def test_a_file_without_its_partner_is_refused(tmp_path: Path) -> None:
    path = dataset(tmp_path, THREE, ADVICE)
    (tmp_path / "net.##d").rename(tmp_path / "other.##d")
    assert problems_of(path) == [
        "net.##h: a UCINET dataset is two files: net.##d must stand beside it; copy both files"
    ]
    assert problems_of(tmp_path / "other.##d") == [
        "other.##d: a UCINET dataset is two files: other.##h must stand beside it; copy both files"
    ]
    for name in ("NET.##D", "Net.##d"):
        (tmp_path / name).write_bytes(b"")
    if (tmp_path / "nEt.##D").exists():
        pytest.skip("letter case does not matter in this folder")
    assert problems_of(path) == [
        'net.##h: a UCINET dataset is two files: one of them must stand beside it, but there are "NET.##D", "Net.##d"'
    ]


def test_files_of_another_name_and_no_files_are_refused(tmp_path: Path) -> None:
    path = dataset(tmp_path, THREE, ADVICE)
    assert problems_of(path.rename(tmp_path / "net.bin")) == [
        'net.bin: the files of a UCINET dataset end in ".##h" and ".##d"; rename it'
    ]
    assert problems_of(tmp_path / "net.##H", "ucinet") == ['net.##H: no such file; did you mean "net.##d"?']
    with pytest.raises(InputError, match=r'net\.bin: the files of a UCINET dataset end in "\.##h" and "\.##d"; choose'):
        write_network(ALONE, tmp_path / "net.bin", format_name="ucinet")


def test_a_header_is_recognised_by_its_first_bytes() -> None:
    assert recognises(Path("x"), THREE)
    assert recognises(Path("x.##D"), b"")
    assert not recognises(Path("x.csv"), b"a,b\n")


def test_a_failure_while_writing_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = dataset(tmp_path, THREE, ADVICE)
    before = {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("diffusion.network.formats.ucinet_binary.level_matrices", fail)
    with pytest.raises(OSError, match="No space left"):
        write_network(ALONE, path)
    assert {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()} == before


LEVELS = header((3, 3, 2), (PEOPLE, PEOPLE, ("advice", "trust")), title=b"office")
NUMBERS = np.array([ADVICE, ADVICE], dtype="<f4").tobytes()


@given(damaged(LEVELS))
def test_whatever_happens_to_a_header_there_is_an_answer(content: bytes) -> None:
    assert_answers(content, "net.##h", "ucinet", beside={"net.##d": NUMBERS})


@given(st.binary(min_size=72, max_size=72) | damaged(NUMBERS), st.sampled_from([7, 6, 1, 9]))
def test_whatever_the_numbers_are_there_is_an_answer(content: bytes, type_code: int) -> None:
    head = LEVELS[:16] + bytes([type_code]) + LEVELS[17:]
    assert_answers(content, "net.##d", "ucinet", beside={"net.##h": head})
