// Cuts the bench's answers as real vocabularies do; once, for pieces.json. Packages of that day:
//   npm install llama3-tokenizer-js@1.2.0 llama-tokenizer-js@1.2.2 gpt-3-encoder@1.1.4
//   python -m tests.bench.pieces | node tests/bench/pieces.mjs > tests/bench/pieces.json
// All three are under the MIT licence. What is kept are the bench's own sentences, cut; nothing
// of a vocabulary beyond that.
import { readFileSync } from "node:fs";
import gpt2 from "gpt-3-encoder";
import llama2 from "llama-tokenizer-js";
import llama3 from "llama3-tokenizer-js";

// Words with the space before each, as a JSON list, become chunks.json with the argument `chunks`.
const chunks = process.argv[2] === "chunks";
const texts = JSON.parse(readFileSync(0, "utf8"));

// A piece is what each further token adds to the text: what a server streams.
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
  llama3: (text) => {
    const tokens = llama3.encode(text, { bos: false, eos: false });
    return pieces(tokens, (some) => llama3.decode(some));
  },
  llama2: (text) => {
    const tokens = llama2.encode(text, false, false);
    return pieces(tokens, (some) => llama2.decode(some, false, false));
  },
  gpt2: (text) => pieces(gpt2.encode(text), gpt2.decode),
};

// A word is cut as within a text: no vocabulary has a piece that reaches over the space before it.
const within = (cut) => (word) => {
  const [first, ...rest] = cut("," + word);
  return first === "," ? rest : [word];
};
const several = (cut) => texts.map(within(cut)).filter((found) => found.length > 1);
const table = Object.entries(cuts)
  .filter(([name]) => !chunks || name !== "gpt2")
  .map(([name, cut]) => [name, chunks ? several(cut) : texts.map(cut)]);
process.stdout.write(JSON.stringify(Object.fromEntries(table), null, 1) + "\n");
