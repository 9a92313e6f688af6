"""The tables of editions that belong to a forum."""

from workspace.core.forum_scope import scope
from workspace.editions.around_models import AnnexRecord, ReservationRecord, ReservationWindow, SignatoryRecord
from workspace.editions.corrigendum_models import Corrigendum, CorrigendumChange
from workspace.editions.embargo_models import SealedEdition, SealedFile
from workspace.editions.models import Edition, EditionFile

SCOPES = (
    scope(Edition),
    scope(EditionFile, EditionFile.edition_id),
    scope(SealedEdition),
    scope(SealedFile),
    scope(Corrigendum),
    scope(CorrigendumChange, CorrigendumChange.corrigendum_id),
    scope(SignatoryRecord),
    scope(ReservationWindow),
    scope(ReservationRecord, order=(ReservationRecord.declaration_id, ReservationRecord.number)),
    scope(AnnexRecord),
)
