"""What every row has of which a mail is sent: the row is the outbox."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column


class Mailed:
    """`mail_after` is when a mail may go (null: never); who sends it claims it until `claimed_until`. `message_id` is
    fixed with the first claim, so that a second try is the same message. `mailed_at` witnesses that a server accepted
    it, `refused_at` that one never will."""

    mail_after: Mapped[datetime | None] = mapped_column(sort_order=900)
    claimed_until: Mapped[datetime | None] = mapped_column(sort_order=901)
    message_id: Mapped[str | None] = mapped_column(sort_order=902)
    mailed_at: Mapped[datetime | None] = mapped_column(sort_order=903)
    refused_at: Mapped[datetime | None] = mapped_column(sort_order=904)
