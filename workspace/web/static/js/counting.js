// Words of a text as it is written: <p data-words-of="name" data-most="200" hidden>.
for (const place of document.querySelectorAll("[data-words-of]")) {
  const field = document.getElementById(place.dataset.wordsOf);
  const most = Number(place.dataset.most);
  const tell = () => {
    const count = field.value.match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0;
    place.textContent = `${count} / ${most}`;
    place.classList.toggle("c-bad", count > most);
  };
  place.hidden = false;
  field.addEventListener("input", tell);
  tell();
}
