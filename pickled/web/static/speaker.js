// The page as the co-host's mouth: plays the blocks that it is given, and says what was heard.

const RATE = 24000, BLOCK = 480;
const LEAST_S = 0.06, MOST_S = 0.3, FADE_S = 0.012, TELL_MS = 60;

export class Speaker {
  constructor(url, show) {
    this.url = url; this.show = show;  // show(kind, text): "blocked", "trouble", "well"
    this.context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    this.socket = null; this.wait = 500; this.lead = LEAST_S; this.replaced = false;
    this.base = null;  // when sample 0 would have been heard, by the context's clock
    this.end = 0; this.skipTo = 0; this.sources = new Set(); this.gain = this.newGain();
    this.context.onstatechange = () => this.tellState();
    setInterval(() => this.tellHeard(), TELL_MS);
  }

  /** From the arrival of a sample until it is heard, ms. */
  get late() { return (this.lead + this.device) * 1000; }
  get device() { return (this.context.baseLatency || 0) + (this.context.outputLatency || 0); }
  get running() { return this.context.state === "running"; }

  start() {
    if (this.replaced) return;
    const socket = this.socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => {
      if (typeof event.data === "string") this.told(JSON.parse(event.data));
      else this.play(event.data);
    };
    socket.onopen = () => { this.wait = 500; };
    socket.onclose = (event) => {
      this.silence(0);
      if (event.code === 4001) {
        this.replaced = true;
        this.show("trouble", "Another page has the sound now.");
        return;
      }
      setTimeout(() => this.start(), this.wait);
      this.wait = Math.min(this.wait * 1.6, 3000);
    };
    if (!this.running) this.context.resume().catch(() => {});
  }

  unblock() { this.context.resume().then(() => this.tellState()).catch(() => {}); }

  told(message) {
    if (message.type === "ready") { this.silence(0); this.tellState(); }
    else if (message.type === "clear") this.silence(message.block);
    else if (message.type === "trouble") this.show("trouble", String(message.text));
  }

  tellState() {
    this.show(this.running ? "well" : "blocked", "");
    this.send({ type: "sound", running: this.running });
  }

  tellHeard() {
    if (this.base === null || !this.running) return;
    const now = this.context.currentTime;
    if (now > this.end + 0.3) return;
    this.send({ type: "heard", samples: Math.round((now - this.device - this.base) * RATE) });
  }

  send(message) {
    if (this.socket && this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  play(data) {
    const number = new DataView(data).getUint32(0, true);
    if (number < this.skipTo || !this.running) return;
    const pcm = new Int16Array(data, 4);
    const now = this.context.currentTime;
    const idle = this.base === null || now > this.end + 0.5;
    let when = idle ? 0 : this.base + number * BLOCK / RATE;
    if (idle || when < now) {
      if (!idle) {
        this.send({ type: "gap" });
        this.lead = Math.min(MOST_S, this.lead * 1.5);
      } else this.lead = Math.max(LEAST_S, this.lead * 0.95);
      when = now + this.lead;
      this.base = when - number * BLOCK / RATE;
    }
    const buffer = this.context.createBuffer(1, pcm.length, RATE);
    const samples = buffer.getChannelData(0);
    for (let i = 0; i < pcm.length; i++) samples[i] = pcm[i] / 32768;
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.gain);
    source.onended = () => this.sources.delete(source);
    source.start(when);
    this.sources.add(source);
    this.end = when + pcm.length / RATE;
  }

  /** What was given and not heard yet is dropped; older blocks that still come, too. */
  silence(block) {
    const now = this.context.currentTime;
    this.skipTo = block;
    this.gain.gain.setValueAtTime(1, now);
    this.gain.gain.linearRampToValueAtTime(0, now + FADE_S);
    for (const source of this.sources) { try { source.stop(now + FADE_S); } catch (error) { /* it never began */ } }
    this.sources.clear();
    this.gain = this.newGain();
    this.end = now; this.base = null;
  }

  newGain() {
    const gain = this.context.createGain();
    gain.connect(this.context.destination);
    return gain;
  }
}
