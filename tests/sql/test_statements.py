"""Named SQL: pugsql's files in, psycopg's text out, and mistakes found at start with their file and name."""

import ast
import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crm import db, statements
from crm.config import Settings
from crm.paths import PACKAGE, SQL
from crm.statements import StatementError


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., dict[str, statements.Statement]]:
    """load(a="…") reads a folder with that text in a.sql."""

    def write(**files: str) -> dict[str, statements.Statement]:
        for name, text in files.items():
            (tmp_path / f"{name}.sql").write_text(text)
        return statements.load(tmp_path)

    return write


# What is written, with which values, and what PostgreSQL answers.
CASES: list[tuple[str, dict[str, Any], Any]] = [
    ("select :word", {"word": "x"}, "x"),
    ("select (:number)::int + 1", {"number": 2}, 3),
    ("select :number::int + 1", {"number": 2}, 3),
    ("select '7'::int", {}, 7),
    ("select :word || :word || :other", {"word": "a", "other": "b"}, "aab"),
    ("select :a1_b", {"a1_b": "x"}, "x"),
    # strings
    ("select 'at :time'", {}, "at :time"),
    ("select '10:30'", {}, "10:30"),
    ("select 'it''s :word ' || :word", {"word": "x"}, "it's :word x"),
    (r"select E'it\'s :word ' || :word", {"word": "x"}, "it's :word x"),
    (r"select E'back\\' || :word", {"word": "x"}, "back\\x"),
    (r"select e'it''s \' :word'", {}, "it's ' :word"),
    ("select 'no -- comment :word'", {}, "no -- comment :word"),
    ("select 'no /* comment :word */'", {}, "no /* comment :word */"),
    ("select '' || :word || ''", {"word": "x"}, "x"),
    ("select $$it's :word$$", {}, "it's :word"),
    ("select $tag$it's $$ :word$tag$ || :word", {"word": "x"}, "it's $$ :wordx"),
    ("select $t1$ :word $t1$", {}, " :word "),
    ("select $$two  blanks$$", {}, "two  blanks"),
    ("select 'two  blanks'", {}, "two  blanks"),
    ('select 1 as "odd :word"', {}, 1),
    ('select "a  b" from (select 5 as "a  b") x', {}, 5),
    # comments
    ("select 1 -- see :doc, it's fine", {}, 1),
    ("select 1 /* :word it's */ + 1", {}, 2),
    ("select :word -- 'quoted'\n|| 'b'", {"word": "a"}, "ab"),
    ("/* why */ select 1", {}, 1),
    # per cent
    ("select 7 % 4", {}, 3),
    ("select 'a%b' like 'a\\%b'", {}, True),
    ("select :word like '%x%' -- 100 %", {"word": "axb"}, True),
    ("select '%s %(word)s %%'", {}, "%s %(word)s %%"),
    ("select format('%s', :word::text)", {"word": "%(x)s"}, "%(x)s"),
    # JSON and arrays
    ("""select '{"a": ":word"}'::jsonb ->> 'a'""", {}, ":word"),
    ("""select '{"a":1}'::jsonb @> '{"a":1}'""", {}, True),
    ("select '[1, 2]'::jsonb @? '$[*] ? (@ > 1)'", {}, True),
    ("select jsonb_build_object('k', :word::text) ->> 'k'", {"word": "x"}, "x"),
    ("select (array[1,2,3])[2:3]", {}, [2, 3]),
    ("select 2 = any(:numbers)", {"numbers": [1, 2]}, True),
    # calls and odd places
    ("select make_interval(days => :days) = interval '2 days'", {"days": 2}, True),
    ("select make_interval(days := :days) = interval '2 days'", {"days": 2}, True),
    ("select lower(:word)", {"word": "'; drop table crm.contact; --"}, "'; drop table crm.contact; --"),
    ("select :word::text is null", {"word": None}, True),
    ("select\n\t1\n\n+\n 1", {}, 2),
]


@pytest.mark.parametrize(("source", "values", "expected"), CASES, ids=[case[0].replace("\n", " ") for case in CASES])
def test_what_is_written_is_what_postgresql_runs(load, admin, source, values, expected):
    statement = load(case=f"-- :name case_one :one\n{source}\n")["case_one"]
    assert set(statement.parameters) == values.keys()
    assert statement.text.startswith(b"/* case.sql case_one */ ")
    given = [values[name] for name in statement.parameters]
    assert psycopg.RawCursor(admin).execute(statement.text, given).fetchone()[0] == expected


