"""What Alembic runs: the migrations, on the connection that is handed over."""

from __future__ import annotations

from alembic import context

from diffusion.experiment.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
context.run_migrations()
