// The overlay: follows the co-host over /ws/avatar. Whatever chat wrote is text, never markup.

import { EMOTIONS, Face, Lips, Pictures, POSES, SHAPES } from "./face.js";
import { Speaker } from "./speaker.js";

const asked = new URLSearchParams(location.search);
const body = document.body;
const find = (id) => document.getElementById(id);
const oneOf = (name, allowed, usual) => (allowed.includes(asked.get(name)) ? asked.get(name) : usual);
const on = (name) => !["0", "no", "off"].includes(asked.get(name) || "");
const WORD_MS = 62;  // a letter at the pace of speech
const LINGER_MS = 1400, LONGEST = 170;

body.dataset.theme = oneOf("theme", ["garden", "night", "paper", "clear"], "garden");
body.dataset.side = oneOf("side", ["left", "right", "center"], "left");
body.dataset.at = oneOf("at", ["bottom", "top"], "bottom");
body.dataset.face = on("face") ? "pickle" : "none";
const still = asked.get("motion") === "0" || matchMedia("(prefers-reduced-motion: reduce)").matches;
body.dataset.still = still ? "yes" : "no";
const size = Number(asked.get("size"));
if (asked.get("size") === "fit") body.dataset.size = "fit";
if (size >= 40 && size <= 2000) document.documentElement.style.setProperty("--size", `${size}px`);

const lips = new Lips();
const face = new Face(body, lips, null);
if (SHAPES.includes(asked.get("mouth"))) face.fixed = asked.get("mouth");
const shown = {};
let speaker = null;

const own = asked.get("png");
if (own && /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/.test(own)) {
  fetch(`/overlay/faces/${own}`).then((answer) => answer.json()).then((names) => {
    if (!names.length) return;
    face.pictures = new Pictures(find("picture"), own, names);
    find("picture").hidden = false;
    find("pickle").setAttribute("hidden", "");
  }).catch(() => {});
}

/* captions: the words of a clause one after the other, behind those of the same answer */
const caption = { before: "", now: "", timers: [], gone: null, coming: null };

function write(text) {
  caption.timers.forEach(clearTimeout);
  caption.timers = [];
  const box = find("caption");
  if (!text) {
    for (const each of box.querySelectorAll(".said")) each.classList.add("on");
    clearTimeout(caption.gone);
    caption.gone = setTimeout(clearWords, LINGER_MS);
    return;
  }
  clearTimeout(caption.gone);
  caption.before = caption.now ? `${caption.before} ${caption.now}`.trim() : "";
  if (caption.before.length + text.length > LONGEST) caption.before = "";
  caption.now = text;
  box.replaceChildren();
  if (caption.before) box.append(span(`${caption.before} `, "before"));
  let letters = 0;
  for (const word of text.split(/(?<=\s)/)) {
    const said = span(word, "said");
    box.append(said);
    caption.timers.push(setTimeout(() => said.classList.add("on"), letters * WORD_MS));
    letters += word.length;
  }
  box.hidden = !on("captions");
}

function clearWords() {
  clearTimeout(caption.coming);
  caption.before = caption.now = "";
  find("caption").hidden = true;
  find("caption").replaceChildren();
  if (!shown.card) find("card").hidden = true;
}

function span(text, name) {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = text;
  return made;
}

function deal(card) {
  if (!card) {
    if (find("caption").hidden) find("card").hidden = true;
    return;
  }
  find("card-user").textContent = card.user;
  find("card-text").textContent = card.text;
  find("card-count").textContent = card.count > 1 ? `and ${card.count - 1} more` : "";
  find("card").hidden = !on("card");
}

function ask(question) {
  find("question").hidden = !question || !on("question");
  if (!question) return;
  find("question-count").textContent = question.count > 1 ? `×${question.count}` : "";
  find("question-text").textContent = question.text;
}

/* what the server says */
function apply(change) {
  if ("retracted" in change && shown.retracted !== undefined && change.retracted !== shown.retracted) {
    if ("card" in change && !change.card) {  // what a moderator took back is gone at once
      clearWords();
      find("card").hidden = true;
    }
  }
  if ("turn" in change && change.turn !== shown.turn) caption.now = "";
  Object.assign(shown, change);
  if ("emotion" in change && !asked.has("emotion")) face.feel(change.emotion);
  if ("pose" in change && !asked.has("pose")) face.stand(change.pose);
  if ("muted" in change) body.dataset.muted = change.muted ? "yes" : "no";
  if ("caption" in change) {  // words come with the sound of this page, where it is the mouth
    clearTimeout(caption.coming);
    if (change.caption && speaker && speaker.running) {
      caption.coming = setTimeout(() => write(change.caption), speaker.late);
    } else write(change.caption);
  }
  if ("card" in change) deal(change.card);
  if ("question" in change) ask(change.question);
  if ("daemon" in change || "broker" in change) away();
}

function away() {
  const gone = !shown.daemon && !asked.has("emotion");
  body.dataset.away = gone ? "yes" : "no";
  if (gone) { write(""); ask(null); deal(null); }
  document.title = gone ? `pickled: ${shown.broker ? "the co-host is away" : "no connection"}` : "pickled: overlay";
  if (asked.get("tell") === "1") {
    tell(gone ? (shown.broker ? "The co-host is not running." : "No connection to the broker.") : "");
  }
}

function tell(text) {
  find("trouble").textContent = text;
  find("trouble").hidden = !text;
}

const takes = {
  hello: (message) => apply(message),
  state: (message) => apply(message),
  lips: (message) => lips.add(message.stream, message.k),
  played: (message) => lips.played(message.stream, message.ms, message.state, performance.now(),
    speaker && speaker.running ? speaker.late : 0),
};

const socketUrl = (path) => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
let wait = 500;

function connect() {
  const socket = new WebSocket(socketUrl("/ws/avatar?audio=0"));
  socket.onopen = () => { wait = 500; lips.tracks.clear(); };
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    const take = takes[message.type];
    if (take) take(message);
  };
  socket.onclose = () => {
    apply({ broker: false, daemon: false });
    setTimeout(connect, wait);
    wait = Math.min(wait * 1.6, 3000);
  };
}

if (asked.get("sound") === "1") {
  speaker = new Speaker(socketUrl("/ws/mouth"), (kind, text) => {
    find("unblock").hidden = kind !== "blocked";
    tell(text);
  });
  const unblock = () => speaker.unblock();
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, unblock);
  speaker.start();
}
if (EMOTIONS.includes(asked.get("emotion"))) {
  face.feel(asked.get("emotion"));
  body.dataset.away = "no";
}
if (POSES.includes(asked.get("pose"))) face.stand(asked.get("pose"));
connect();

const step = () => { face.step(performance.now()); requestAnimationFrame(step); };
requestAnimationFrame(step);
