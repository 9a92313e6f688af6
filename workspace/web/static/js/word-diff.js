// The difference between two texts in whole words: [kind, words] with kind "", "ins" or "del".
// For showing a change while it is typed; what is recorded is always compared again by the server.
const MOST_WORDS = 1500;
// A word, a reference to a note or to another paragraph, an escaped sign, or any other sign.
const PIECE = /[\p{L}\p{N}]+\s*|\[\^[^[\]\s]+\]\s*|\[\]\(#b-[^()\s]+\)\s*|\\?[^\p{L}\p{N}\s]\s*/gu;
const split = (text) => text.trim().match(PIECE) ?? [];
const same = (one, other) => one.trim() === other.trim();

export const diff = (before, after) => {
  const old = split(before);
  const now = split(after);
  if (old.length > MOST_WORDS || now.length > MOST_WORDS) return before === after ? [["", after]] : [["del", before], ["ins", after]];
  const common = longestCommon(old, now);
  const parts = [];
  const put = (kind, word) => {
    const last = parts.at(-1);
    if (last?.[0] === kind) last[1] += word;
    else parts.push([kind, word]);
  };
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && same(old[i], now[j])) {
      put("", now[j]);
      i += 1;
      j += 1;
    } else if (i < old.length && (j >= now.length || common[i + 1][j] >= common[i][j + 1])) {
      put("del", old[i]);
      i += 1;
    } else {
      put("ins", now[j]);
      j += 1;
    }
  }
  return parts;
};

const longestCommon = (old, now) => {
  const table = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      table[i][j] = same(old[i], now[j]) ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table;
};
