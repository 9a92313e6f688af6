// Brings the conversations about a thing into its page. Without this script a link leads to them.
for (const place of document.querySelectorAll("[data-conversation]")) {
  const answer = await fetch(place.dataset.conversation).catch(() => null);
  if (!answer?.ok || answer.redirected) continue;
  const part = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.setAttribute("aria-labelledby", "h-comments");
  place.replaceChildren(...part.body.childNodes);
  if (location.hash.startsWith("#thread-")) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}
