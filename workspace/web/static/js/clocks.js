// Moments by the reader's own clock. The server tells them in the zone that a cookie names; a first visit and published
// pages, which give no cookie, tell them in the forum's (`data-home`), and are told again here: <time data-clock>, and
// <… data-own="moment" data-words="where you are: {}" hidden>, shown where the forum's clocks show another time.
const root = document.documentElement;
const { zone, home, near } = root.dataset;
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const locale = { es: "es-ES", en: "en-GB", fr: "fr-FR" }[root.lang] ?? "en-GB";

const written = (moment, options) => new Intl.DateTimeFormat(locale, options).format(moment).replace(/^1 (?=\p{L})/u, root.lang === "fr" ? "1er " : "1 ");
const time = (moment) => written(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = (moment) => written(moment, { day: "numeric", month: "long", year: "numeric" });
const midnight = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
const isElsewhere = (moment) => moment.toLocaleString("en", { timeZone: home }) !== moment.toLocaleString("en");

const offset = (minutes) => {
  if (!minutes) return "UTC";
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes > 0 ? "+" : "−"}${Math.floor(Math.abs(minutes) / 60)}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
};
const whole = (moment) => `${day(moment)}, ${time(moment)} (${offset(-moment.getTimezoneOffset())})`;

const spoken = (moment) => {
  const hours = here === "UTC" ? `${time(moment)} UTC` : time(moment);
  const words = near.split("|")[Math.round((midnight(moment) - midnight(new Date())) / 86_400_000) + 1];
  if (words) return words.replace("{}", hours);
  const isThisYear = moment.getFullYear() === new Date().getFullYear();
  return `${isThisYear ? written(moment, { day: "numeric", month: "long" }) : day(moment)}, ${hours}`;
};

if (home && here && here !== zone) {
  if ("keepsZone" in root.dataset) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `zone=${here}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  }
  const city = here.split("/").at(-1).replaceAll("_", " ");
  for (const place of document.querySelectorAll("time[data-clock]")) {
    const moment = new Date(place.dateTime);
    place.title = whole(moment);
    place.textContent = spoken(moment) + (place.dataset.clock === "deadline" && here !== "UTC" && isElsewhere(moment) ? ` (${city})` : "");
  }
  for (const place of document.querySelectorAll("[data-own][data-words]")) {
    const moment = new Date(place.dataset.own);
    place.textContent = place.dataset.words.replace("{}", whole(moment));
    place.hidden = here === "UTC" || !isElsewhere(moment);
  }
}
