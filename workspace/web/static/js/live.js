// Following the work on a declaration as it happens: what is new, who else is here, who is at work on what.
// Nothing that is shown or typed is ever replaced, except in parts that ask for it (data-live-part).
// A hidden page closes its stream, because a browser opens only a few to one site.
const bar = document.querySelector("#live");
const part = (name) => bar.querySelector(`[data-live=${name}]`);
const HIDES_AFTER = 20_000;
const AGAIN = 60_000;
const SILENT_AFTER = 30_000; // of a stream that says something every twenty seconds at least
const TRIES_AGAIN = 5_000;
let leave = null;
let hiding = 0;

// Follows a stream, `on` by the names of its events, and returns what ends that. `away` is told of a break and of its
// end: also of one that a browser does not notice, or after which it gives up.
export const follow = (address, on, away) => {
  let source = null;
  let waiting = 0;
  let isBroken = false;
  const wait = (time) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      away(true);
      open();
    }, time);
  };
  const heard = () => {
    isBroken = false;
    away(false);
    wait(SILENT_AFTER);
  };
  const open = () => {
    source?.close();
    source = new EventSource(address);
    isBroken = false;
    wait(SILENT_AFTER);
    source.addEventListener("open", heard);
    source.addEventListener("breath", heard);
    source.addEventListener("error", () => {
      if (!isBroken) wait(TRIES_AGAIN);
      isBroken = true;
    });
    for (const [name, tell] of Object.entries(on)) {
      source.addEventListener(name, (event) => {
        heard();
        tell(JSON.parse(event.data));
      });
    }
  };
  open();
  return () => {
    clearTimeout(waiting);
    source.close();
  };
};

const say = (place, words) => {
  place.textContent = words;
  place.hidden = !words;
};

const uncover = () => {
  bar.hidden = [...bar.querySelectorAll(".live-news, [data-live=here], [data-live=gone], [data-live=away]")].every((one) => one.hidden);
};

const on = {
  news({ sentences }) {
    const hasParts = Boolean(document.querySelector("[data-live-part]"));
    const words = hasParts ? "" : sentences.join(" ");
    if (part("news").textContent !== words) say(part("news"), words);
    part("news").parentElement.hidden = !words;
  },
  here({ sentence }) {
    say(part("here"), sentence);
  },
  claims(claims) {
    for (const notice of document.querySelectorAll("[data-claims-of]")) {
      say(notice.querySelector("[data-said]"), (claims[notice.dataset.claimsOf] ?? []).join(" "));
      notice.hidden = !claims[notice.dataset.claimsOf];
    }
    const shown = [...document.querySelectorAll("[data-claims-of]")].map((one) => one.dataset.claimsOf);
    const others = Object.entries(claims).flatMap(([block, said]) => (shown.includes(block) ? [] : said));
    say(claimLine, others.join(" "));
  },
  moved() {
    for (const one of document.querySelectorAll("[data-live-part]")) refreshLater(one);
  },
  gone() {
    part("gone").hidden = false;
    stop();
  },
};

const claimLine = document.createElement("p");
claimLine.className = "live-here";
claimLine.hidden = true;
claimLine.dataset.live = "here";

// A part of the page that is read again from its own address, unless somebody is at work in it.
const refresh = async (one) => {
  if (one.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(one.id);
  if (!fresh || fresh.innerHTML === one.innerHTML) return;
  const held = one.contains(document.activeElement) ? document.activeElement.id : "";
  one.replaceChildren(...fresh.childNodes);
  if (held) document.getElementById(held)?.focus();
  document.dispatchEvent(new CustomEvent("refreshed", { detail: one }));
};

// One screen for the room shows it at once. A hundred phones do not all ask at the same moment, nor for every vote.
const waiting = new Map();
const refreshLater = (one) => {
  if (waiting.has(one.id)) return;
  const pause = one.dataset.livePart === "soon" ? 100 : 1500 + Math.random() * 2000;
  waiting.set(
    one.id,
    setTimeout(() => {
      waiting.delete(one.id);
      refresh(one);
    }, pause),
  );
};

const away = (isAway) => {
  part("away").hidden = !isAway;
  uncover();
};

const start = () => {
  if (leave) return;
  const told = Object.entries(on).map(([name, tell]) => [name, (data) => (tell(data), uncover())]);
  leave = follow(bar.dataset.events, Object.fromEntries(told), away);
};

const stop = () => {
  leave?.();
  leave = null;
};

// While a paragraph is worked on (a form with data-claims), its page says so, and takes it back at the end.
const form = document.querySelector("[data-claims]");
const claim = (release) => {
  const body = new URLSearchParams({ csrf: bar.querySelector("[name=csrf]").value, release });
  const address = bar.dataset.claim.replace("BLOCK", encodeURIComponent(form.dataset.claims));
  return fetch(address, { method: "POST", body, keepalive: true, headers: { Accept: "text/html" } }).catch(() => {});
};

if (bar) {
  part("here").after(claimLine);
  part("show").addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(stop, HIDES_AFTER);
    else start();
  });
  window.addEventListener("pagehide", stop);
  start();
  if (form) {
    claim("");
    const renewing = setInterval(() => claim(""), AGAIN);
    window.addEventListener("pagehide", () => {
      clearInterval(renewing);
      claim("yes");
    });
  }
}
