"""A talk knows whether the first meeting has been: a set may ask more afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0003_stages"
down_revision = "0002_sealed"


def upgrade() -> None:
    # with a default in the database, for workers of the version before write rows without it meanwhile
    op.add_column("talks", sa.Column("stage", sa.SmallInteger(), nullable=False, server_default="1"))
