// Forms of an account: a password can be seen while it is typed.
for (const box of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(box.dataset.shows);
  box.addEventListener("change", () => {
    field.type = box.checked ? "text" : "password";
  });
  field.form.addEventListener("submit", () => {
    field.type = "password";
  });
}

// A time zone that was left open is the one of this computer, if the list knows it; where another goes before, it is sent beside.
const zone = document.querySelector("input[data-guess]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && (!zone.value || zone.type === "hidden") && [...document.getElementById("timezones").options].some((one) => one.value === here)) {
  zone.value = here;
  document.getElementById("timezone-hint").append(` ${zone.dataset.guess.replace("{zone}", here)}`);
}
