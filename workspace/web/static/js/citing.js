// Citing a paragraph: a number that is followed in the text is the one that the form offers, and words are copied.
const form = document.querySelector("[data-citing]");

const follow = () => {
  const choice = form?.elements.paragraph;
  const wanted = decodeURIComponent(location.hash).match(/^#p(.+)$/)?.[1];
  const option = wanted && [...choice.options].find((one) => one.dataset.at === wanted);
  if (option) choice.value = option.value;
};

addEventListener("hashchange", follow);
if (form) follow();

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-words]");
  const words = button && document.getElementById(button.dataset.copyWords);
  if (!words || !navigator.clipboard) return;
  await navigator.clipboard.writeText(words.textContent);
  const said = document.querySelector("[data-copied]");
  said.textContent = "";
  setTimeout(() => { said.textContent = said.dataset.copied; }, 50); // so that it is said again each time
});
