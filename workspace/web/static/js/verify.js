// Verifying a bundle: everything is read and checked in this browser, and nothing is sent.
// It checks what `workspace verify` does; the words of other forms are looked at where the hash of a file differs.
import { differing } from "./verify-forms.js";

const MOST_MEMBERS = 200;
const MOST_BYTES = 50_000_000;
const OWN = new Set(["manifest.json", "decisions.json", "checkpoint.txt", "manifest.json.sig", "key.pem"]);
const LANGUAGES = ["es", "en", "fr"];
const utf8 = new TextEncoder();
const text = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const same = (one, other) => hex(one) === hex(other);

class Unreadable extends Error {
  constructor(reason = "not_an_archive", member = "") {
    super(reason);
    Object.assign(this, { reason, member: member.slice(0, 100) });
  }
}

const joined = (...parts) => {
  const made = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
};

const unhex = (words) => {
  if (!/^(?:[0-9a-f]{2})*$/.test(words)) throw new Unreadable();
  return Uint8Array.from(words.match(/../g) ?? [], (pair) => parseInt(pair, 16));
};

const unbase64 = (words) => {
  try {
    return Uint8Array.from(atob(words), (one) => one.charCodeAt(0));
  } catch {
    throw new Unreadable();
  }
};

// The archive

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

const crc = (bytes) => {
  let sum = -1;
  for (const byte of bytes) sum = CRC[(sum ^ byte) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
};

const inflated = async (packed, name) => {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const allowed = Math.min(MOST_BYTES, Math.max(100 * packed.length, 65_536));
  const pieces = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return joined(...pieces);
    size += value.length;
    if (size > allowed) throw new Unreadable("too_large", name);
    pieces.push(value);
  }
};

// It begins with its first member and ends with its list of members, which says where it begins itself.
const isBare = (view, end) => {
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50 || view.getUint16(end + 20, true)) return false;
  if (view.getUint32(end + 12, true) + view.getUint32(end + 16, true) !== end) return false;
  if (end >= 20 && view.getUint32(end - 20, true) === 0x07064b50) return false;
  return [0x04034b50, 0x06054b50].includes(view.getUint32(0, true));
};

const unzipped = async (buffer) => {
  const view = new DataView(buffer);
  const bytes = new Uint8Array(buffer);
  const end = bytes.length - 22;
  if (!isBare(view, end)) throw new Unreadable();
  const count = view.getUint16(end + 10, true);
  if (count > MOST_MEMBERS) throw new Unreadable("too_many_members");
  const files = new Map();
  const seen = new Set();
  let at = view.getUint32(end + 16, true);
  let total = 0;
  for (let place = 0; place < count; place += 1) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Unreadable();
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const [sum, packedSize, size] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true));
    const [nameSize, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const isLink = ((view.getUint32(at + 38, true) >>> 16) & 0o170000) === 0o120000;
    const local = view.getUint32(at + 42, true);
    const named = bytes.subarray(at + 46, at + 46 + nameSize);
    const name = new TextDecoder().decode(named);
    const isPlain = name && !name.startsWith(".") && !/[/\\:]/.test(name) && !isLink && [0, 8].includes(method);
    if (seen.has(name.toLowerCase())) throw new Unreadable("twice", name);
    if (!isPlain) throw new Unreadable("not_plain", name);
    if (flags & 1) throw new Unreadable("encrypted");
    const start = local + 30 + view.getUint16(local + 26, true);
    if (view.getUint32(local, true) !== 0x04034b50 || !same(bytes.subarray(local + 30, start), named)) throw new Unreadable();
    const from = start + view.getUint16(local + 28, true);
    const packed = bytes.slice(from, from + packedSize);
    const data = method ? await inflated(packed, name) : packed;
    total += data.length;
    if (total > MOST_BYTES) throw new Unreadable("too_large");
    if (data.length !== size || crc(data) !== sum) throw new Unreadable();
    seen.add(name.toLowerCase());
    files.set(name, data);
    at += 46 + nameSize + extra + comment;
  }
  return files;
};

// Keys, checkpoints and proofs

