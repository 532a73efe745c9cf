// The last answers: for whom, why, what was said and heard, and where the time went.
const NAMES = { gate: "wait", recall: "recall", llm_first_token: "model", first_clause: "clause", safety: "safety", tts_first_byte: "voice", first_sound: "sound" };
const MOST = 12;

export default {
  data() { return { answers: [] }; },
  methods: {
    add(answers) {
      for (const answer of answers) {
        const known = this.answers.findIndex((each) => each.turn === answer.turn);
        if (known >= 0) this.answers.splice(known, 1, answer);
        else this.answers.unshift(answer);
      }
      this.answers.splice(MOST);
    },
    unheard(answer) {
      return answer.outcome && answer.heard && answer.text.startsWith(answer.heard) ? answer.text.slice(answer.heard.length) : "";
    },
    stages(answer) {
      const all = Object.entries(answer.stages).filter(([name]) => NAMES[name]);
      const sum = all.reduce((total, [, ms]) => total + ms, 0) || 1;
      return all.map(([name, ms]) => ({ key: name, name: NAMES[name], ms: Math.round(ms), style: { flexGrow: Math.max(ms / sum, 0.004) } }));
    },
    took(ms) { return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`; },
    clock(iso) { return iso ? new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : ""; },
  },
  template: `
  <div class="p-answers" tabindex="0" role="region" aria-label="Last answers">
    <article v-for="answer in answers" :key="answer.turn" :class="['p-answer', answer.outcome ? 'over' : 'now']">
      <header>
        <span :class="['p-mood', 'mood-' + answer.emotion]">{{ answer.emotion }}</span>
        <span class="p-why" v-if="answer.reason">{{ answer.reason }}<template v-if="answer.count > 1"> ×{{ answer.count }}</template></span>
        <span class="p-outcome" v-if="answer.outcome && answer.outcome !== 'finished'">{{ answer.outcome }}</span>
        <span class="p-live" v-if="!answer.outcome">speaking</span>
        <time>{{ clock(answer.time) }}</time>
      </header>
      <p class="p-asked" v-if="answer.asked || answer.user"><b>{{ answer.user }}</b> {{ answer.asked }}</p>
      <p class="p-text"><template v-if="unheard(answer)">{{ answer.heard }}<s>{{ unheard(answer) }}</s></template><template v-else>{{ answer.text }}</template></p>
      <div class="p-trace" v-if="stages(answer).length" :title="stages(answer).map((s) => s.name + ' ' + s.ms + ' ms').join(', ')">
        <div class="p-bars" aria-hidden="true"><i v-for="stage in stages(answer)" :key="stage.key" :class="'st-' + stage.key" :style="stage.style"></i></div>
        <span v-if="answer.total">{{ took(answer.total) }} to the first sound</span>
      </div>
    </article>
    <p v-if="!answers.length" class="p-empty">Nothing said yet.</p>
  </div>`,
};
