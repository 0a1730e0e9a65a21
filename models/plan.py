"""The plan of a patient: its sections and which live documents they hold."""

from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, key
from models.discipline import Discipline
from models.document import Document


class DocumentKind(StrEnum):
    CLINICAL = "clinical"
    PLAIN = "plain"


class Plan(Base):
    """One per patient. `revision` rises with every committed change but typing."""

    __tablename__ = "plans"

    id: Mapped[key]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), unique=True)
    revision: Mapped[int] = mapped_column(default=1)

    sections: Mapped[list["Section"]] = relationship(back_populates="plan", order_by="Section.position")


class Section(Base):
    """A part of the plan; without a discipline it is shared by the whole care team."""

    __tablename__ = "sections"
    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    id: Mapped[key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    key: Mapped[str]
    discipline_id: Mapped[int | None] = mapped_column(ForeignKey("disciplines.id"))
    title: Mapped[str]
    icon: Mapped[str]
    position: Mapped[int]

    plan: Mapped[Plan] = relationship(back_populates="sections")
    discipline: Mapped[Discipline | None] = relationship()
    documents: Mapped[list["SectionDocument"]] = relationship(back_populates="section")


class SectionDocument(Base):
    """Ties a live document to the section that owns it: the team's text or the patient's."""

    __tablename__ = "section_documents"

    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), unique=True)

    section: Mapped[Section] = relationship(back_populates="documents")
    document: Mapped[Document] = relationship()
