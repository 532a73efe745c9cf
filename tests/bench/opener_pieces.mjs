// Cuts answers with openers as real vocabularies do, with the packages that pieces.mjs names:
//   python -m tests.bench.opener_pieces | node tests/bench/opener_pieces.mjs > tests/bench/opener_pieces.json
// Heads and tails stand alone in the table: each pair was cut as one text first.
import { readFileSync } from "node:fs";
import gpt2 from "gpt-3-encoder";
import llama2 from "llama-tokenizer-js";
import llama3 from "llama3-tokenizer-js";

const forms = JSON.parse(readFileSync(0, "utf8"));

function pieces(tokens, decode) {
  let before = "";
  return tokens.map((_, at) => {
    const text = decode(tokens.slice(0, at + 1));
    const piece = text.slice(before.length);
    before = text;
    return piece;
  });
}

const cuts = {
  llama3: (text) =>
    pieces(llama3.encode(text, { bos: false, eos: false }), (some) => llama3.decode(some)),
  llama2: (text) =>
    pieces(llama2.encode(text, false, false), (some) => llama2.decode(some, false, false)),
  gpt2: (text) => pieces(gpt2.encode(text), gpt2.decode),
};

// Where the border of a pair lies between two pieces; null: one piece spans it.
function parted(all, head) {
  let length = 0;
  for (let at = 0; at < all.length; at++) {
    if (length === head.length) return [all.slice(0, at), all.slice(at)];
    length += all[at].length;
  }
  return null;
}

function table(cut) {
  const found = new Map();
  for (const { heads, tails } of forms) {
    for (const head of heads) {
      for (const tail of tails) {
        const pair = parted(cut(head + tail), head);
        if (!pair) throw new Error(`one piece spans ${head}${tail}`);
        for (const each of pair) {
          const text = each.join("");
          const before = found.get(text);
          if (before && before.join("\n") !== each.join("\n")) throw new Error(`two ways: ${text}`);
          found.set(text, each);
        }
      }
    }
  }
  return [...found.values()];
}

const written = Object.entries(cuts).map(([name, cut]) => [name, table(cut)]);
process.stdout.write(JSON.stringify(Object.fromEntries(written)) + "\n");
