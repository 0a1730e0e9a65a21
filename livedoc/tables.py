"""The tables of the log, as the engine addresses them: it reads and writes rows, not objects."""

from typing import cast

from sqlalchemy import Table

from models.document import Document, DocumentClient, DocumentSnapshot, DocumentUpdate
from models.edit_origin import DocumentAuthorship, EditOrigin

documents = cast(Table, Document.__table__)
updates = cast(Table, DocumentUpdate.__table__)
clients = cast(Table, DocumentClient.__table__)
snapshots = cast(Table, DocumentSnapshot.__table__)
origins = cast(Table, EditOrigin.__table__)
authorship = cast(Table, DocumentAuthorship.__table__)
