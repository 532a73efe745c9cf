// The face: which mouth when, blinking, and how a feeling fades. Times are performance.now(), in ms.

export const EMOTIONS = ["neutral", "happy", "excited", "sad", "angry", "surprised", "confused",
  "thinking", "love", "laugh"];
export const SHAPES = ["rest", "m", "a", "e", "i", "o", "u", "f"];
export const POSES = ["idle", "listening", "thinking", "speaking"];

const LOST_MS = 700;  // a stream of which no news came for so long is no longer believed
const CALM_MS = 12000;  // a feeling lasts so long behind the last word
const MOST_KEYS = 20000;

/** The tracks of the streams, and the mouth at a moment. */
export class Lips {
  constructor() { this.tracks = new Map(); }

  add(stream, keys) {
    const track = this.track(stream);
    for (const [at, shape] of keys) {
      if (SHAPES.includes(shape) && track.keys.length < MOST_KEYS) track.keys.push([at, shape]);
    }
  }

  /** A node has played so much of it; `late` is how much later it is heard here. */
  played(stream, ms, state, now, late) {
    if (state !== "started" && state !== "progress") { this.tracks.delete(stream); return; }
    const track = this.track(stream);
    const began = now - ms + (state === "started" ? late : 0);
    if (track.began === null || (state === "progress" && ms > 0)) track.began = began;
    track.heard = now;
  }

  shape(now) {
    for (const track of this.tracks.values()) {
      if (track.began === null || now - track.heard > LOST_MS) continue;
      return at(track.keys, now - track.began);
    }
    return "rest";
  }

  track(stream) {
    let track = this.tracks.get(stream);
    if (!track) {
      track = { keys: [], began: null, heard: 0 };
      this.tracks.set(stream, track);
      if (this.tracks.size > 8) this.tracks.delete(this.tracks.keys().next().value);
    }
    return track;
  }
}

/** The last key that is not after that moment, by halving. */
export function at(keys, ms) {
  let low = 0, high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle][0] <= ms) low = middle + 1; else high = middle;
  }
  return low ? keys[low - 1][1] : "rest";
}

/** Draws onto the body's data attributes; a set of pictures goes by the same ones. */
export class Face {
  constructor(body, lips, pictures) {
    this.body = body; this.lips = lips; this.pictures = pictures;
    this.fixed = null; this.emotion = "neutral"; this.pose = "idle"; this.calmAt = null;
    this.blinkAt = 0; this.blinkEnd = 0;
  }

  feel(emotion) {
    this.emotion = EMOTIONS.includes(emotion) ? emotion : "neutral";
    this.calmAt = null;
    this.put("emotion", this.emotion);
  }

  stand(pose) {
    const next = POSES.includes(pose) ? pose : "idle";
    if (this.pose === "speaking" && next !== "speaking") this.calmAt = performance.now() + CALM_MS;
    this.pose = next;
    this.put("pose", next);
  }

  step(now) {
    this.put("mouth", this.fixed || this.lips.shape(now));
    if (this.calmAt !== null && now > this.calmAt && this.pose !== "speaking") this.feel("neutral");
    if (this.body.dataset.still !== "yes" && now > this.blinkAt) {
      this.put("blink", "yes");
      this.blinkEnd = now + 110;
      this.blinkAt = now + 2200 + Math.random() * 3800;
    } else if (now > this.blinkEnd) this.put("blink", "no");
    if (this.pictures) this.pictures.show(this.emotion, this.body.dataset.mouth, this.body.dataset.blink === "yes");
  }

  put(name, value) { if (this.body.dataset[name] !== value) this.body.dataset[name] = value; }
}

/** The owner's own pictures: `happy-a.png`, else `happy-open.png`, `happy.png`, `neutral-…`. */
export class Pictures {
  constructor(image, face, names) {
    this.image = image; this.face = face; this.names = new Set(names); this.now = "";
  }

  show(emotion, mouth, blink) {
    const open = mouth === "rest" || mouth === "m" ? "closed" : "open";
    const wanted = [];
    for (const each of [emotion, "neutral"]) {
      if (blink && open === "closed") wanted.push(`${each}-blink.png`);
      wanted.push(`${each}-${mouth}.png`, `${each}-${open}.png`, `${each}.png`);
    }
    const name = wanted.find((each) => this.names.has(each));
    if (name && name !== this.now) {
      this.now = name;
      this.image.src = `/overlay/faces/${this.face}/${name}`;
    }
  }
}
