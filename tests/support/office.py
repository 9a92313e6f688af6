"""LibreOffice as somebody at work: changes are tracked in it, accepted and rejected, and comments made."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

_SECONDS = 90
_TRIES = 5  # a build without its windows crashes now and then when it comes to draw a comment, unless it may not
_MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Settle(sFolder As String, sFiles As String)
  Dim aFiles, aVerbs, i, j
  aFiles = Split(sFiles, ";")
  aVerbs = Array("AcceptAllTrackedChanges", "RejectAllTrackedChanges")
  For i = 0 To UBound(aFiles)
    For j = 0 To 1
      SettleOne(sFolder, aFiles(i), aVerbs(j))
    Next j
  Next i
  StarDesktop.terminate()
End Sub

Sub Work(sFolder As String, sFile As String, sOld As String, sNew As String, sAbout As String, sRemark As String)
  Dim oText As Object, oSearch As Object, oFound As Object, oNote As Object
  Dim aHidden(0) As New com.sun.star.beans.PropertyValue
  Dim aForm(0) As New com.sun.star.beans.PropertyValue
  aHidden(0).Name = "Hidden"
  aHidden(0).Value = True
  aForm(0).Name = "FilterName"
  aForm(0).Value = "MS Word 2007 XML"
  oText = StarDesktop.loadComponentFromURL(sFolder &amp; sFile, "_blank", 0, aHidden())
  oText.CurrentController.ViewSettings.ShowAnnotations = False
  oText.RecordChanges = True
  oText.lockControllers()
  oSearch = oText.createSearchDescriptor()
  oSearch.SearchString = sOld
  oFound = oText.findFirst(oSearch)
  oFound.String = sNew
  oSearch.SearchString = sAbout
  oFound = oText.findFirst(oSearch)
  oNote = oText.createInstance("com.sun.star.text.textfield.Annotation")
  oNote.Content = sRemark
  oNote.Author = "%(author)s"
  oFound.Text.insertTextContent(oFound, oNote, True)
  oText.storeToURL(sFolder &amp; "Worked-" &amp; sFile, aForm())
  oText.close(True)
  StarDesktop.terminate()
End Sub

Sub SettleOne(sFolder, sFile, sVerb)
  Dim oText As Object, oHelper As Object
  Dim aHidden(0) As New com.sun.star.beans.PropertyValue
  Dim aForm(0) As New com.sun.star.beans.PropertyValue
  aHidden(0).Name = "Hidden"
  aHidden(0).Value = True
  aForm(0).Name = "FilterName"
  aForm(0).Value = "MS Word 2007 XML"
  oText = StarDesktop.loadComponentFromURL(sFolder &amp; sFile, "_blank", 0, aHidden())
  oHelper = createUnoService("com.sun.star.frame.DispatchHelper")
  oHelper.executeDispatch(oText.CurrentController.Frame, ".uno:" &amp; sVerb, "", 0, Array())
  oText.storeToURL(sFolder &amp; Left(sVerb, 6) &amp; "-" &amp; sFile, aForm())
  oText.close(True)
End Sub
</script:module>
"""


def office() -> str | None:
    """The program; None where it is not installed."""
    return shutil.which("soffice")


def settled(files: Mapping[str, bytes], folder: Path) -> Mapping[str, tuple[bytes, bytes]]:
    """Each file as LibreOffice writes it once all its changes are accepted, and once all are rejected."""
    _prepare(folder, "")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    _run(folder, f'macro:///Standard.Module1.Settle("{folder.as_uri()}/","{";".join(files)}")')
    return {
        name: ((folder / f"Accept-{name}").read_bytes(), (folder / f"Reject-{name}").read_bytes()) for name in files
    }


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody does to a text: some words are replaced, and something is said about others."""

    old: str
    new: str
    about: str
    remark: str


def worked_on(data: bytes, folder: Path, edit: Edit, *, author: str) -> bytes:
    """A Word file in which `author` has made a tracked change and a comment by the API of LibreOffice itself."""
    _prepare(folder, author)
    (folder / "text.docx").write_bytes(data)
    said = '","'.join((f"{folder.as_uri()}/", "text.docx", edit.old, edit.new, edit.about, edit.remark))
    for last in (*[False] * (_TRIES - 1), True):
        try:
            _run(folder, f'macro:///Standard.Module1.Work("{said}")')
        except subprocess.CalledProcessError:
            if last:
                raise
        else:
            break
    return (folder / "Worked-text.docx").read_bytes()


def _prepare(folder: Path, author: str) -> None:
    """Make a profile of this person's with our module in it: a first start of its own would write over one."""
    folder.mkdir(exist_ok=True)
    place = folder / "profile/user/basic/Standard/Module1.xba"
    for _ in range(_TRIES):
        _run(folder, "--terminate_after_init")
        if place.exists():  # on a busy machine the first start may end before it is there
            break
    place.write_text(_MACRO.replace("%(author)s", escape(author)), encoding="utf-8")
    settings = folder / "profile/user/registrymodifications.xcu"
    given, _, family = author.partition(" ")
    named = "".join(
        f'<item oor:path="/org.openoffice.UserProfile/Data"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{escape(value)}</value></prop></item>"
        for name, value in (("givenname", given), ("sn", family))
    )
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before.replace("</oor:items>", f"{named}</oor:items>"), encoding="utf-8")


def converted(data: bytes, form: str, folder: Path, suffix: str = "docx") -> bytes:
    """A file as LibreOffice writes it in another form ("odt", "docx", "pdf")."""
    folder.mkdir(exist_ok=True)
    given = folder / f"given.{suffix}"
    given.write_bytes(data)
    _run(folder, "--convert-to", form, "--outdir", str(folder / "out"), str(given))
    return (folder / "out" / f"given.{form}").read_bytes()


def _run(folder: Path, *arguments: str) -> None:
    command: Sequence[str] = [
        office() or "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        *arguments,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as running:
        try:
            output, errors = running.communicate(timeout=_SECONDS)
        except BaseException:
            os.killpg(running.pid, signal.SIGKILL)  # the program that was started only starts the one that works
            raise
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command, output, errors)
