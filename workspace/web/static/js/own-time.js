// The same moment where the reader is, for whoever has not named a time zone: <… data-own="moment" data-offset="seconds
// of the place" data-words="where you are: {}" hidden>. Shown only where the reader's clock is another one.
const LOCALES = { es: "es-ES", en: "en-GB", fr: "fr-FR" };
const locale = LOCALES[document.documentElement.lang] ?? "en-GB";

const offset = (minutes) => {
  if (!minutes) return "UTC";
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes > 0 ? "+" : "−"}${Math.floor(Math.abs(minutes) / 60)}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
};

for (const place of document.querySelectorAll("[data-own]")) {
  const moment = new Date(place.dataset.own);
  const minutes = -moment.getTimezoneOffset();
  if (minutes * 60 === Number(place.dataset.offset)) continue;
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "long" }).format(moment);
  const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);
  place.textContent = place.dataset.words.replace("{}", `${day}, ${time} (${offset(minutes)})`);
  place.hidden = false;
}
