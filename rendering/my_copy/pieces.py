"""The pieces of the patient's copy, in the order of the file and of the paper. A new one joins here."""

from collections.abc import Sequence

from rendering.my_copy import access, answers, publications, questions, statements, ticks
from rendering.my_copy.piece import Piece

PIECES: Sequence[Piece] = (
    statements.PIECE,
    publications.PIECE,
    answers.PIECE,
    questions.PIECE,
    ticks.PIECE,
    access.PIECE,
)
