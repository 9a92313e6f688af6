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

const inMarkdown = (words) => {
  const found = letters(withoutMarks(words));
  return (one, language) => found.includes(letters(withoutMarks(one.texts[language]?.printed ?? "")));
};

const inPlainText = (words) => {
  const found = letters(withoutTargets(words));
  return (one, language) => found.includes(letters(withoutTargets(spoken(one, language))));
};

const inXml = (words) => {
  const read = new DOMParser().parseFromString(words, "application/xml");
  if (read.querySelector("parsererror")) return () => true; // its hash says so already
  for (const note of read.querySelectorAll("authorialNote")) note.remove();
  const places = new Map([...read.querySelectorAll("[eId]")].map((one) => [one.getAttribute("eId"), one]));
  return (one, language) => {
    if (typeof one.texts[language]?.text !== "string" || ELSEWHERE.has(one.kind)) return true;
    const place = places.get(`b-${one.id}`);
    return place !== undefined && letters(place.textContent.replace(MARK, " ")).includes(letters(spoken(one, language)));
  };
};

const FORMS = [
  ["md", inMarkdown],
  ["txt", inPlainText],
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
      const has = reading(words);
      for (const paragraph of printed) if (!has(paragraph, language)) yield { file, paragraph, language };
    }
  }
}