const readKey = async (line) => {
  const [, name, hint, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line) ?? [];
  if (!name) throw new Unreadable();
  const decoded = unbase64(encoded);
  const found = hex((await sha256(joined(utf8.encode(`${name}\n`), decoded))).slice(0, 4));
  if (decoded.length !== 33 || decoded[0] !== 1 || found !== hint) throw new Unreadable();
  return { name, hint, raw: decoded.slice(1), line };
};

// A public key as a bundle holds it: its line, then the same as PEM.
const keyFile = ({ line, raw }) => {
  const encoded = btoa(String.fromCharCode(...unhex("302a300506032b6570032100"), ...raw));
  return `${line}\n-----BEGIN PUBLIC KEY-----\n${encoded}\n-----END PUBLIC KEY-----\n`;
};

const readNote = (words) => {
  const [body, ...parts] = words.replaceAll("\r\n", "\n").split("\n\n");
  const signed = parts.join("\n");
  const [origin, size, root, ...rest] = body.split("\n");
  if (!origin || rest.length || !/^(0|[1-9]\d*)$/.test(size) || !signed) throw new Unreadable();
  const signatures = signed.split("\n").filter(Boolean).map((line) => {
    const [, name, encoded] = /^— (.+) (\S+)$/.exec(line) ?? [];
    const decoded = unbase64(encoded ?? "");
    if (decoded.length !== 68) throw new Unreadable();
    return { name, hint: hex(decoded.slice(0, 4)), signature: decoded.slice(4) };
  });
  const hash = unbase64(root);
  if (hash.length !== 32 || !signatures.length) throw new Unreadable();
  return { origin, size: Number(size), root: hash, body: `${body}\n`, signatures };
};

// True or false; null where this browser cannot check signatures.
const isSigned = async (key, bytes, signature) => {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return null;
  }
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, bytes);
};

const nodeHash = (left, right) => sha256(joined(Uint8Array.of(1), left, right));

