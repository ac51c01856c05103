"""Saving: what a study asks, put into the tables of the store."""

from __future__ import annotations

import json

import sqlalchemy as sql

from diffusion.errors import StoreError
from diffusion.experiment import schema
from diffusion.experiment.plan import Study
from diffusion.network.formats import csv_folder
from diffusion.network.network import Network
from diffusion.positions import LeaderChoice

TOLD_OF_NETWORKS = ("name", "synthetic", "self_ties", "repeats")
"""What is said of a network and is not in its content."""


def save_network(connection: sql.Connection, network: Network) -> None:
    """Keep a network's content, unless it is kept already."""
    table = schema.networks
    if connection.execute(sql.select(table.c.digest).where(table.c.digest == network.digest)).first() is None:
        connection.execute(table.insert().values(digest=network.digest, content=csv_folder.canonical_text(network)))


def save_study(connection: sql.Connection, study: Study, moment: str) -> None:
    """Keep what a study asks, as it was asked last."""
    table, places = schema.studies, schema.study_networks
    stated = {
        "title": study.scenario.title,
        "scenario": json.dumps(study.scenario.canonical(), ensure_ascii=False),
        "scenario_text": study.scenario.text,
        "last_run_at": moment,
    }
    if connection.execute(sql.select(table.c.digest).where(table.c.digest == study.digest)).first() is not None:
        connection.execute(table.update().where(table.c.digest == study.digest).values(**stated))
        return
    connection.execute(table.insert().values(digest=study.digest, name=study.name, created_at=moment, **stated))
    for place, network in enumerate(study.networks):
        row = {name: getattr(network, name) for name in TOLD_OF_NETWORKS}
        connection.execute(places.insert().values(study=study.digest, place=place, network=network.digest, **row))


def save_arms(connection: sql.Connection, study: Study, database: str) -> None:
    """Give every arm its series, and check that stored runs had the leaders that this program chooses."""
    table, arms = schema.series, schema.study_arms
    known = set(connection.execute(sql.select(arms.c.place).where(arms.c.study == study.digest)).scalars())
    for place, arm in enumerate((*study.arms, *study.extras)):
        digests = {"setting_digest": arm.setting_digest, "arm_digest": arm.arm_digest}
        found = connection.execute(sql.select(table.c.id, table.c.leaders).filter_by(**digests)).first()
        leaders = _choice_text(arm.choice)
        if found is None:
            added = connection.execute(table.insert().values(**digests, leaders=leaders))
            [number] = added.inserted_primary_key or [0]
        elif found.leaders != leaders:
            raise StoreError(
                f'{database}: the arm "{arm.name}" was stored with other leaders than this version of '
                "the program chooses; its runs cannot be continued: name another file with --database"
            )
        else:
            number = found.id
        if place not in known:
            row = {"place": place, "network": arm.network.name, "cell": arm.cell.index, "arm": arm.name}
            connection.execute(arms.insert().values(study=study.digest, series=number, **row))


def _choice_text(choice: LeaderChoice) -> str:
    return json.dumps(choice.as_json())


def choice_of(text: str) -> LeaderChoice:
    """Return who leads, as it was kept."""
    return LeaderChoice.from_json(json.loads(text))
