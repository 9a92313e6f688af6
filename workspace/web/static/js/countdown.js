// The time that is left until a moment: <… data-countdown="moment" data-words="{} left">. Told anew every second,
// but read out only now and then, because a role of timer is not live.
const locale = document.documentElement.lang;
const inDays = new Intl.NumberFormat(locale, { style: "unit", unit: "day", unitDisplay: "long" });
const two = (number) => String(number).padStart(2, "0");

const left = (until) => {
  const seconds = Math.max(0, Math.round((new Date(until) - Date.now()) / 1000));
  const days = Math.floor(seconds / 86400);
  const clock = `${two(Math.floor((seconds % 86400) / 3600))}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return days ? `${inDays.format(days)} ${clock}` : clock;
};

const tell = () => {
  for (const place of document.querySelectorAll("[data-countdown]")) {
    place.textContent = place.dataset.words.replace("{}", left(place.dataset.countdown));
  }
};

tell();
setInterval(tell, 1000);
