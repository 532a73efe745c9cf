// Lines of chat and what became of them. All words are text: Vue's {{ }} escapes them.
const MOST = 300;

export default {
  props: { canAnswer: Boolean },
  data() { return { lines: [], places: {}, filter: "", stays: true, open: null }; },
  computed: {
    shown() {
      const wanted = this.filter.trim().toLowerCase();
      if (!wanted) return this.lines;
      return this.lines.filter((line) => `${line.user} ${line.text} ${line.fate} ${line.reason}`.toLowerCase().includes(wanted));
    },
  },
  methods: {
    add(lines) {
      for (const line of lines) {
        const known = this.lines.findIndex((each) => each.id === line.id);
        if (known >= 0) this.lines.splice(known, 1, line);
        else this.lines.push(line);
      }
      if (this.lines.length > MOST) this.lines.splice(0, this.lines.length - MOST);
      if (this.stays) this.$nextTick(() => { const box = this.$refs.box; if (box) box.scrollTop = box.scrollHeight; });
    },
    scrolled() {
      const box = this.$refs.box;
      this.stays = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
    },
    clock(iso) { return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" }); },
    parts(line) { return Object.entries(line.parts); },
    width(value) { return { width: `${Math.min(100, Math.abs(value) * 22)}%` }; },
    toggle(line) { this.open = this.open === line.id ? null : line.id; },
    down() { this.stays = true; const box = this.$refs.box; box.scrollTop = box.scrollHeight; },
  },
  template: `
  <div class="p-chat">
    <div class="p-chat-head">
      <input v-model="filter" type="search" placeholder="Find in chat: a name, a word, a reason" aria-label="Find in chat">
      <button v-if="!stays" type="button" class="p-small" @click="down">Newest ↓</button>
    </div>
    <ol ref="box" class="p-lines" @scroll.passive="scrolled" tabindex="0" aria-label="Chat">
      <li v-for="line in shown" :key="line.id" :class="['p-line', 'fate-' + (line.fate || 'none')]">
        <button type="button" class="p-line-main" @click="toggle(line)" :aria-expanded="open === line.id">
          <span class="p-time">{{ clock(line.time) }}</span>
          <span class="p-said"><b>{{ line.user }}</b> <span>{{ line.text }}</span></span>
          <span v-if="line.fate" class="p-fate">{{ line.fate }}<template v-if="line.reason && line.fate !== 'gone'"> · {{ line.reason }}</template></span>
        </button>
        <div v-if="open === line.id" class="p-more">
          <dl v-if="parts(line).length" class="p-parts">
            <div v-for="[name, value] in parts(line)" :key="name"><dt>{{ name }}</dt><dd><i :class="{ less: value < 0 }" :style="width(value)"></i><span>{{ value }}</span></dd></div>
            <div class="p-sum"><dt>score</dt><dd><span>{{ line.score }}</span></dd></div>
          </dl>
          <p v-else class="p-none">{{ line.fate ? 'No score: decided by a rule.' : 'Not decided yet, or counted with others.' }}</p>
          <div class="p-do" v-if="line.fate !== 'gone'">
            <button v-if="canAnswer" type="button" class="p-small" @click="$emit('answer', line.id)">Answer this</button>
            <button type="button" class="p-small" @click="$emit('retract', line.id)">Take back</button>
            <button type="button" class="p-small danger" @click="$emit('forget', { id: line.user_id, user: line.user })">Forget {{ line.user }}</button>
          </div>
        </div>
      </li>
      <li v-if="!shown.length" class="p-empty">{{ filter ? 'Nothing like that in the last lines.' : 'Chat is quiet. Lines show here as they come.' }}</li>
    </ol>
  </div>`,
};