def test_kinds_docs_and_repeatability_are_read(load):
    known = load(
        a="-- :name a_one :one\n-- not repeatable\nselect 1\n\n-- :name a_many :many\nselect 'repeatable'\n",
        b="-- :name b_scalar :scalar\n-- :doc A number.\nselect 1\n\n"
        "-- :name b_affected :affected\n-- Why it is so.\n-- repeatable\nselect 1",
    )
    assert {name: (one.kind, one.file) for name, one in known.items()} == {
        "a_one": ("one", "a.sql"),
        "a_many": ("many", "a.sql"),
        "b_scalar": ("scalar", "b.sql"),
        "b_affected": ("affected", "b.sql"),
    }
    assert [name for name, one in known.items() if one.repeatable] == ["b_affected"]
    assert known["b_scalar"].doc == "A number."


MISTAKES = {  # file's text: what the message says beside the file's name
    "-- :name case_one\nselect 1": "case_one: say :one, :many, :scalar or :affected",
    "-- :name case_one :raw\nselect 1": "case_one: say :one",
    "-- :name case_one :insert\ninsert into x values (:a)": "case_one: say :one",
    "-- :name case_one :sometimes\nselect 1": ":sometimes",
    "-- :name case-one :one\nselect 1": "case-one",
    "-- :name :one\nselect 1": "",
    "-- :name case_one :one\nselect 1\n\n-- :name case_one :one\nselect 2": "case_one",
    "-- :name transaction :one\nselect 1": "transaction",
    "-- What this file is about.\n\nselect 1": "",
    "select 1": "",
    "": "",
}


@pytest.mark.parametrize("text", MISTAKES, ids=[text.replace("\n", " ") or "nothing" for text in MISTAKES])
def test_a_mistake_is_named_with_its_file(load, text):
    with pytest.raises(StatementError) as found:
        load(broken=text)
    assert "broken.sql" in str(found.value)
    assert MISTAKES[text] in str(found.value)


def test_a_name_is_used_once_among_all_files(load):
    with pytest.raises(StatementError, match=r"b\.sql.*case_one.*a\.sql"):
        load(a="-- :name case_one :one\nselect 1", b="-- :name case_one :one\nselect 2")


def test_a_call_must_give_exactly_the_values(load):
    statement = load(a="-- :name case_one :one\nselect :word, :business_id, :member_id")["case_one"]
    assert db.Call(statement, {"word": "x"}).values == {"word": "x"}
    for values in ({}, {"word": "x", "other": 1}, {"wrod": "x"}):
        with pytest.raises(TypeError, match="case_one takes"):
            db.Call(statement, values)


# ---- against the database, at start -------------------------------------------------------------------


async def opened(settings: Settings, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(db, "SQL", folder)
    database = db.Database(dataclasses.replace(settings, pool_size=1), name="start")
    try:
        await database.open()
    finally:
        await database.close()


async def test_every_statement_of_the_house_is_accepted(settings, monkeypatch):
    await opened(settings, monkeypatch, SQL)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("select nickname from crm.contact", '"nickname"'),
        ("select id from crm.contract", '"crm.contract"'),
        ("select id form crm.contact", "syntax error"),
        ("select id from crm.contact where id = :id and name = (:name)::int", "operator does not exist"),
        ("select * from api.contact_create(:kind)", "does not exist"),
        ("select 1; select 2", "multiple commands"),
    ],
)
async def test_a_bad_statement_stops_the_start_and_is_named(settings, monkeypatch, tmp_path, source, words):
    shutil.copytree(SQL, tmp_path, dirs_exist_ok=True)
    (tmp_path / "broken.sql").write_text(f"-- :name broken_one :one\n{source}")
    with pytest.raises(StatementError, match=r"broken\.sql: broken_one: ") as found:
        await opened(settings, monkeypatch, tmp_path)
    assert words in str(found.value)


def test_every_statement_says_who_may_run_it(admin):
    """`enter` refuses a statement without a row; this finds it before anybody asks."""
    known = {action for (action,) in admin.execute("select action from internal.permission")}
    assert statements.load(SQL).keys() - known == set()


# ---- pugsql reads files, and that is all ---------------------------------------------------------------


def test_pugsql_and_sqlalchemy_never_reach_a_database():
    """pugsql's transactions belong to a thread: under asyncio two requests would share one."""
    users = {}
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text())
        imported = {
            name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
        }
        if imported & {"pugsql", "sqlalchemy"}:
            users[path.relative_to(PACKAGE).as_posix()] = tree
    assert list(users) == ["statements.py"]
    touched = {node.attr for node in ast.walk(users["statements.py"]) if isinstance(node, ast.Attribute)}
    assert touched & {"transaction", "connect", "setengine", "engine", "_execute", "_sessionmaker"} == set()


def test_what_pugsql_loads_has_no_engine():
    import pugsql

    assert pugsql.module(str(SQL)).engine is None
    with pytest.raises(pugsql.exceptions.NoConnectionError), pugsql.module(str(SQL)).transaction():
        pass
