"""LibreOffice as somebody who accepts or rejects every tracked change: what a Word file says then."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

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
    _run(folder, "--terminate_after_init")  # makes the profile, in which every first start writes a module of its own
    (folder / "profile/user/basic/Standard/Module1.xba").write_text(_MACRO, encoding="utf-8")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    _run(folder, f'macro:///Standard.Module1.Settle("{folder.as_uri()}/","{";".join(files)}")')
    return {
        name: ((folder / f"Accept-{name}").read_bytes(), (folder / f"Reject-{name}").read_bytes()) for name in files
    }


def converted(data: bytes, form: str, folder: Path, suffix: str = "docx") -> bytes:
    """A file as LibreOffice writes it in another form ("odt", "docx", "pdf")."""
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
    subprocess.run(command, check=True, capture_output=True, timeout=120)
