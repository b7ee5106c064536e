"""Run by Alembic: the migrations use the transaction the store has opened."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,  # SQLite changes a table by making it anew
    transactional_ddl=True,  # true of SQLite too, with BEGIN IMMEDIATE
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
