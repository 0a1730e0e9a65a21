"""The professions that write a plan."""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, key


class Discipline(Base):
    """A profession; the four seeded ones are a beginning, a clinic may add others.

    `icon` names a symbol of the icon sprite; `key` is also the CSS class that sets its colour.
    """

    __tablename__ = "disciplines"

    id: Mapped[key]
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    icon: Mapped[str]
    position: Mapped[int]
