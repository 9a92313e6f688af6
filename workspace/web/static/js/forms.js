// Forms of an account: a password can be seen while it is typed.
for (const box of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(box.dataset.shows);
  box.closest("label").hidden = false;
  box.addEventListener("change", () => {
    field.type = box.checked ? "text" : "password";
  });
  field.form.addEventListener("submit", () => {
    field.type = "password";
  });
}

// A time zone that was left open is the one of this computer, if the list knows it.
const zone = document.querySelector("input[list=timezones][data-guess]");
if (zone && !zone.value) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zone.list.options].some((one) => one.value === here)) {
    zone.value = here;
    document.getElementById(`${zone.id}-hint`).append(` ${zone.dataset.guess}`);
  }
}
