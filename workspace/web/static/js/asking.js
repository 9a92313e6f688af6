// A page on which words are written in many places asks before it is left with words that were not saved.
let isSent = false;
const isWritten = (area) => area.value !== area.defaultValue;
addEventListener("submit", () => (isSent = true));
addEventListener("pageshow", () => (isSent = false));
addEventListener("beforeunload", (event) => {
  if (!isSent && [...document.querySelectorAll("form textarea")].some(isWritten)) event.preventDefault();
});