const isIncluded = async (leaf, index, size, path, root) => {
  if (!(index >= 0 && index < size)) return false;
  let [node, last, found] = [index, size - 1, unhex(leaf)];
  for (const sibling of path.map(unhex)) {
    if (last === 0) return false;
    if (node % 2 || node === last) {
      found = await nodeHash(sibling, found);
      while (node % 2 === 0 && node) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    } else {
      found = await nodeHash(found, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(found, root);
};

// The texts

const printed = (number, language) => {
  const [paragraph, ...items] = number.split("(");
  const letters = items.map((item) => item.replace(/\)$/, ""));
  if (language === "en") {
    const space = letters.length && paragraph.includes(" ") ? " " : "";
    return paragraph + space + letters.map((letter) => `(${letter})`).join("");
  }
  return [...(paragraph ? [paragraph] : []), ...letters.map((letter) => `${letter})`)].join(" ");
};

const resolved = (words, numbers, language) =>
  words.replace(/(?<!!)\[\]\(#b-([^()\s]+)\)/g, (whole, id) => (numbers.has(id) ? printed(numbers.get(id), language) : whole));

const named = (paragraph, language) => {
  if (paragraph.number) return printed(paragraph.number, document.documentElement.lang);
  const cells = [language, "en", ...LANGUAGES].map((one) => paragraph.texts?.[one]?.text);
  const words = (cells.find(Boolean) ?? paragraph.id).replace(/[*_`\\]/g, "");
  return say("quoted", { words: words.length > 40 ? `${words.slice(0, 40).trimEnd()}…` : words });
};

const placeOf = ({ kind, level, number }) => [kind, level, number].join("\n");

// Those that stand in one list alone, otherwise than in the other, or in another order.
const misplaced = (told, listed, place) => {
  const [ofTold, ofListed] = [told, listed].map((rows) => new Map(rows.map((row) => [row.id, place(row)])));
  const [left, right] = [told, listed].map((rows) => rows.filter(({ id }) => ofTold.has(id) && ofListed.has(id)));
  const longer = left.length < right.length ? right : left;
  return [
    ...told.filter(({ id }) => ofListed.get(id) !== ofTold.get(id)),
    ...listed.filter(({ id }) => !ofTold.has(id)),
    ...longer.map((_, at) => (left[at]?.id === right[at]?.id ? null : (left[at] ?? right[at]))).filter(Boolean),
  ];
};

const fingerprintOf = async (paragraphs) => {
  const lines = paragraphs.map(({ id, kind, level, sha256: hashes }) => {
    const sorted = Object.fromEntries(Object.keys(hashes).sort().map((language) => [language, hashes[language]]));
    return [id, kind, level, sorted];
  });
  return hex(await sha256(utf8.encode(JSON.stringify(lines))));
};

// What decisions.json must look like, for neither the manifest nor a signature binds its bytes.

const isText = (value) => typeof value === "string";
const isWhole = Number.isInteger;
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const orNull = (is) => (value) => value === null || is(value);
const orLeftOut = (is) => (value) => value === undefined || is(value);
const listOf = (is) => (value) => Array.isArray(value) && value.every(is);
const mapOf = (is) => (value) => isObject(value) && Object.values(value).every(is);
const shaped = (fields) => (value) => isObject(value) && Object.entries(fields).every(([name, is]) => is(value[name]));
const numbers = orLeftOut(listOf(isWhole));
const isDecisions = shaped({
  format: orLeftOut(isText),
  entries: listOf(shaped({ sequence: isWhole, leaf: isText, path: listOf(isText), entry: orNull(isText) })),
  paragraphs: listOf(
    shaped({
      id: isText,
      number: isText,
      texts: mapOf(orNull(shaped({ entry: isWhole, kind: isText, decisions: numbers, amendments: numbers }))),
    }),
  ),
  publication: orNull(isWhole),
  rows: orLeftOut(mapOf(listOf(isText))),
});
const hasFractions = (words) => /\d[.eE]/.test(words.replace(/"(?:[^"\\]|\\.)*"/g, ""));

class Looking {
  constructor(files, trust) {
    Object.assign(this, { files, trust, findings: [], troubles: [], vouchers: [], notes: [], facts: {} });
    this.isProved = false;
  }

  find(what, values = {}) {
    this.findings.push([what, values]);
  }

  decoded(file) {
    if (!this.files.has(file)) this.find("file_missing", { file });
    else {
      try {
        return JSON.parse(text(this.files.get(file)));
      } catch {
        this.find("file_unreadable", { file });
      }
    }
    return null;
  }

  async guarded(file, look) {
    try {
      return await look();
    } catch {
      this.find("file_unreadable", { file });
      return null;
    }
  }

  async all() {
    this.manifest = this.decoded("manifest.json");
    if (!this.manifest) return;
    this.facts.manifest = hex(await sha256(this.files.get("manifest.json")));
    this.facts.fingerprint = this.manifest.fingerprint;
    await this.guarded("manifest.json", () => this.everyFile());
    this.told = this.decoded("declaration.json");
    if (this.told) await this.guarded("declaration.json", () => this.everyText());
    if (this.files.has("checkpoint.txt")) {
      this.note = await this.guarded("checkpoint.txt", () => readNote(text(this.files.get("checkpoint.txt"))));
    } else this.notes.push("unproved");
    await this.guarded("decisions.json", () => this.everyDecision());
    await this.guarded("key.pem", () => this.signature());
    if (this.note) await this.checkpoint();
  }

  async everyFile() {
    const { files, fingerprint, paragraphs } = this.manifest;
    for (const [file, digest] of Object.entries(files)) {
      if (!this.files.has(file)) this.find("file_missing", { file });
      else if (hex(await sha256(this.files.get(file))) !== digest) this.find("file_altered", { file });
    }
    for (const file of this.files.keys()) if (!Object.hasOwn(files, file) && !OWN.has(file)) this.find("file_unknown", { file });
    if ((await fingerprintOf(paragraphs)) !== fingerprint) this.find("fingerprint_differs", { file: "manifest.json" });
  }

  async everyText() {
    const file = "declaration.json";
    // What is printed around the text (signatories, reservations, annexes) is listed after it.
    const [told, listed] = [this.told, this.manifest].map(({ paragraphs, added }) => [...paragraphs, ...(added ?? [])]);
    if (this.told.fingerprint !== this.manifest.fingerprint || this.told.edition !== this.manifest.edition) {
      this.find("fingerprint_differs", { file });
    }
    for (const part of ["paragraphs", "added"]) {
      const wrong = misplaced(this.told[part] ?? [], this.manifest[part] ?? [], placeOf);
      for (const one of wrong) this.find("paragraph_differs", { file, paragraph: named(one) });
    }
    const known = new Map(listed.map((one) => [one.id, one.sha256]));
    const numbers = new Map(this.told.paragraphs.filter((one) => one.number).map((one) => [one.id, one.number]));
    let count = 0;
    for (const one of told) {
      for (const language of LANGUAGES) {
        const cell = one.texts[language] ?? {};
        const digest = known.get(one.id)?.[language] ?? null;
        let isGood = digest === null;
        if (typeof cell.text === "string") {
          const words = one.kind === "code" ? cell.text : resolved(cell.text, numbers, language);
          const found = hex(await sha256(utf8.encode(cell.text)));
          isGood = found === cell.sha256 && found === digest && words === cell.printed;
          count += 1;
        }
        if (!isGood && known.has(one.id)) this.find("text_altered", { file, paragraph: named(one, language), language });
      }
    }
    this.facts.count = count;
    const altered = new Set(this.findings.filter(([what]) => what === "file_altered").map(([, { file: name }]) => name));
    const wordsOf = (name) => (altered.has(name) ? new TextDecoder().decode(this.files.get(name)) : null);
    for (const { file: name, paragraph, language } of differing(this.told, LANGUAGES, wordsOf)) {
      this.find("text_differs", { file: name, paragraph: named(paragraph, language), language });
    }
  }

  async everyDecision() {
    if (!this.files.has("decisions.json")) {
      this.find("file_missing", { file: "decisions.json" });
      return;
    }
    const words = text(this.files.get("decisions.json"));
    const told = JSON.parse(words);
    if (!isDecisions(told) || hasFractions(words)) throw new Unreadable();
    for (const one of misplaced(told.paragraphs, this.manifest.paragraphs, ({ number }) => number)) {
      this.find("paragraph_differs", { file: "decisions.json", paragraph: named(this.asTold(one)) });
    }
    await this.everyRow(told.rows ?? {});
    const entries = new Map();
    for (const one of told.entries) entries.set(one.sequence, await this.entry(one));
    for (const one of told.paragraphs) {
      const listed = this.manifest.paragraphs.find(({ id }) => id === one.id);
      for (const language of LANGUAGES) {
        const cause = one.texts[language];
        if (!listed || (cause && !this.isCause(cause, listed, language, entries))) {
          this.find("text_not_decided", { paragraph: named(this.asTold(one), language), language });
        }
      }
    }
    if (told.publication === null) return;
    const published = entries.get(told.publication);
    const { manifest, fingerprint } = published?.facts ?? {};
    if (published?.kind !== "edition.published" || manifest !== this.facts.manifest || fingerprint !== this.facts.fingerprint) {
      this.find("not_published", { file: "manifest.json", entry: told.publication });
    } else {
      this.isProved = Boolean(this.note);
      if ((published.facts.corrects ?? null) !== (this.manifest.corrects?.manifest ?? null)) {
        this.find("lineage_differs", { file: "manifest.json", entry: told.publication });
      }
    }
  }

  async everyRow(told) {
    const file = "decisions.json";
    const listed = Object.keys(told).length ? this.decoded("record.json")?.rows : {};
    for (const [name, rows] of Object.entries(told)) {
      const known = new Set(listed?.[name]);
      for (const row of rows) {
        if (known.has(hex(await sha256(utf8.encode(row))))) continue;
        const [, key] = row.match(/"(?:id|recommendation_id)":"([^"]+)"/) ?? [];
        this.find("record_differs", { file, paragraph: say("quoted", { words: `${name} ${key ?? ""}`.trim() }) });
      }
    }
  }

  asTold(one) {
    return this.told?.paragraphs.find(({ id }) => id === one.id) ?? one;
  }

  async entry({ sequence, leaf, path, entry }) {
    const said = entry === null ? null : JSON.parse(entry);
    const words = entry === null ? null : await sha256(joined(Uint8Array.of(0), utf8.encode(entry)));
    const isOwn = entry === null || (said.sequence === sequence && hex(words) === leaf);
    const proof = isIncluded(leaf, sequence - 1, this.note?.size ?? 0, path, this.note?.root);
    const isIn = !this.note || (await proof.catch(() => false));
    if (!isOwn || !isIn) this.find("entry_altered", { entry: sequence });
    return said;
  }

  // Nothing is asked of an entry whose words are kept back; its hash is in the log.
  isCause(cause, listed, language, entries) {
    const entry = entries.get(cause.entry);
    if (!entry) return entry === null;
    const digest = listed.sha256[language];
    if (digest === null) return entry.facts.block === listed.id && entry.facts.language === language;
    const moves = (entry.facts.heads ?? []).filter((move) => move.block === listed.id && move.language === language);
    if (moves.at(-1)?.to.hash !== digest || cause.kind !== (entry.facts.cause ?? entry.kind)) return false;
    const ids = new Set(entry.facts.decisions ?? []);
    const decided = (cause.decisions ?? []).map((sequence) => entries.get(sequence)?.facts).filter(Boolean);
    const every = [...entries.values()].filter((one) => one?.kind === "amendment.proposed");
    const filed = new Map(every.map(({ facts }) => [facts.amendment, facts.number]));
    const adopted = new Set(decided.filter(({ amendment }) => amendment).map(({ amendment }) => filed.get(amendment) ?? 0));
    const sorted = [...adopted].sort((one, other) => one - other);
    return decided.every(({ decision }) => ids.has(decision)) && (cause.amendments ?? []).join() === sorted.join();
  }

  async signature() {
    if (!this.files.has("manifest.json.sig")) {
      this.notes.push("unsigned");
      return;
    }
    if (!this.files.has("key.pem")) {
      this.find("file_missing", { file: "key.pem" });
      return;
    }
    const kept = text(this.files.get("key.pem"));
    this.key = await readKey(kept.split("\n")[0]);
    if (kept !== keyFile(this.key)) this.find("file_altered", { file: "key.pem" });
    const answer = await isSigned(this.key, this.files.get("manifest.json"), this.files.get("manifest.json.sig"));
    if (answer === null) this.notes.push("no_signatures");
    else if (answer) this.judge(this.key, "manifest.json.sig", "signature");
    else if (this.isProved) this.troubles.push(["wrong_signature", { file: "manifest.json.sig", key: this.key.hint }]);
    else this.find("file_altered", { file: "manifest.json" });
  }

  judge(key, file, voucher) {
    const isOne = (other) => same(other.raw, key.raw);
    if (this.trust.revoked.some(isOne)) this.troubles.push(["revoked_key", { file, key: key.hint }]);
    else if (this.trust.keys.some(isOne)) this.vouchers.push(voucher);
    else if (this.trust.keys.length) this.troubles.push(["unknown_key", { file, key: key.hint }]);
  }

  async checkpoint() {
    const file = "checkpoint.txt";
    const known = [...this.trust.keys, ...this.trust.revoked, ...(this.key ? [this.key] : [])];
    const pairs = this.note.signatures.flatMap((one) => known.filter((key) => key.hint === one.hint).map((key) => [key, one]));
    const answers = await Promise.all(pairs.map(([key, one]) => isSigned(key, utf8.encode(this.note.body), one.signature)));
    const valid = pairs.find(([key, one], place) => answers[place] && key.name === one.name);
    if (valid) {
      if (this.isProved) this.judge(valid[0], file, "checkpoint");
    } else if (answers.includes(null)) {
      if (!this.notes.includes("no_signatures")) this.notes.push("no_signatures");
    } else if (pairs.length) this.troubles.push(["wrong_signature", { file, key: pairs[0][0].hint }]);
    else if (this.trust.keys.length) this.troubles.push(["unknown_key", { file, key: this.note.signatures[0].hint }]);
    const kept = this.trust.note;
    if (!kept) return;
    if (kept.origin !== this.note.origin) this.find("other_log", { file });
    else if (kept.size === this.note.size) {
      if (!same(kept.root, this.note.root)) this.find("checkpoint_differs", { file, entry: kept.size });
      else if (this.isProved) this.vouchers.push("outside_checkpoint");
    }
  }

  get verdict() {
    if (this.findings.length) return "altered";
    if (this.troubles.length) return "key_trouble";
    return this.vouchers.length ? "good" : "not_provable";
  }
}

// The page

const form = document.querySelector("[data-verify]");
const words = JSON.parse(form.dataset.words);
const languages = JSON.parse(form.dataset.languages);
const panel = form.querySelector("[data-verdict]");
const chooser = form.querySelector("#bundle");
const area = chooser.closest(".drop");

const say = (word, values = {}) =>
  words[word].replace(/\{(\w+)\}/g, (_, name) => (name === "language" ? (languages[values.language] ?? "") : (values[name] ?? "")));

const show = (verdict, heading, lines, facts = {}) => {
  panel.dataset.verdict = verdict;
  panel.querySelector("h2").textContent = heading;
  panel.querySelector("ul").replaceChildren(
    ...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
  );
  panel.querySelector("dl").hidden = !facts.manifest;
  for (const place of panel.querySelectorAll("[data-fact]")) place.textContent = facts[place.dataset.fact] ?? "";
  panel.hidden = false;
};

const readTrust = async () => {
  const lines = form.querySelector("#keys").value.split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  const trust = { keys: [], revoked: [], note: null };
  try {
    for (const line of lines) {
      const isRevoked = line.startsWith("revoked ");
      (isRevoked ? trust.revoked : trust.keys).push(await readKey(line.replace(/^revoked /, "")));
    }
  } catch {
    return "bad_key";
  }
  const kept = form.querySelector("#checkpoint").value.trim();
  try {
    if (kept) trust.note = readNote(`${kept}\n`);
  } catch {
    return "bad_checkpoint";
  }
  return trust;
};

const titles = ({ declaration, forum }) => {
  const [here, there] = [declaration, forum].map((title) => title?.[document.documentElement.lang] ?? "");
  return { declaration: here, forum: there };
};

let chosen = null;

const look = async () => {
  if (!chosen) return;
  if (!globalThis.crypto?.subtle) {
    show("not_provable", say("insecure"), []);
    return;
  }
  show("", say("reading"), []);
  const trust = await readTrust();
  if (typeof trust === "string") {
    show("not_provable", say(trust), []);
    return;
  }
  let files;
  try {
    if (chosen.size > MOST_BYTES) throw new Unreadable("too_large");
    files = await unzipped(await chosen.arrayBuffer());
  } catch ({ reason = "not_an_archive", member }) {
    show("altered", say("unreadable"), [say(reason, { member })]);
    return;
  }
  const looking = new Looking(files, trust);
  await looking.all();
  const { findings, troubles, vouchers, notes, facts, verdict, manifest, told } = looking;
  const lines = [...findings, ...troubles].map(([word, values]) => say(word, values));
  if (verdict !== "altered" && manifest.corrects) lines.push(say("corrects", manifest.corrects));
  if (verdict !== "altered" && facts.count) lines.unshift(say("checked", { ...titles(told), edition: manifest.edition, count: facts.count }));
  const isProvable = verdict !== "not_provable" || !["unsigned", "unproved"].every((one) => notes.includes(one));
  show(verdict, say(isProvable ? verdict : "unprovable"), [...new Set([...lines, ...notes.map((one) => say(one)), ...(verdict === "altered" ? [] : vouchers.map((one) => say(one)))])], facts);
};

form.addEventListener("submit", (event) => event.preventDefault());
chooser.addEventListener("change", () => {
  chosen = chooser.files[0] ?? null;
  look();
});
for (const field of form.querySelectorAll("textarea")) field.addEventListener("change", look);
for (const kind of ["dragenter", "dragover"]) {
  area.addEventListener(kind, (event) => {
    event.preventDefault();
    area.dataset.over = "";
  });
}
for (const kind of ["dragleave", "drop"]) area.addEventListener(kind, () => delete area.dataset.over);
area.addEventListener("drop", (event) => {
  event.preventDefault();
  chosen = event.dataTransfer.files[0] ?? null;
  look();
});
