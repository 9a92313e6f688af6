// Which paragraphs a form of the text has otherwise than declaration.json prints them, as `workspace verify` says it.
// Letters and digits alone are compared, so that line breaks, marks and typography of a form count for nothing.
const MARK = /\[\^?([^[\]\s]+)\](?!\()/gu; // of a footnote
const ELSEWHERE = new Set(["title", "note", "rule"]); // printed apart from their place
const letters = (words) => words.normalize("NFKC").replace(/[^\p{L}\p{N}]/gu, "");
const withoutMarks = (words) => words.replace(/\]\([^()\s]*\)/gu, "]").replace(MARK, " ");
const withoutTargets = (words) => words.replace(/<[^<>\s]+>/gu, " ").replace(MARK, " ");

const spoken = ({ kind, texts }, language) => {
  const printed = texts[language]?.printed ?? "";
  if (kind === "code") return printed.replace(/^(?:```|~~~).*$/gmu, "");
  return printed.replace(MARK, " ").replace(/\[([^\]]*)\]\([^()]*\)/gu, "$1");
};

const written = ({ texts }, language) => texts[language]?.printed ?? "";

// What stands before a paragraph: "12" beside a numbered one, the letter beside an item.
const label = ({ kind, number }) => letters({ operative: number, item: number?.split("(").at(-1) }[kind] ?? "");

// The last paragraph of each piece of a file in which more stands than its paragraphs and their numbers.
const addedTo = (pieces, printed, said) =>
  pieces.flatMap((piece) => {
    let left = letters(piece);
    const here = printed.filter((paragraph) => said.get(paragraph) && left.includes(said.get(paragraph)));
    // The longest first: a short one that stands in a longer one would break it.
    for (const paragraph of [...here].sort((one, other) => said.get(other).length - said.get(one).length)) {
      const numbered = label(paragraph) + said.get(paragraph);
      left = left.replace(left.includes(numbered) ? numbered : said.get(paragraph), "");
    }
    return left ? here.slice(-1) : [];
  });

const inLines = (without, wordsOf) => (words, printed, language) => {
  const read = without(words);
  const found = letters(read);
  const said = new Map(printed.map((paragraph) => [paragraph, letters(without(wordsOf(paragraph, language)))]));
  return [...printed.filter((paragraph) => !found.includes(said.get(paragraph))), ...addedTo(read.split("\n\n"), printed, said)];
};

const inXml = (words, printed, language) => {
  const read = new DOMParser().parseFromString(words, "application/xml");
  if (read.querySelector("parsererror")) return []; // its hash says so already
  for (const note of read.querySelectorAll("authorialNote")) note.remove();
  const places = new Map([...read.querySelectorAll("[eId]")].map((one) => [one.getAttribute("eId"), one]));
  return printed.filter((paragraph) => {
    if (typeof paragraph.texts[language]?.text !== "string" || ELSEWHERE.has(paragraph.kind)) return false;
    const place = places.get(`b-${paragraph.id}`);
    return place === undefined || !letters(place.textContent.replace(MARK, " ")).includes(letters(spoken(paragraph, language)));
  });
};

const FORMS = [
  ["md", inLines(withoutMarks, written)],
  ["txt", inLines(withoutTargets, spoken)],
  ["akn.xml", inXml],
];

// `told` is what declaration.json holds, `wordsOf(file)` gives the words of a file that is to be looked at, or nothing.
export function* differing(told, languages, wordsOf) {
  const printed = [...told.paragraphs, ...(told.added ?? [])];
  for (const language of languages) {
    for (const [form, reading] of FORMS) {
      const file = `declaration.${language}.${form}`;
      const words = wordsOf(file);
      if (words === null) continue;
      for (const paragraph of reading(words, printed, language)) yield { file, paragraph, language };
    }
  }
}
