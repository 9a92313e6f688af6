// Files dropped anywhere on a form (form[data-drop]) go into its file field, and their names are said in its output.
// Without this module the field itself is chosen from, or dropped on, as browsers do.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const field = form.querySelector("input[type=file]");
  const said = form.querySelector("output");
  const tell = () => {
    said.textContent = [...field.files].map((file) => file.name).join(", ");
  };
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.classList.add("is-over");
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("is-over");
  });
  form.addEventListener("drop", (event) => {
    form.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    field.files = event.dataTransfer.files;
    tell();
  });
  field.addEventListener("change", tell);
}
